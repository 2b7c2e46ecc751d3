"""What is wrong with pay, pay on its way, what banks report of it, and its paper."""

from payouts.models.flags import Flag, Scan
from payouts.models.runs import PayItem, PayRun, TopUp
from payouts.models.settlement import (
    SettlementEntry,
    SettlementFile,
    SettlementOutcome,
    SettlementParty,
)
from payouts.models.statements import Statement

__all__ = [
    "Flag",
    "PayItem",
    "PayRun",
    "Scan",
    "SettlementEntry",
    "SettlementFile",
    "SettlementOutcome",
    "SettlementParty",
    "Statement",
    "TopUp",
]
