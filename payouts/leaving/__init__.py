"""How a vendor's pay leaves: through which accounts, and what their statements prove of it."""
