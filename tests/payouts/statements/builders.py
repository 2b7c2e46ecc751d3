"""Statements for tests: whole, balanced, and with the names that a test wants in them."""

from dataclasses import replace
from datetime import date, timedelta

from payouts.statements.data import (
    Basis,
    BatchRoot,
    Dispute,
    FactRange,
    FloorTerm,
    Payee,
    Payer,
    Period,
    Source,
    StatementData,
)
from payouts.statements.figures import (
    AccountMovement,
    FloorWeek,
    Hours,
    KindHours,
    OwedItem,
    PayLine,
    Payment,
    RefusedItem,
    RestatedWeek,
    Span,
    Totals,
    UndecidedItem,
    WorkGroup,
    WorkLine,
    age,
    hourly,
)

UNIT = 1_000_000
MINUTE = 60_000
FLOOR = 15 * UNIT
FIRST_WEEK = date(2026, 9, 28)
AS_OF = date(2026, 11, 4)
ISSUED_AT_MS = 1_793_779_200_000  # 4 Nov 2026, 08:00 UTC
PERIOD = Period("October 2026", date(2026, 10, 1), date(2026, 10, 31), "Africa/Nairobi")


def piece(i: int, *, weeks: int, pay_micros: int, name: str) -> WorkLine:
    """Return the i-th piece of work: 8 in 10 arrived, one owed, one refused or in review."""
    state = {7: "payable", 8: "refused" if i % 20 == 8 else "pending"}.get(i % 10, "received")
    earned = pay_micros if state in ("received", "payable") else 0
    return WorkLine(
        external_id=f"{name}-{i:05}",
        project="Street signs",
        task_type="Draw boxes",
        kind="task",
        day_on=FIRST_WEEK + timedelta(days=i * weeks * 7 // 60 % (weeks * 7)),
        time_ms=None if i % 29 == 28 else 31 * MINUTE,
        measured_by="tool",
        promised_micros=pay_micros,
        earned_micros=earned,
        state=state,
        paid_by="PAY-2026-0117" if state == "received" else "",
        file="batch_331_results.csv",
        line=4_000 + i,
    )


def week(starts_on: date, lines: list[WorkLine], *, hours_ms: int | None = None) -> FloorWeek:
    """Return the week's test over its lines; `hours_ms` overrides the time of B."""
    inside = [x for x in lines if 0 <= (x.day_on - starts_on).days < 7]
    time = sum(x.time_ms or 0 for x in inside) if hours_ms is None else hours_ms
    earned = sum(x.earned_micros for x in inside)
    received = sum(x.earned_micros for x in inside if x.state == "received")
    rate = hourly(pay_micros=earned, time_ms=time)
    missing = max(0, FLOOR * time // 3_600_000 - earned)
    verdict = "no_evidence" if rate is None else "fail" if missing else "pass"
    return FloorWeek(
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=6),
        a=Span(time, time),
        b=Span(time, time),
        c=Span(time, time + 40 * MINUTE),
        earned_micros=earned,
        received_micros=received,
        hourly_low_micros=rate,
        hourly_high_micros=rate,
        floor_micros=FLOOR,
        verdict=verdict,
        received_verdict=verdict if verdict == "no_evidence" else "not_due",
        shortfall_micros=missing,
    )


def month(
    *, pieces: int = 60, weeks: int = 4, pay_micros: int = 8_400_000, name: str = "3XQ4"
) -> StatementData:
    """Return a whole month: one week below the floor, some pay overdue, some refused."""
    lines = [piece(i, weeks=weeks, pay_micros=pay_micros, name=name) for i in range(pieces)]
    lines.sort(key=lambda x: (x.day_on, x.external_id))
    starts = [FIRST_WEEK + timedelta(days=7 * i) for i in range(weeks)]
    tests = tuple(week(on, lines) for on in starts)
    owed = tuple(
        OwedItem(x.external_id, x.project, x.earned_micros, x.day_on, date(2026, 11, 2), True)
        for x in lines
        if x.state == "payable"
    )
    received = sum(x.earned_micros for x in lines if x.state == "received")
    time = sum(test.b.high_ms for test in tests)
    return StatementData(
        number="TALLGRASS-2026-000042",
        version=1,
        replaces=None,
        issued_at_ms=ISSUED_AT_MS,
        as_of_on=AS_OF,
        period=PERIOD,
        payer=Payer("Tallgrass Annotation Ltd", "12 Mill Road, Leeds", "no. 0412"),
        worker=Payee("w-7Q3K", "A2K9LM", "mturk"),
        currency="USD",
        facts=FactRange(118, 407),
        totals=_totals(lines, owed, tests, received),
        hours=Hours(
            Span(time, time),
            Span(time, time),
            Span(time, time + 160 * MINUTE),
            965,
            (KindHours("task", Span(time, time), pieces, pieces // 29, "tool"),),
        ),
        work=(_group(lines),),
        pay=_pay(lines, received),
        weeks=tests,
        payments=(
            Payment("PAY-2026-0117", date(2026, 10, 30), date(2026, 11, 2), received, 0,
                    tuple(x.external_id for x in lines if x.state == "received")),
        ),
        ageing=age(owed, as_of_on=AS_OF),
        owed=owed,
        refused=tuple(
            RefusedItem(x.external_id, x.project, x.promised_micros or 0, date(2026, 10, 20),
                        "Boxes do not touch the edge of the sign")
            for x in lines if x.state == "refused"
        ),
        undecided=tuple(
            UndecidedItem(x.external_id, x.project, x.promised_micros, x.day_on, date(2026, 11, 9))
            for x in lines if x.state == "pending"
        ),
        accounts=_accounts(lines, owed, received),
        restated=(),
        dispute=Dispute("pay@tallgrass.example, or the page of this statement", 14),
        basis=_basis(),
        batches=(
            BatchRoot("018f9a2e-6d3b-7c41-9a55-0c1d2e3f4a5b", "5f" * 32),
            BatchRoot("018f9a2e-7711-7d02-8b1c-1a2b3c4d5e6f", "a0" * 32),
        ),
        lines=tuple(lines),
    )  # fmt: skip


def _totals(
    lines: list[WorkLine], owed: tuple[OwedItem, ...], tests: tuple[FloorWeek, ...], received: int
) -> Totals:
    unpaid = sum(x.amount_micros for x in owed)
    return Totals(
        earned_micros=received + unpaid,
        received_micros=received,
        on_approval_micros=0,
        in_transit_micros=0,
        withheld_micros=0,
        fees_micros=0,
        owed_micros=unpaid,
        overdue_micros=unpaid,
        overdue_since_on=date(2026, 11, 2) if unpaid else None,
        not_known_micros=0,
        undecided_micros=sum(x.promised_micros or 0 for x in lines if x.state == "pending"),
        refused_micros=sum(x.promised_micros or 0 for x in lines if x.state == "refused"),
        shortfall_micros=sum(test.shortfall_micros for test in tests),
    )


def _group(lines: list[WorkLine]) -> WorkGroup:
    states = [x.state for x in lines]
    return WorkGroup(
        project="Street signs",
        task_type="Draw boxes",
        submitted=len(lines),
        accepted=states.count("received") + states.count("payable"),
        refused=states.count("refused"),
        undecided=states.count("pending"),
        returned=0,
        earned_micros=sum(x.earned_micros for x in lines),
    )


def _pay(lines: list[WorkLine], received: int) -> tuple[PayLine, ...]:
    earned = sum(x.earned_micros for x in lines)
    return (PayLine("task_pay", earned), PayLine("still_owed", received - earned))


def _accounts(
    lines: list[WorkLine], owed: tuple[OwedItem, ...], received: int
) -> tuple[AccountMovement, ...]:
    unpaid = sum(x.amount_micros for x in owed)
    return (
        AccountMovement("payable", 0, received + unpaid, received, unpaid),
        AccountMovement("received", 0, received, 0, received),
    )


def _basis() -> Basis:
    return Basis(
        floors=(
            FloorTerm("1", FLOOR, "USD", date(2010, 1, 4), "the pay board",
                      "covers housing, food and care at the median of its cities", 600_000),
        ),
        pay_terms="paid 30 days after approval",
        sources=(Source("time", "the annotation tool"), Source("payments", "the payer's bank")),
        payments_complete_until_on=date(2026, 11, 3),
    )  # fmt: skip


def empty_month() -> StatementData:
    """Return a month in which nothing happened."""
    none = replace(month(pieces=0, weeks=0), payments=(), work=(), pay=(), accounts=(), batches=())
    hours = Hours(Span(0, 0), Span(0, 0), Span(0, 0), 0, ())
    return replace(none, hours=hours, basis=replace(none.basis, sources=()))


def below_the_floor() -> StatementData:
    """Return a month at a third of the floor, with debts of every age, fees and a correction."""
    data = month(pay_micros=2_412_500, weeks=5)
    dues = [date(2026, 11, 20), date(2026, 11, 1), date(2026, 10, 10), date(2026, 9, 20), None]
    dues += [date(2026, 8, 1)]
    owed = tuple(replace(x, due_on=due) for x, due in zip(data.owed, dues, strict=True))
    late = [x for x in owed if x.due_on and x.due_on < AS_OF]
    totals = replace(
        data.totals,
        overdue_micros=sum(x.amount_micros for x in late),
        overdue_since_on=min(x.due_on for x in late if x.due_on),
    )
    weeks = list(data.weeks)
    low = weeks[1].hourly_low_micros
    weeks[1] = replace(weeks[1], verdict="contested", hourly_high_micros=FLOOR + 2_310_000,
                       b=Span(weeks[1].b.low_ms // 4, weeks[1].b.high_ms),
                       shortfall_micros=0, hourly_low_micros=low)  # fmt: skip
    weeks[3] = replace(weeks[3], verdict="no_evidence", hourly_low_micros=None,
                       hourly_high_micros=None, shortfall_micros=0)  # fmt: skip
    totals = replace(totals, shortfall_micros=sum(x.shortfall_micros for x in weeks))
    restated = (RestatedWeek(date(2026, 9, 21), "TALLGRASS-2026-000029",
                             31 * UNIT, 28 * UNIT, 0, 3 * UNIT),)  # fmt: skip
    return replace(
        data, owed=owed, totals=totals, ageing=age(owed, as_of_on=AS_OF), weeks=tuple(weeks),
        restated=restated, version=2, replaces="TALLGRASS-2026-000031",
    )  # fmt: skip


def with_user_text(data: StatementData, text: str) -> StatementData:
    """Return the statement with `text` in every place where users may write."""
    return replace(
        data,
        period=replace(data.period, label=text, zone=text, week=text),
        payer=Payer(text, text, text),
        worker=Payee(text, text, text),
        pay=tuple(replace(x, reason=text) for x in data.pay),
        work=tuple(replace(x, project=text, task_type=text) for x in data.work),
        payments=tuple(replace(x, reference=text) for x in data.payments),
        owed=tuple(replace(x, project=text, external_id=text) for x in data.owed),
        refused=tuple(
            replace(x, project=text, external_id=text, reason=text) for x in data.refused
        ),
        undecided=tuple(replace(x, project=text, external_id=text) for x in data.undecided),
        dispute=replace(data.dispute, contact=text),
        basis=replace(
            data.basis, pay_terms=text,
            floors=tuple(replace(x, decided_by=text, reason=text) for x in data.basis.floors),
            sources=tuple(replace(x, who=text) for x in data.basis.sources),
        ),
        lines=tuple(
            replace(x, external_id=text, project=text, task_type=text, file=text, paid_by=text)
            for x in data.lines
        ),
    )  # fmt: skip
