"""The codes of a statement in words: kinds of work and of pay, states of money, verdicts, ages."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PAY_LINES: dict[str, Promise] = {
    "task_pay": _("Pay for tasks"),
    "hourly_pay": _("Pay by the hour"),
    "bonus": _("Bonuses and awards"),
    "top_up": _("Top-up to the floor"),
    "adjustment": _("Adjustments"),
    "withheld": _("Held back or taken off"),
    "remitted": _("Paid to a third party for you"),
    "fees": _("Fees on the way, at your cost"),
    "lost_on_exchange": _("Lost on exchange"),
    "in_transit": _("Sent, not yet confirmed"),
    "still_owed": _("Still owed to you"),
}
KINDS: dict[str, Promise] = {
    "task": _("Tasks"),
    "rework": _("Rework"),
    "instructions": _("Reading instructions"),
    "training": _("Training"),
    "qualification": _("Qualification"),
    "meeting": _("Meetings"),
    "waiting": _("Waiting for work"),
    "searching": _("Searching for work"),
    "admin": _("Administration"),
    "tech_failure": _("Technical failure"),
    "break": _("Breaks"),
    "award": _("Bonuses and awards"),
}
MEASURED: dict[str, Promise] = {
    "tool": _("by the tool"),
    "clock": _("start and end"),
    "vendor": _("stated by the payer"),
    "mixed": _("in several ways"),
    "none": _("not measured"),
}
VERDICTS: dict[str, Promise] = {
    "pass": _("reached"),
    "fail": _("below"),
    "contested": _("uncertain"),
    "no_evidence": _("not known"),
    "not_due": _("not due yet"),
}
STATES: dict[str, Promise] = {
    "pending": _("in review"),
    "payable": _("owed to you"),
    "refused": _("refused"),
    "withheld": _("held back"),
    "remitted": _("paid for you"),
    "in_transit": _("on its way"),
    "received": _("arrived"),
    "on_approval": _("paid on approval"),
    "fees": _("lost to fees"),
    "lost_on_exchange": _("lost on exchange"),
    "advance": _("paid ahead"),
    "split": _("in parts"),
    "none": _("no pay"),
    "unknown": _("pay not known"),
}
ACCOUNTS: dict[str, Promise] = {
    "pending": _("In review"),
    "payable": _("Owed to you"),
    "refused": _("Refused"),
    "withheld": _("Held back or taken off"),
    "remitted": _("Paid to a third party for you"),
    "in_transit": _("Sent, not yet confirmed"),
    "received": _("Arrived"),
    "on_approval": _("Paid by the platform on approval"),
    "fees": _("Fees at your cost"),
    "advance": _("Paid ahead of work"),
}
AGES: dict[str, Promise] = {
    "not_due": _("Not due yet"),
    "to_16": _("1 to 16 days late"),
    "to_30": _("17 to 30 days late"),
    "to_60": _("31 to 60 days late"),
    "over_60": _("Over 60 days late"),
    "not_known": _("Due; not known whether it was sent"),
    "undated": _("No date agreed"),
}


def said(table: Mapping[str, str | Promise], code: str) -> str:
    """Return a code in words; a code without words stays as it is."""
    return str(table.get(code, code))
