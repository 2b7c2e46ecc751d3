"""What is wrong with pay, pay on its way, its paper, questions, and what workers keep."""

from payouts.models.disputes import Dispute, Message
from payouts.models.evidence import Draft, Entry, OwnExport, Release, Screenshot
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
    "Dispute",
    "Draft",
    "Entry",
    "Flag",
    "Message",
    "OwnExport",
    "PayItem",
    "PayRun",
    "Release",
    "Scan",
    "Screenshot",
    "SettlementEntry",
    "SettlementFile",
    "SettlementOutcome",
    "SettlementParty",
    "Statement",
    "TopUp",
]
