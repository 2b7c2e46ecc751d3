"""Reads a chunk of accounts into what their statements are filled from: QUERIES at most a chunk.

Reads under the vendor's lock, so that all figures are of one moment. Which facts a statement covers
and which weeks later facts changed is worked out here; filling.py does the rest without a database.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from ledger import exchanged
from ledger.agreed import PAYS_ON_APPROVAL, Floors
from ledger.models import Batch, Stream, WageFloor, WorkWeek
from ledger.moves import REFUSED
from ledger.periods import Period, Week, datetime_of, day_of, week_of, weeks_ending_in
from payouts.compliance.weeks import Payments
from payouts.runs import by_run
from payouts.runs.by_run import ByRun
from payouts.statements import held_back, rows, told
from payouts.statements.data import StatementData
from payouts.statements.held_back import Withheld
from payouts.statements.purses import Followed, Purse, follow, purse
from payouts.statements.rows import Move, Open, Payout, Piece, Revision
from payouts.statements.told import Told
from payouts.weekly import AccountWeek, judged, payments_of
from workers.models import Engagement, Vendor

ACCOUNTS = 50  # accounts a chunk
QUERIES = 22  # to read a chunk, however large it is


@dataclass(frozen=True)
class Background:
    """What holds for all statements of a vendor's period: read once a chunk, three queries."""

    vendor: Vendor
    period: Period
    weeks: tuple[Week, ...]
    at_ms: int
    payments: Payments
    floors: tuple[WageFloor, ...]  # oldest first

    @classmethod
    def of(cls, vendor: Vendor, period: Period, at_ms: int) -> "Background":
        """Read terms and floors, and how far payments are known. Three queries."""
        payments = payments_of([vendor], datetime_of(at_ms))[vendor.pk]
        floors = tuple(reversed(Floors.read().floors))
        weeks = tuple(weeks_ending_in(period, vendor.zone))
        return cls(vendor, period, weeks, at_ms, payments, floors)

    @property
    def start(self) -> int:
        """The first instant of the weeks that the statements are about."""
        return self.weeks[0].start_ms

    @property
    def end(self) -> int:
        """The first instant after them."""
        return self.weeks[-1].end_ms

    @property
    def as_of_on(self) -> date:
        """The day on which what is owed is aged."""
        return self.day(self.at_ms)

    def day(self, at_ms: int) -> date:
        """Return the date on the vendor's calendar."""
        return day_of(at_ms, self.vendor.zone)

    def currency(self) -> str:
        """Return the currency that hours are held against: the floor's, else the vendor's."""
        last_on = self.weeks[-1].starts_on
        in_force = [floor.currency for floor in self.floors if floor.from_on <= last_on]
        return in_force[-1] if in_force else self.vendor.currency

    def pays_on_approval(self, engagement: Engagement, piece: Piece) -> bool:
        """Tell whether what is approved of this piece of work is paid."""
        return self.payments.terms.pays_on_approval(
            source=engagement.source, project=piece.project, at_ms=piece.started
        )

    def all_on_approval(self, engagement: Engagement) -> bool:
        """Tell whether that is so of every piece, whatever its project."""
        return engagement.source in PAYS_ON_APPROVAL and not self.payments.terms.terms


@dataclass
class Account:
    """One account's facts, in all currencies."""

    engagement: Engagement
    head: int = 0  # the number of its last fact
    balances: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    before: list[Told] = field(default_factory=list)  # its statements, oldest first
    pieces: list[Piece] = field(default_factory=list)  # of the period, by time
    moves: list[Move] = field(default_factory=list)  # since the last statement
    revisions: list[Revision] = field(default_factory=list)  # since the last statement
    open: list[Open] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    weeks: list[AccountWeek] = field(default_factory=list)  # of the period
    late: dict[date, AccountWeek | None] = field(default_factory=dict)  # others that facts touched

    def currencies(self, main: str) -> list[str]:
        """Return the currencies of its statements; `main` where it has never had money."""
        return sorted(self.balances) or [main]

    def first_n(self, currency: str) -> int:
        """Return the number with which the next statement in this currency begins."""
        return max((one.n_to for one in self.before if one.currency == currency), default=0) + 1


