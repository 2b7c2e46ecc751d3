"""The pages after the first: from work to pay, time, weeks, projects, payments and every piece."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from payouts.statements import awards, codes, debts, sent, words
from payouts.statements.data import StatementData
from payouts.statements.figures import FloorWeek, PayLine
from payouts.statements.parts import Column, Row, Section, number, text, user
from payouts.statements.safe import REASON_CAP, clean
from payouts.statements.words import amount, day, duration, span


def sections(data: StatementData) -> Iterator[Section]:
    """Yield the sections from page 2 on but for the work itself and the small print."""
    yield _pay(data)
    yield _hours(data)
    yield _weeks(data)
    yield _projects(data)
    yield sent.payments(data)
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
    rows = [*map(_pay_row, earned), _sum_row(_("Earned"), totals.earned_micros)]
    rows += [*map(_pay_row, other), _sum_row(_had(data), totals.received_micros)]
    step, reason = _("Step"), _("Reason")
    columns: tuple[Column, ...] = (text(step, 34), user(reason, 46), number(data.currency, 20))
    if not any(line.reason for line in data.pay):
        columns = (text(step, 80), number(data.currency, 20))
        rows = [Row((row.cells[0], row.cells[2]), strong=row.strong) for row in rows]
    return Section(
        "pay",
        _("From what you earned to what arrived"),
        (),
        columns,
        tuple(rows),
    )


def _had(data: StatementData) -> str:
    """Return what to call the money that the worker has had."""
    totals = data.totals
    if totals.on_approval_micros == 0:
        return _("Arrived")
    if totals.on_approval_micros == totals.received_micros:
        return _("Paid by the platform on approval")
    return _("Arrived, or paid by the platform on approval")


def _pay_row(line: PayLine) -> Row:
    label = codes.said(codes.PAY_LINES, line.kind)
    reason = awards.said(line.reason) or clean(line.reason, REASON_CAP)
    return Row((label, reason, amount(line.amount_micros)))


def _sum_row(label: str, micros: int) -> Row:
    return Row((label, "", amount(micros)), strong=True)


def _hours(data: StatementData) -> Section:
    hours = data.hours
    rows = [
        Row(
            (
                codes.said(codes.KINDS, clean(kind.kind)),
                str(kind.rows),
                _untimed(kind.untimed_rows),
                codes.said(codes.MEASURED, clean(kind.measured_by)),
                span(kind.time),
            )
        )
        for kind in hours.kinds
    ]
    for label, time in (
        (_("A: tasks only"), hours.a),
        (_("B: all work asked for"), hours.b),
        (_("C: everything"), hours.c),
    ):
        rows.append(Row((label, "", "", "", span(time)), strong=True))
    said = [
        _("The floor is tested on B. Time spent on several pieces of work at once counts once.")
    ]
    if hours.b.high_ms > 0:
        share = words.share(hours.measured_permille)
        said.append(_("A tool measured %(share)s of B.") % {"share": share})
    return Section(
        "hours",
        _("Your time"),
        (" ".join(said),),
        (
            text(_("Kind of work"), 26),
            number(_("Pieces"), 10),
            number(_("Without time"), 14),
            text(_("How measured"), 22),
            number(_("Time"), 28),
        ),
        tuple(rows),
    )


def _untimed(rows: int) -> str:
    return str(rows) if rows else "\u2013"


def _weeks(data: StatementData) -> Section:
    return Section(
        "weeks",
        _("Week by week against the floor"),
        (
            _(
                "On earned: whether all that was decided for you reached the floor. "
                "On arrived: whether what you have had reached it."
            ),
        )
        if data.weeks
        else (),
        (
            text(_("Week"), 20),
            number(_("Time B"), 14),
            number(_("Earned"), 11),
            number(_("Per hour"), 12),
            number(_("Floor"), 8),
            text(_("On earned"), 13),
            text(_("On arrived"), 13),
            number(_("Missing"), 9),
        ),
        tuple(_week_row(test) for test in data.weeks),
        _("There are no weeks with work in this period."),
        (
            _("Amounts in %(currency)s. Missing: what must be added to reach the floor.")
            % {"currency": data.currency},
        )
        if data.weeks
        else (),
    )


def _week_row(test: FloorWeek) -> Row:
    low, high = test.hourly_low_micros, test.hourly_high_micros
    rate = amount(low) if low == high else words.between(amount(low), amount(high))
    return Row(
        (
            words.days(test.starts_on, test.ends_on),
            span(test.b),
            amount(test.earned_micros),
            rate,
            _("none") if test.floor_micros is None else amount(test.floor_micros),
            codes.said(codes.VERDICTS, test.verdict),
            codes.said(codes.VERDICTS, test.received_verdict),
            amount(test.shortfall_micros),
        ),
        under=_("A %(a)s · C %(c)s · arrived %(amount)s")
        % {"a": span(test.a), "c": span(test.c), "amount": amount(test.received_micros)},
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
        _("Your work by project"),
        (),
        (
            user(_("Project"), 22),
            user(_("Type of task"), 22),
            number(_("Handed in"), 10),
            number(_("Accepted"), 9),
            number(_("Refused"), 8),
            number(_("In review"), 9),
            number(_("Returned"), 9),
            number(_("Earned, %(currency)s") % {"currency": data.currency}, 11),
        ),
        rows,
        _("There is no work in this period."),
    )


def work(data: StatementData) -> Section:
    """Return every piece of work, with the line of the file that says so."""
    rows = tuple(
        Row(
            (
                day(line.day_on),
                awards.said(line.external_id) or f"{clean(line.project)} · {clean(line.task_type)}",
                "\u2013" if line.kind == "award" else duration(line.time_ms),
                amount(line.promised_micros),
                amount(line.earned_micros),
                codes.said(codes.STATES, line.state),
            ),
            under=_origin(line.external_id, line.file, line.line, line.paid_by),
        )
        for line in data.lines
    )
    return Section(
        "work",
        _("Every piece of work"),
        (
            _(
                "The small line has the work's id, the file and line that it was read from, and "
                "the payment that paid for it."
            ),
        ),
        (
            text(_("Day"), 15),
            user(_("Work"), 38),
            number(_("Time"), 14),
            number(_("Promised"), 10),
            number(_("Earned"), 9),
            text(_("Its money"), 14),
        ),
        rows,
        _("There is no work in this period."),
        dense=True,
    )


def _origin(external_id: str, file: str, line: int, paid_by: str) -> str:
    parts = [shown] if (shown := awards.shown_id(external_id)) else []
    if file:  # an award of this ledger stands in none
        parts.append(_("%(file)s, line %(line)s") % {"file": clean(file), "line": line})
    if paid_by:
        parts.append(_("paid by %(payment)s") % {"payment": clean(paid_by)})
    return " · ".join(parts)
