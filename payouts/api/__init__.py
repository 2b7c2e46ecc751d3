"""Endpoints of what is wrong with pay, and of its paper: flags, statements."""