@dataclass
class Chunk:
    """The facts of some accounts, and what they share."""

    accounts: dict[int, Account]
    others: dict[int, Piece] = field(default_factory=dict)  # work outside the period, by root
    purses: dict[int, Purse] = field(default_factory=dict)  # by root
    moves_of: dict[int, list[Move]] = field(default_factory=lambda: defaultdict(list))  # by root
    followed: dict[int, Followed] = field(default_factory=dict)  # by payment
    payments: dict[int, list[Payout]] = field(default_factory=lambda: defaultdict(list))
    by_run: dict[int, ByRun] = field(default_factory=dict)  # by payment
    origins: dict[int, tuple[int, str]] = field(default_factory=dict)
    roots: dict[int, tuple[str, str]] = field(default_factory=dict)  # of batches: uuid, root
    told: dict[int, StatementData] = field(default_factory=dict)  # earlier statements, by id


def read(background: Background, engagements: Sequence[Engagement]) -> Chunk:
    """Return the facts of these accounts."""
    chunk = Chunk({one.pk: Account(one) for one in engagements})
    _read_heads(background, chunk)
    _read_facts(background, chunk)
    _read_money(background, chunk)
    _read_weeks(background, chunk)
    _read_proof(chunk)
    chunk.told = told.read(_to_compare(background, chunk))
    return chunk


def _read_heads(background: Background, chunk: Chunk) -> None:
    ids = list(chunk.accounts)
    for pk, n in Stream.objects.filter(engagement__in=ids).values_list("engagement_id", "n"):
        chunk.accounts[pk].head = n
    for one in told.before(ids):
        chunk.accounts[one.engagement_id].before.append(one)
    for pk, currency, source, target, micros in rows.balances(ids):
        at = chunk.accounts[pk].balances[currency]
        at[source] -= micros
        at[target] += micros


def _read_facts(background: Background, chunk: Chunk) -> None:
    accounts = chunk.accounts
    main = background.currency()
    first = {
        pk: min(one.first_n(currency) for currency in one.currencies(main))
        for pk, one in accounts.items()
    }
    approving = [pk for pk, one in accounts.items() if background.all_on_approval(one.engagement)]
    for piece in rows.pieces_between(list(accounts), background.start, background.end):
        accounts[piece.engagement_id].pieces.append(piece)
    for move in rows.moves_from(first):
        accounts[move.engagement_id].moves.append(move)
    for revision in rows.revisions_from(first):
        accounts[revision.engagement_id].revisions.append(revision)
    for debt in rows.open_work(list(accounts), approving):
        accounts[debt.engagement_id].open.append(debt)
    for one in held_back.read(list(accounts)):
        accounts[one.engagement_id].withheld.append(one)
    wanted = {
        root
        for one in accounts.values()
        for root in (
            *(debt.work_id for debt in one.open),
            *(held.work_id for held in one.withheld),
            *(move.work_id for move in one.moves if move.work_id is not None),
        )
    }
    chunk.others = rows.pieces_of(wanted - _roots(chunk))


def _roots(chunk: Chunk) -> set[int]:
    return {piece.root_id for one in chunk.accounts.values() for piece in one.pieces}


