"""What is owed, in review and refused, piece by piece, and the balances."""

from payouts.statements import words
from payouts.statements.data import StatementData
from payouts.statements.figures import age_code
from payouts.statements.parts import Row, Section, number, text, user
from payouts.statements.safe import ID_CAP, REASON_CAP, clean
from payouts.statements.words import amount, day

WITHHELD = {"hold": "held back", "deduct": "taken off", "export": "taken back by the export"}
STANDING = {"not_due": "not due yet", "not_known": "not known", "undated": ""}


def ageing(data: StatementData) -> Section:
    """Return what is owed and unpaid by age: the table of page 1."""
    rows = [
        Row((words.AGES[age.code], str(age.items), amount(age.amount_micros)))
        for age in data.ageing
    ]
    owed = amount(data.totals.owed_micros)
    rows.append(Row(("Owed to you", str(len(data.owed)), owed), strong=True))
    return Section(
        "ageing",
        "Owed to you and not paid, by age",
        (),
        (
            text(f"On {day(data.as_of_on)}", 56),
            number("Pieces of work", 22),
            number(data.currency, 22),
        ),
        tuple(rows),
    )


def owed(data: StatementData) -> Section:
    """Return what is approved and not paid, with due dates."""
    rows = tuple(
        Row(
            (
                clean(item.project),
                day(item.earned_on),
                day(item.due_on, "none agreed"),
                STANDING.get(age_code(item, data.as_of_on), "overdue"),
                amount(item.amount_micros),
            ),
            under=clean(item.external_id, ID_CAP),
        )
        for item in data.owed
    )
    return Section(
        "owed",
        "Approved and not paid, piece by piece",
        (),
        (
            user("Work", 38),
            text("Earned on", 16),
            text("Due", 16),
            text("State", 16),
            number(data.currency, 14),
        ),
        rows,
        "Nothing: all approved work has been paid.",
    )


def undecided(data: StatementData) -> Section:
    """Return what is handed in and not decided, with the day by which it must be."""
    rows = tuple(
        Row(
            (
                clean(item.project),
                day(item.handed_in_on),
                day(item.decide_by_on, "none agreed"),
                amount(item.amount_micros),
            ),
            under=clean(item.external_id, ID_CAP),
        )
        for item in data.undecided
    )
    return Section(
        "undecided",
        "In review: handed in and not decided",
        (),
        (
            user("Work", 52),
            text("Handed in", 17),
            text("Decide by", 17),
            number(data.currency, 14),
        ),
        rows,
        "Nothing: all work handed in has been decided.",
    )


def refused(data: StatementData) -> Section:
    """Return what was refused, with its reason."""
    rows = tuple(
        Row(
            (
                clean(item.project),
                day(item.refused_on),
                clean(item.reason, REASON_CAP) or "no reason given",
                amount(item.amount_micros),
            ),
            under=clean(item.external_id, ID_CAP),
        )
        for item in data.refused
    )
    return Section(
        "refused",
        "Not paid: refused, with the reason given",
        (),
        (
            user("Work", 36),
            text("Refused on", 15),
            user("Reason", 36),
            number(data.currency, 13),
        ),
        rows,
        "Nothing was refused.",
    )


def withheld(data: StatementData) -> Section:
    """Return what is held back or taken off: why, since and until when, and who decided."""
    rows = tuple(
        Row(
            (
                clean(item.project),
                WITHHELD.get(item.kind, item.kind),
                day(item.since_on),
                day(item.until_on, "none"),
                clean(item.reason, REASON_CAP),
                amount(item.amount_micros),
            ),
            under=" · ".join(
                [clean(item.external_id, ID_CAP)]
                + ([f"decided by {clean(item.decided_by)}"] if item.decided_by else [])
            ),
        )
        for item in data.withheld
    )
    return Section(
        "withheld",
        "Held back or taken off, with the reason given",
        ("What is held until a day is released by itself on that day.",),
        (
            user("Work", 22),
            text("What", 15),
            text("Since", 13),
            text("Until", 13),
            user("Reason", 25),
            number(data.currency, 12),
        ),
        rows,
    )


def accounts(data: StatementData) -> Section:
    """Return opening balance + movements = closing balance, for each account."""
    rows = tuple(
        Row(
            (
                words.ACCOUNTS.get(account.account, account.account),
                amount(account.opening_micros),
                amount(account.added_micros),
                amount(-account.taken_micros),
                amount(account.closing_micros),
            )
        )
        for account in data.accounts
    )
    notes = [f"Of all your work. {words.facts(data.facts.first_n, data.facts.last_n)}."]
    if data.facts.last_n < data.facts.first_n:
        notes.append(words.NOTHING_SINCE)
    return Section(
        "accounts",
        "Balances: opening + added \u2212 taken = closing",
        tuple(notes),
        (
            text("Where the money is", 36),
            number("Opening", 16),
            number("Added", 16),
            number("Taken", 16),
            number(f"Closing, {data.currency}", 16),
        ),
        rows,
        "There was no money to account for.",
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
        "Earlier weeks that later facts changed",
        (f"Amounts in {data.currency}.",),
        (
            text("Week from", 18),
            text("In statement", 30),
            number("Earned before", 13),
            number("Earned now", 13),
            number("Missing before", 13),
            number("Missing now", 13),
        ),
        rows,
    )
