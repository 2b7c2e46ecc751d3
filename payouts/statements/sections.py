"""The pages after the first: from work to pay, time, weeks, projects, payments and every piece."""

from collections.abc import Iterator

from payouts.statements import debts, words
from payouts.statements.data import StatementData
from payouts.statements.figures import FloorWeek, PayLine
from payouts.statements.parts import Column, Row, Section, number, text, user
from payouts.statements.safe import ID_CAP, REASON_CAP, clean
from payouts.statements.words import amount, count, day, duration, span


def sections(data: StatementData) -> Iterator[Section]:
    """Yield the sections from page 2 on but for the work itself and the small print."""
    yield _pay(data)
    yield _hours(data)
    yield _weeks(data)
    yield _projects(data)
    yield _payments(data)
    yield debts.owed(data)
    yield debts.undecided(data)
    yield debts.refused(data)
    if data.withheld:
        yield debts.withheld(data)
    yield debts.accounts(data)
    if data.restated:
        yield debts.restated(data)


def _pay(data: StatementData) -> Section:
    totals = data.totals
    earned = [line for line in data.pay if line.is_earned]
    other = [line for line in data.pay if not line.is_earned]
    rows = [*map(_pay_row, earned), _sum_row("Earned", totals.earned_micros)]
    rows += [*map(_pay_row, other), _sum_row(_had(data), totals.received_micros)]
    columns: tuple[Column, ...] = (text("Step", 34), user("Reason", 46), number(data.currency, 20))
    if not any(line.reason for line in data.pay):
        columns = (text("Step", 80), number(data.currency, 20))
        rows = [Row((row.cells[0], row.cells[2]), strong=row.strong) for row in rows]
    return Section(
        "pay",
        "From what you earned to what arrived",
        (),
        columns,
        tuple(rows),
    )


def _had(data: StatementData) -> str:
    """Return what to call the money that the worker has had."""
    totals = data.totals
    if totals.on_approval_micros == 0:
        return "Arrived"
    if totals.on_approval_micros == totals.received_micros:
        return "Paid by the platform on approval"
    return "Arrived, or paid by the platform on approval"


def _pay_row(line: PayLine) -> Row:
    label = words.PAY_LINES.get(line.kind, line.kind)
    return Row((label, clean(line.reason, REASON_CAP), amount(line.amount_micros)))


def _sum_row(label: str, micros: int) -> Row:
    return Row((label, "", amount(micros)), strong=True)


def _hours(data: StatementData) -> Section:
    hours = data.hours
    rows = [
        Row(
            (
                words.KINDS.get(kind.kind, clean(kind.kind)),
                str(kind.rows),
                _untimed(kind.untimed_rows),
                words.MEASURED.get(kind.measured_by, clean(kind.measured_by)),
                span(kind.time),
            )
        )
        for kind in hours.kinds
    ]
    known = hours.b.high_ms > 0
    for letter, what, time in (
        ("A", "tasks only", hours.a),
        ("B", "all work asked for", hours.b),
        ("C", "everything", hours.c),
    ):
        rows.append(Row((f"{letter}: {what}", "", "", "", span(time)), strong=True))
    return Section(
        "hours",
        "Your time",
        (
            "The floor is tested on B. Time spent on several pieces of work at once counts once."
            + f" A tool measured {words.share(hours.measured_permille)} of B." * known,
        ),
        (
            text("Kind of work", 26),
            number("Pieces", 10),
            number("Without time", 14),
            text("How measured", 22),
            number("Time", 28),
        ),
        tuple(rows),
    )


def _untimed(rows: int) -> str:
    return str(rows) if rows else "\u2013"


def _weeks(data: StatementData) -> Section:
    return Section(
        "weeks",
        "Week by week against the floor",
        (
            "On earned: whether all that was decided for you reached the floor. "
            "On arrived: whether what you have had reached it.",
        )
        if data.weeks
        else (),
        (
            text("Week", 20),
            number("Time B", 14),
            number("Earned", 11),
            number("Per hour", 12),
            number("Floor", 8),
            text("On earned", 13),
            text("On arrived", 13),
            number("Missing", 9),
        ),
        tuple(_week_row(test) for test in data.weeks),
        "There are no weeks with work in this period.",
        (f"Amounts in {data.currency}. Missing: what must be added to reach the floor.",)
        if data.weeks
        else (),
    )