def _read_money(background: Background, chunk: Chunk) -> None:
    """Follow the money of the period's work, and of earlier work that was refused meanwhile."""
    refused = {
        move.work_id or 0
        for one in chunk.accounts.values()
        for move in one.moves
        if move.target == REFUSED
    }
    late = {
        root
        for root in refused & chunk.others.keys()
        if chunk.others[root].ended < background.start
    }
    wanted = _roots(chunk) | late
    for move in rows.moves_of(wanted):
        chunk.moves_of[move.work_id or 0].append(move)
    known = [*chunk.moves_of.values(), *(one.moves for one in chunk.accounts.values())]
    payments = {move.payment_id for moves in known for move in moves if move.payment_id is not None}
    across = exchanged.known(payments)
    worth = exchanged.worth(across, background.vendor.zone)
    chunk.followed = follow(rows.sent(payments), across, worth)
    payouts = rows.payouts(payments)
    chunk.by_run = by_run.read(payouts)
    for row in payouts:
        chunk.payments[row.engagement_id].append(row)
    shares = {payment: followed.shares() for payment, followed in chunk.followed.items()}
    for one in chunk.accounts.values():
        for piece in one.pieces:
            on_approval = background.pays_on_approval(one.engagement, piece)
            chunk.purses[piece.root_id] = purse(
                chunk.moves_of.get(piece.root_id, ()), shares, on_approval
            )
    for root in late:
        chunk.purses[root] = purse(chunk.moves_of[root], shares, False)


def _read_weeks(background: Background, chunk: Chunk) -> None:
    """Read the period's weeks, and those outside it that an earlier statement told otherwise."""
    own = {week.starts_on for week in background.weeks}
    touched: set[date] = set()
    for one in chunk.accounts.values():
        for starts_on in _touched(background, one, chunk.others):
            if starts_on not in own and told.covering(one.before, starts_on):
                one.late[starts_on] = None
                touched.add(starts_on)
    found = WorkWeek.objects.filter(
        engagement__in=list(chunk.accounts), starts_on__in=own | touched
    ).order_by("engagement_id", "starts_on")
    for week in judged(found, {background.vendor.pk: background.payments}):
        account, starts_on = chunk.accounts[week.engagement_id], week.test.starts_on
        if starts_on in own:
            account.weeks.append(week)
        elif starts_on in account.late:
            account.late[starts_on] = week


def _touched(background: Background, one: Account, others: dict[int, Piece]) -> set[date]:
    """Return the weeks that the facts since the last statement have something to do with."""
    if not one.before:
        return set()
    zone = background.vendor.zone
    spans = {(revision.started, revision.ended) for revision in one.revisions}
    by_root = {piece.root_id: piece for piece in one.pieces} | others
    for move in one.moves:
        piece = by_root.get(move.work_id or 0)
        if piece is not None:
            spans.add((piece.started, piece.ended))
    found = set()
    for start, end in spans:
        week = week_of(start, zone)
        found.add(week.starts_on)
        while week.end_ms < end:
            week = week_of(week.end_ms, zone)
            found.add(week.starts_on)
    return found


def _read_proof(chunk: Chunk) -> None:
    """Read the batches that the facts came in, and the lines of what an undoing posted last."""
    batches = {
        batch_id
        for one in chunk.accounts.values()
        for batch_id in (
            *(piece.batch_id for piece in one.pieces),
            *(move.batch_id for move in one.moves),
            *(revision.batch_id for revision in one.revisions),
        )
    }
    for pk, uuid, root in Batch.objects.filter(pk__in=batches).values_list(
        "pk", "uuid", "merkle_root"
    ):
        chunk.roots[pk] = (str(uuid), bytes(root).hex())
    lineless = [piece for one in chunk.accounts.values() for piece in one.pieces if not piece.line]
    if lineless:
        chunk.origins = rows.origins(lineless)


def _to_compare(background: Background, chunk: Chunk) -> set[int]:
    """Return the ids of the earlier statements whose figures are needed."""
    wanted = set()
    for one in chunk.accounts.values():
        same = [entry for entry in one.before if entry.period == background.period.label]
        wanted |= {entry.id for entry in same}
        for starts_on in one.late:
            since = min(entry.id for entry in told.covering(one.before, starts_on))
            wanted |= {entry.id for entry in one.before if entry.id >= since}
    return wanted
