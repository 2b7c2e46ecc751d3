"""Reads promised bonuses with what accounts did for them and were awarded: two queries a chunk.

The promises themselves are read once a scan; where a vendor made none, nothing is asked. What was
done and decided is that of the day asked. Who judges it is pure: ledger/promising.py.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db import connection

from ledger.balances import sql_of
from ledger.models import Promise
from ledger.moves import PENDING, REFUSED, VENDOR
from ledger.periods import DAY, midnight_ms
from ledger.promising import Pieces
from payouts.detectors.clock import Clock
from payouts.detectors.terms import Promised
from payouts.facts.asking import HAPPENED, among, among_names, is_newest
from workers.models import Vendor

QUERIES = 2  # where anything was promised


class Days(NamedTuple):
    """A promise, and its days in instants: [first_ms, after_ms), due before due_ms."""

    promise: Promise
    first_ms: int
    after_ms: int
    due_ms: int


class Piece(NamedTuple):
    """The newest revision of work in a project in which something was promised."""

    engagement_id: int
    root_id: int
    project: str
    task_type: str
    kind: str
    currency: str
    ended_at_ms: int
    decided_as: str
    decide_by_at_ms: int | None

    def counts_for(self, days: Days) -> bool:
        """Tell whether it is one of the pieces that a promise counts."""
        one = days.promise
        return (
            self.kind != "award"
            and self.project == one.project
            and one.task_type in ("", self.task_type)
            and days.first_ms <= self.ended_at_ms < days.after_ms
        )

    def keeps(self, days: Days) -> bool:
        """Tell whether it is an award of what was promised: it carries the promise's name."""
        one = days.promise
        named = (self.kind, self.project, self.task_type, self.currency)
        wanted = ("award", one.project, one.name, one.currency)
        return named == wanted and self.ended_at_ms >= days.first_ms


class Money(NamedTuple):
    """What became of a piece's pay by the day asked, in micros."""

    pending: int
    refused: int
    earned: int


def of(vendor: Vendor) -> tuple[Days, ...]:
    """Return all that a vendor promised. One query."""
    zone = vendor.zone
    return tuple(
        Days(
            one,
            midnight_ms(one.first_on, zone),
            midnight_ms(one.last_on + DAY, zone),
            midnight_ms(one.due_on + DAY, zone),
        )
        for one in Promise.objects.filter(vendor=vendor).order_by("pk")
    )


def read(promises: Sequence[Days], clocks: Mapping[int, Clock]) -> dict[int, list[Promised]]:
    """Return by account how it stands to each promise to it for which it handed anything in.

    clocks: of the accounts, all at one instant; each notes what it is compared with here.
    """
    if not promises or not clocks:
        return {}
    as_of_ms = int.__int__(next(iter(clocks.values())))
    pieces = _pieces(promises, clocks, as_of_ms)
    money = _money([piece.root_id for piece in pieces], as_of_ms)
    by_account: defaultdict[tuple[int, str], list[Piece]] = defaultdict(list)
    for piece in pieces:
        by_account[piece.engagement_id, piece.project].append(piece)
    found: defaultdict[int, list[Promised]] = defaultdict(list)
    for days in promises:
        for pk, clock in clocks.items():
            if days.promise.engagement_id in (None, pk):
                own = by_account.get((pk, days.promise.project), ())
                if any(piece.counts_for(days) for piece in own):
                    found[pk].append(_promised(days, own, money, clock))
    return found


def _promised(days: Days, own: Iterable[Piece], money: dict[int, Money], clock: Clock) -> Promised:
    counts: Counter[str] = Counter()
    awarded = 0
    for piece in own:
        if piece.counts_for(days):
            counts[_decision(piece, money.get(piece.root_id), clock)] += 1
        elif piece.keeps(days) and piece.root_id in money:
            awarded += money[piece.root_id].earned
    one = days.promise
    return Promised(
        promise_id=one.pk,
        name=one.name,
        project=one.project,
        text=one.text,
        counting=one.counting,
        pieces_at_least=one.pieces_at_least,
        pieces=Pieces(**counts),
        first_ms=days.first_ms,
        after_ms=days.after_ms,
        due_ms=days.due_ms,
        due_on=one.due_on,
        currency=one.currency,
        micros=one.amount_micros,
        awarded_micros=awarded,
    )


def _decision(piece: Piece, money: Money | None, clock: Clock) -> str:
    """Return where a piece of work stands: undecided while any of it is pending.

    Where its pay is not known, what an export said counts. A decision that is overdue counts as
    approval, as W02 has it: whoever does not decide does not save the bonus.
    """
    if money is None:
        decision = piece.decided_as or "undecided"
    elif money.pending > 0:
        decision = "undecided"
    else:
        decision = "refused" if money.refused > 0 and money.earned <= 0 else "approved"
    if decision != "undecided":
        return decision
    is_overdue = piece.decide_by_at_ms is not None and clock > piece.decide_by_at_ms
    return "approved" if is_overdue else decision


def _pieces(
    promises: Sequence[Days], engagement_ids: Collection[int], as_of_ms: int
) -> list[Piece]:
    """Return what was handed in or awarded in projects with promises. One query."""
    accounts, ids = among(engagement_ids)
    projects, names = among_names({days.promise.project for days in promises})
    columns = ", ".join(f"w.{name}" for name in Piece._fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {columns} FROM ledger_work w
                WHERE w.engagement_id {accounts} AND w.project {projects}
                  AND w.ended_as = 'submitted'
                  AND w.ended_at_ms BETWEEN %(first)s AND %(as_of)s AND {is_newest()}
                ORDER BY w.root_id""",
            {
                "ids": ids,
                "names": names,
                "first": min(days.first_ms for days in promises),
                "as_of": as_of_ms,
            },
        )
        return [Piece(*row) for row in cursor.fetchall()]


def _money(root_ids: list[int], as_of_ms: int) -> dict[int, Money]:
    """Return what became of these pieces' pay. One query; no entry where none was promised."""
    wanted, ids = among(root_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.work_id, {sql_of(PENDING)}, {sql_of(REFUSED)}, {sql_of(VENDOR)}
                FROM ledger_transfer t WHERE t.work_id {wanted} AND {HAPPENED}
                GROUP BY t.work_id""",
            {"ids": ids, "as_of": as_of_ms},
        )
        return {
            root: Money(pending, refused, -vendor - pending - refused)
            for root, pending, refused, vendor in cursor.fetchall()
        }
