"""What is owed, in review and refused, piece by piece, and the balances."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payouts.statements import awards, codes, words
from payouts.statements.data import StatementData
from payouts.statements.figures import WithheldItem, age_code
from payouts.statements.parts import Row, Section, number, text, user
from payouts.statements.safe import ID_CAP, REASON_CAP, clean
from payouts.statements.words import amount, day

WITHHELD = {
    "hold": gettext_lazy("held back"),
    "deduct": gettext_lazy("taken off"),
    "export": gettext_lazy("taken back by the export"),
}
STANDING = {
    "not_due": gettext_lazy("not due yet"),
    "not_known": gettext_lazy("not known"),
    "undated": "",
}
LATE = gettext_lazy("overdue")


def ageing(data: StatementData) -> Section:
    """Return what is owed and unpaid by age: the table of page 1."""
    rows = [
        Row((str(codes.AGES[age.code]), str(age.items), amount(age.amount_micros)))
        for age in data.ageing
    ]
    owed = amount(data.totals.owed_micros)
    rows.append(Row((_("Owed to you"), str(len(data.owed)), owed), strong=True))
    return Section(
        "ageing",
        _("Owed to you and not paid, by age"),
        (),
        (
            text(_("On %(day)s") % {"day": day(data.as_of_on)}, 56),
            number(_("Pieces of work"), 22),
            number(data.currency, 22),
        ),
        tuple(rows),
    )


def owed(data: StatementData) -> Section:
    """Return what is approved and not paid, with due dates."""
    rows = tuple(
        Row(
            (
                awards.said(item.external_id) or clean(item.project),
                day(item.earned_on),
                day(item.due_on, _("none agreed")),
                str(STANDING.get(age_code(item, data.as_of_on), LATE)),
                amount(item.amount_micros),
            ),
            under=awards.shown_id(item.external_id),
        )
        for item in data.owed
    )
    return Section(
        "owed",
        _("Approved and not paid, piece by piece"),
        (),
        (
            user(_("Work"), 38),
            text(_("Earned on"), 16),
            text(_("Due"), 16),
            text(_("State"), 16),
            number(data.currency, 14),
        ),
        rows,
        _("Nothing: all approved work has been paid."),
    )


def undecided(data: StatementData) -> Section:
    """Return what is handed in and not decided, with the day by which it must be."""
    rows = tuple(
        Row(
            (
                clean(item.project),
                day(item.handed_in_on),
                day(item.decide_by_on, _("none agreed")),
                amount(item.amount_micros),
            ),
            under=clean(item.external_id, ID_CAP),
        )
        for item in data.undecided
    )
    return Section(
        "undecided",
        _("In review: handed in and not decided"),
        (),
        (
            user(_("Work"), 52),
            text(_("Handed in"), 17),
            text(_("Decide by"), 17),
            number(data.currency, 14),
        ),
        rows,
        _("Nothing: all work handed in has been decided."),
    )


def refused(data: StatementData) -> Section:
    """Return what was refused, with its reason."""
    rows = tuple(
        Row(
            (
                clean(item.project),
                day(item.refused_on),
                clean(item.reason, REASON_CAP) or _("no reason given"),
                amount(item.amount_micros),
            ),
            under=clean(item.external_id, ID_CAP),
        )
        for item in data.refused
    )
    return Section(
        "refused",
        _("Not paid: refused, with the reason given"),
        (),
        (
            user(_("Work"), 36),
            text(_("Refused on"), 15),
            user(_("Reason"), 36),
            number(data.currency, 13),
        ),
        rows,
        _("Nothing was refused."),
    )


def withheld(data: StatementData) -> Section:
    """Return what is held back or taken off: why, since and until when, and who decided."""
    rows = tuple(
        Row(
            (
                awards.said(item.external_id) or clean(item.project),
                codes.said(WITHHELD, item.kind),
                day(item.since_on),
                day(item.until_on, _("none")),
                clean(item.reason, REASON_CAP),
                amount(item.amount_micros),
            ),
            under=_under(item),
        )
        for item in data.withheld
    )
    return Section(
        "withheld",
        _("Held back or taken off, with the reason given"),
        (_("What is held until a day is released by itself on that day."),),
        (
            user(_("Work"), 22),
            text(_("What"), 15),
            text(_("Since"), 13),
            text(_("Until"), 13),
            user(_("Reason"), 25),
            number(data.currency, 12),
        ),
        rows,
    )


def _under(item: WithheldItem) -> str:
    by = _("decided by %(who)s") % {"who": clean(item.decided_by)} if item.decided_by else ""
    return " · ".join(filter(None, (awards.shown_id(item.external_id), by)))


def accounts(data: StatementData) -> Section:
    """Return opening balance + movements = closing balance, for each account."""
    rows = tuple(
        Row(
            (
                codes.said(codes.ACCOUNTS, account.account),
                amount(account.opening_micros),
                amount(account.added_micros),
                amount(-account.taken_micros),
                amount(account.closing_micros),
            )
        )
        for account in data.accounts
    )
    covered = words.facts(data.facts.first_n, data.facts.last_n)
    notes = [_("Of all your work. %(facts)s.") % {"facts": covered}]
    if data.facts.last_n < data.facts.first_n:
        notes.append(str(words.NOTHING_SINCE))
    if any(paid.exchange for paid in data.payments):
        notes.append(_("What arrived in another currency stands here as what was sent for it."))
    return Section(
        "accounts",
        _("Balances: opening + added \u2212 taken = closing"),
        tuple(notes),
        (
            text(_("Where the money is"), 36),
            number(_("Opening"), 16),
            number(_("Added"), 16),
            number(_("Taken"), 16),
            number(_("Closing, %(currency)s") % {"currency": data.currency}, 16),
        ),
        rows,
        _("There was no money to account for."),
    )


def restated(data: StatementData) -> Section:
    """Return the weeks of earlier statements that later facts changed."""
    rows = tuple(
        Row(
            (
                day(week.starts_on),
                clean(week.statement),
                amount(week.earned_before_micros),
                amount(week.earned_now_micros),
                amount(week.shortfall_before_micros),
                amount(week.shortfall_now_micros),
            )
        )
        for week in data.restated
    )
    return Section(
        "restated",
        _("Earlier weeks that later facts changed"),
        (_("Amounts in %(currency)s.") % {"currency": data.currency},),
        (
            text(_("Week from"), 18),
            text(_("In statement"), 30),
            number(_("Earned before"), 13),
            number(_("Earned now"), 13),
            number(_("Missing before"), 13),
            number(_("Missing now"), 13),
        ),
        rows,
    )
