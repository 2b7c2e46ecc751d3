"""What is wrong with pay, pay on its way, and its paper."""

from payouts.models.flags import Flag, Scan
from payouts.models.runs import PayItem, PayRun, TopUp
from payouts.models.statements import Statement

__all__ = ["Flag", "PayItem", "PayRun", "Scan", "Statement", "TopUp"]
