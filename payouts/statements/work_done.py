"""The period's work in a statement: every piece, the groups, the time by kind, and the pay."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from ledger.floor import EVERYTHING
from ledger.intervals import NOTHING_BEFORE, share_of
from ledger.known import NO_REASON
from ledger.moves import PENDING, RECEIVED, REFUSED
from ledger.whereabouts import LOST
from payouts.statements.codes import KINDS
from payouts.statements.figures import Hours, KindHours, PayLine, Span, WorkGroup, WorkLine
from payouts.statements.gather import Account, Background, Chunk
from payouts.statements.purses import EARNED_IN, ON_APPROVAL, inside, part
from payouts.statements.rows import Piece

TOP_UP = re.compile(r"\btop[- ]?up\b", re.IGNORECASE)
TAKEN_OFF = ("withheld", "remitted", "fees", LOST, "in_transit")
HANDED_IN, AWARD = "submitted", "award"


@dataclass
class Work:
    """All work of one statement. Amounts are the parts that fall into the period's weeks."""

    lines: list[WorkLine] = field(default_factory=list)
    at: Counter[str] = field(default_factory=Counter)  # micros by place
    refused: list[tuple[WorkLine, Piece, Counter[str]]] = field(default_factory=list)
    by_week: Counter[date] = field(default_factory=Counter)  # micros received
    by_pay: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_group: dict[tuple[str, str], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )

    @property
    def earned(self) -> int:
        """All that was decided for the worker."""
        return sum(self.at[place] for place in EARNED_IN)

    @property
    def received(self) -> int:
        """What arrived, and what a platform pays when it approves."""
        return self.at[RECEIVED] + self.at[ON_APPROVAL]

    def groups(self) -> tuple[WorkGroup, ...]:
        """Return the work by project and type of task."""
        return tuple(
            WorkGroup(
                project,
                task_type,
                submitted=count["submitted"],
                accepted=count["accepted"],
                refused=count["refused"],
                undecided=count["undecided"],
                returned=count["returned"],
                earned_micros=count["earned"],
            )
            for (project, task_type), count in sorted(self.by_group.items())
        )

    def pay(self) -> tuple[PayLine, ...]:
        """Return the steps from what was earned to what was received."""
        order = ("task_pay", "hourly_pay", "bonus", "top_up")
        earned = sorted(self.by_pay.items(), key=lambda item: (order.index(item[0][0]), item[0]))
        lines = [PayLine(kind, micros, reason) for (kind, reason), micros in earned]
        lines += [PayLine(place, -self.at[place]) for place in TAKEN_OFF]
        lines.append(PayLine("still_owed", -self.at["payable"]))
        return tuple(line for line in lines if line.amount_micros)


def of(background: Background, chunk: Chunk, account: Account, currency: str, home: bool) -> Work:
    """Return the work whose pay is in `currency`; at home also that without known pay."""
    work = Work()
    others = set(account.balances) - {currency}
    references = {row.id: row.reference for row in chunk.payments.get(account.engagement.pk, ())}
    for piece in account.pieces:
        if piece.currency != currency and (not home or piece.currency in others):
            continue
        whole = chunk.purses[piece.root_id]
        purse = inside(whole, piece.started, piece.ended, background.start, background.end)
        paid_by = ", ".join(references[one] for one in whole.paid_by if one in references)
        line = _line(background, chunk, piece, purse.earned, whole.state(), paid_by)
        work.lines.append(line)
        work.at.update(purse.at)
        for week in background.weeks:
            if piece.started < week.end_ms and piece.ended >= week.start_ms:
                of_week = inside(whole, piece.started, piece.ended, week.start_ms, week.end_ms)
                work.by_week[week.starts_on] += of_week.at[RECEIVED] + of_week.at[ON_APPROVAL]
        if purse.at[REFUSED]:
            work.refused.append((line, piece, purse.at))
        if purse.earned:
            work.by_pay[_pay_kind(chunk, piece)] += purse.earned
        _count(work.by_group[piece.project, piece.task_type], piece, purse.earned, whole.at)
    return work


