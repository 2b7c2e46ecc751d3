"""What is wrong with pay, its paper, questions about it, and what workers keep for themselves."""

from payouts.models.disputes import Dispute, Message
from payouts.models.evidence import Draft, Entry, OwnExport, Release, Screenshot
from payouts.models.flags import Flag, Scan
from payouts.models.statements import Statement

__all__ = [
    "Dispute",
    "Draft",
    "Entry",
    "Flag",
    "Message",
    "OwnExport",
    "Release",
    "Scan",
    "Screenshot",
    "Statement",
]
