"""What is wrong with pay, and its paper: scans, flags, statements; and what banks report of it."""

from payouts.models.flags import Flag, Scan
from payouts.models.settlement import (
    SettlementEntry,
    SettlementFile,
    SettlementOutcome,
    SettlementParty,
)
from payouts.models.statements import Statement

__all__ = [
    "Flag",
    "Scan",
    "SettlementEntry",
    "SettlementFile",
    "SettlementOutcome",
    "SettlementParty",
    "Statement",
]