def _line(
    background: Background, chunk: Chunk, piece: Piece, earned: int, state: str, paid_by: str
) -> WorkLine:
    start, end = background.start, background.end
    time = piece.wall_ms if piece.wall_ms is not None else piece.active_ms
    if piece.ended > piece.started:
        time = min(piece.ended, end) - max(piece.started, start)
    promised = piece.promised
    if promised is not None:
        promised = part(promised, piece.started, piece.ended, start, end)
    line, file = chunk.origins.get(piece.root_id, (piece.line, piece.file))
    return WorkLine(
        external_id=piece.external_id,
        project=piece.project,
        task_type=piece.task_type,
        kind=piece.kind,
        day_on=background.day(max(piece.started, start)),
        time_ms=time,
        measured_by=measured_by(piece),
        promised_micros=promised,
        earned_micros=earned,
        state="unknown" if piece.promised is None and state == "none" else state,
        paid_by=paid_by,
        file=file,
        line=line,
    )


def measured_by(piece: Piece) -> str:
    """Return how the time of a piece of work is known: see KindHours."""
    if piece.active_ms is not None:
        return "tool"
    if piece.ended > piece.started:
        return "clock"
    return "vendor" if piece.wall_ms is not None else "none"


def _pay_kind(chunk: Chunk, piece: Piece) -> tuple[str, str]:
    """Return the pay line that a piece's earned pay belongs to: kind and reason."""
    if piece.kind != AWARD:
        return ("hourly_pay" if piece.paid_ms is not None else "task_pay"), ""
    reasons = [move.reason for move in chunk.moves_of[piece.root_id] if move.move == "award"]
    reason = reasons[-1] if reasons and reasons[-1] != NO_REASON else ""
    is_top_up = TOP_UP.search(piece.task_type) or TOP_UP.search(reason)
    return ("top_up" if is_top_up else "bonus"), reason


def _count(group: Counter[str], piece: Piece, earned: int, at: Counter[str]) -> None:
    group["earned"] += earned
    if piece.kind == AWARD:
        return
    group["submitted" if piece.ended_as == HANDED_IN else "returned"] += 1
    if any(at[place] > 0 for place in EARNED_IN):
        group["accepted"] += 1
    elif at[REFUSED] > 0:
        group["refused"] += 1
    elif at[PENDING] > 0:
        group["undecided"] += 1


def hours(background: Background, account: Account) -> Hours:
    """Return the period's time: A, B and C from the ledger's weeks, and C by kind of work."""
    tests = [week.test for week in account.weeks]
    a, b, c = (
        Span(sum(span.low_ms for span in spans), sum(span.high_ms for span in spans))
        for spans in ([test.a for test in tests], [test.b for test in tests],
                      [test.c for test in tests])
    )  # fmt: skip
    measured = sum(week.measured_ms for week in account.weeks)
    permille = measured * 1000 // b.high_ms if b.high_ms else 0
    return Hours(a, b, c, permille, _kinds(background, account))


def _kinds(background: Background, account: Account) -> tuple[KindHours, ...]:
    """Return the time by kind: each piece's share of the union of all, so they add up to C."""
    low: Counter[str] = Counter()
    high: Counter[str] = Counter()
    for week in background.weeks:
        gap = next((x.merge_gap_ms for x in reversed(background.floors)
                    if x.from_on <= week.starts_on), 0)  # fmt: skip
        latest = NOTHING_BEFORE
        for piece in account.pieces:
            start, end = max(piece.started, week.start_ms), min(piece.ended, week.end_ms)
            if piece.kind not in EVERYTHING or start >= end:
                continue
            share, latest = share_of(latest, start, end, gap)
            least = [x for x in (piece.active_ms, piece.said_ms) if x is not None]
            caps = [part(x, piece.started, piece.ended, start, end) for x in least]
            high[piece.kind] += share
            low[piece.kind] += min(share, *caps) if caps else share
    for piece in account.pieces:
        if piece.started == piece.ended:  # only its length is known
            high[piece.kind] += piece.wall_ms if piece.wall_ms is not None else piece.active_ms or 0
    return tuple(
        _kind(kind, Span(low[kind], high[kind]), [x for x in account.pieces if x.kind == kind])
        for kind in KINDS
        if kind != AWARD and any(piece.kind == kind for piece in account.pieces)
    )


def _kind(kind: str, time: Span, pieces: list[Piece]) -> KindHours:
    ways = {measured_by(piece) for piece in pieces}
    return KindHours(
        kind=kind,
        time=time,
        rows=len(pieces),
        untimed_rows=sum(measured_by(piece) == "none" for piece in pieces),
        measured_by=ways.pop() if len(ways) == 1 else "mixed",
    )
