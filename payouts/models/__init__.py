"""What is wrong with pay, pay on its way, its paper, questions, and what workers keep."""

from payouts.models.disputes import Dispute, Message
from payouts.models.evidence import Draft, Entry, OwnExport, Release, Screenshot
from payouts.models.flag_events import FlagEvent, FlagWords
from payouts.models.flags import Flag, Scan
from payouts.models.looks import Look, LookAcross
from payouts.models.runs import PayItem, PayRun, TopUp
from payouts.models.settlement import (
    SettlementEntry,
    SettlementFile,
    SettlementOutcome,
    SettlementParty,
    SettlementTold,
)
from payouts.models.statements import Statement
from payouts.models.terms import PayingAccounts, PayoutFee

__all__ = [
    "Dispute",
    "Draft",
    "Entry",
    "Flag",
    "FlagEvent",
    "FlagWords",
    "Look",
    "LookAcross",
    "Message",
    "OwnExport",
    "PayItem",
    "PayRun",
    "PayingAccounts",
    "PayoutFee",
    "Release",
    "Scan",
    "Screenshot",
    "SettlementEntry",
    "SettlementFile",
    "SettlementOutcome",
    "SettlementParty",
    "SettlementTold",
    "Statement",
    "TopUp",
]