def _week_row(test: FloorWeek) -> Row:
    low, high = test.hourly_low_micros, test.hourly_high_micros
    rate = amount(low) if low == high else f"{amount(low)} to {amount(high)}"
    return Row(
        (
            words.days(test.starts_on, test.ends_on),
            span(test.b),
            amount(test.earned_micros),
            rate,
            "none" if test.floor_micros is None else amount(test.floor_micros),
            words.VERDICTS.get(test.verdict, test.verdict),
            words.VERDICTS.get(test.received_verdict, test.received_verdict),
            amount(test.shortfall_micros),
        ),
        under=f"A {span(test.a)} · C {span(test.c)} · arrived {amount(test.received_micros)}",
    )


def _projects(data: StatementData) -> Section:
    rows = tuple(
        Row(
            (
                clean(group.project),
                clean(group.task_type),
                *map(
                    str,
                    (group.submitted, group.accepted, group.refused, group.undecided),
                ),
                str(group.returned),
                amount(group.earned_micros),
            )
        )
        for group in data.work
    )
    return Section(
        "projects",
        "Your work by project",
        (),
        (
            user("Project", 22),
            user("Type of task", 22),
            number("Handed in", 10),
            number("Accepted", 9),
            number("Refused", 8),
            number("In review", 9),
            number("Returned", 9),
            number(f"Earned, {data.currency}", 11),
        ),
        rows,
        "There is no work in this period.",
    )


def _payments(data: StatementData) -> Section:
    rows = tuple(
        Row(
            (
                clean(paid.reference, ID_CAP),
                day(paid.sent_on),
                day(paid.arrived_on, "not confirmed"),
                count(len(paid.works), "piece"),
                amount(paid.fee_micros),
                amount(paid.amount_micros),
            )
        )
        for paid in data.payments
    )
    until = data.basis.payments_complete_until_on
    known = f"Payments are known up to {day(until)}." if until else ""
    if not known and data.totals.on_approval_micros:
        known = f"{clean(data.worker.source)} pays when it approves and reports no payments."
    return Section(
        "payments",
        "Payments",
        (known or "The payer has not said up to which day this list is complete.",),
        (
            user("Reference", 30),
            text("Sent", 15),
            text("Arrived", 17),
            number("Pays for", 14),
            number("Fee", 10),
            number(f"Sent, {data.currency}", 14),
        ),
        rows,
        "No payment paid for this work, and none is new since the last statement.",
        ("Which payment paid for which work stands with each piece of work below.",)
        if rows
        else (),
    )


def work(data: StatementData) -> Section:
    """Return every piece of work, with the line of the file that says so."""
    rows = tuple(
        Row(
            (
                day(line.day_on),
                f"{clean(line.project)} · {clean(line.task_type)}",
                "\u2013" if line.kind == "award" else duration(line.time_ms),
                amount(line.promised_micros),
                amount(line.earned_micros),
                words.STATES.get(line.state, line.state),
            ),
            under=_origin(line.external_id, line.file, line.line, line.paid_by),
        )
        for line in data.lines
    )
    return Section(
        "work",
        "Every piece of work",
        (
            "The small line has the work's id, the file and line that it was read from, and the "
            "payment that paid for it.",
        ),
        (
            text("Day", 15),
            user("Work", 38),
            number("Time", 14),
            number("Promised", 10),
            number("Earned", 9),
            text("Its money", 14),
        ),
        rows,
        "There is no work in this period.",
        dense=True,
    )


def _origin(external_id: str, file: str, line: int, paid_by: str) -> str:
    parts = [clean(external_id, ID_CAP)]
    if file:  # an award of this ledger stands in none
        parts.append(f"{clean(file)}, line {line}")
    return " · ".join([*parts, f"paid by {clean(paid_by)}"] if paid_by else parts)
