"""What is wrong with pay, and its paper: scans, flags and statements."""

from payouts.models.flags import Flag, Scan
from payouts.models.statements import Statement

__all__ = ["Flag", "Scan", "Statement"]
