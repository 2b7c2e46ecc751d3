"""Fills one statement from one account's facts. No database, no clock: gather.py read it all."""

from collections import Counter
from dataclasses import replace
from datetime import date

from ledger.moves import ACCOUNTS, PAYABLE, REFUSED, VENDOR
from ledger.whereabouts import LOST
from payouts.runs.by_run import OTHERWISE
from payouts.statements import basis, held_back, told, work_done
from payouts.statements.data import BatchRoot, FactRange, Payee, Payer, Period, StatementData
from payouts.statements.figures import (
    AccountMovement,
    FloorWeek,
    OwedItem,
    Payment,
    RefusedItem,
    Totals,
    UndecidedItem,
    WithheldItem,
    age,
    age_code,
)
from payouts.statements.gather import Account, Background, Chunk
from payouts.statements.purses import ON_APPROVAL
from payouts.statements.rows import Move
from payouts.weekly import AccountWeek

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
LATE = ("to_16", "to_30", "to_60", "over_60")


def fill(background: Background, chunk: Chunk, account: Account, currency: str) -> StatementData:
    """Return the statement of one account and currency, without a number, as a first version."""
    home = currency == home_of(background, account)
    covered = Covered(background, chunk, account, currency)
    work = work_done.of(background, chunk, account, currency, home)
    weeks = tuple(_week(week, currency, work.by_week) for week in account.weeks)
    owed, undecided, refused = covered.owed(), covered.undecided(), covered.refused(work)
    totals = _totals(work, weeks, owed, undecided, refused, background.as_of_on)
    return StatementData(
        number="",
        version=1,
        replaces=None,
        issued_at_ms=background.at_ms,
        as_of_on=background.as_of_on,
        period=_period(background),
        payer=Payer(background.vendor.name),
        worker=Payee(
            f"Worker {account.engagement.pseudonym.hex[:8]}",
            account.engagement.account,
            account.engagement.source,
        ),
        currency=currency,
        facts=FactRange(account.first_n(currency), account.head),
        totals=totals,
        hours=work_done.hours(background, account),
        work=work.groups(),
        pay=work.pay(),
        weeks=weeks,
        payments=covered.payments(),
        ageing=age(owed, as_of_on=background.as_of_on),
        owed=owed,
        refused=refused,
        undecided=undecided,
        withheld=covered.withheld(),
        accounts=covered.accounts(sum(item.amount_micros for item in owed)),
        restated=told.restated(account.before, chunk.told, account.late, currency),
        dispute=basis.dispute(background),
        basis=basis.of(background, account, currency, home),
        batches=covered.batches(),
        lines=tuple(work.lines),
    )


def _totals(
    work: work_done.Work,
    weeks: tuple[FloorWeek, ...],
    owed: tuple[OwedItem, ...],
    undecided: tuple[UndecidedItem, ...],
    refused: tuple[RefusedItem, ...],
    as_of_on: date,
) -> Totals:
    late = _aged(owed, as_of_on, *LATE)
    return Totals(
        earned_micros=work.earned,
        received_micros=work.received,
        on_approval_micros=work.at[ON_APPROVAL],
        in_transit_micros=work.at["in_transit"],
        withheld_micros=work.at["withheld"],
        fees_micros=work.at["fees"],
        refused_micros=sum(item.amount_micros for item in refused),
        shortfall_micros=sum(week.shortfall_micros for week in weeks),
        owed_micros=sum(item.amount_micros for item in owed),
        overdue_micros=sum(item.amount_micros for item in late),
        overdue_since_on=min((item.due_on for item in late if item.due_on), default=None),
        not_known_micros=sum(item.amount_micros for item in _aged(owed, as_of_on, "not_known")),
        undecided_micros=sum(item.amount_micros or 0 for item in undecided),
        lost_on_exchange_micros=work.at[LOST],
    )


def home_of(background: Background, account: Account) -> str:
    """Return the currency of the statement that lists work without known pay, and its hours."""
    main = background.currency()
    currencies = account.currencies(main)
    return main if main in currencies else currencies[0]


def is_due(background: Background, chunk: Chunk, account: Account, currency: str) -> bool:
    """Tell whether there is something to state: work of the period, or news of before its end."""
    at_home = currency == home_of(background, account)
    if any(piece.currency == currency or at_home for piece in account.pieces):
        return True
    first = account.first_n(currency)
    for move in account.moves:
        if move.currency == currency and move.n >= first:
            piece = chunk.others.get(move.work_id or 0)
            at_ms = move.happened or (piece.ended if piece else background.start)
            if at_ms < background.end:
                return True
    return at_home and any(one.started < background.end for one in account.revisions)


def _period(background: Background) -> Period:
    period = background.period
    name = f"{MONTHS[period.first_on.month - 1]} {period.first_on.year}"
    return Period(name, period.first_on, period.last_on, background.vendor.zone)


def _week(week: AccountWeek, currency: str, received: Counter[date]) -> FloorWeek:
    """Return a week; in a statement of another currency than the floor's it has only its time.

    received: by week, followed to the micro, where the ledger's week rounds each piece down.
    """
    if week.currency == currency:
        if week.rates:
            return week.test  # it has pay in other currencies, which only the ledger's week counts
        known = week.test.received_micros is not None
        return replace(week.test, received_micros=received[week.test.starts_on] if known else None)
    return replace(
        week.test,
        earned_micros=None,
        received_micros=None,
        hourly_low_micros=None,
        hourly_high_micros=None,
        floor_micros=None,
        verdict="no_evidence",
        received_verdict="no_evidence",
        shortfall_micros=0,
    )


def _aged(owed: tuple[OwedItem, ...], as_of_on: date, *ages: str) -> list[OwedItem]:
    return [item for item in owed if age_code(item, as_of_on) in ages]


class Covered:
    """The facts that one statement covers: since the last one in its currency."""

    def __init__(
        self, background: Background, chunk: Chunk, account: Account, currency: str
    ) -> None:
        self.background, self.chunk, self.account = background, chunk, account
        self.currency = currency
        first = account.first_n(currency)
        self.moves = [
            move for move in account.moves if move.n >= first and move.currency == currency
        ]
        self.pieces = {piece.root_id: piece for piece in account.pieces}
        self.open = [one for one in account.open if one.currency == currency]

    def _pays_on_approval(self, root: int | None) -> bool:
        piece = self.pieces.get(root or 0) or self.chunk.others.get(root or 0)
        return piece is not None and self.background.pays_on_approval(
            self.account.engagement, piece
        )

    def owed(self) -> tuple[OwedItem, ...]:
        """Return what is approved and not sent, the longest due first."""
        until, day = self.background.payments.complete_until, self.background.day
        items = []
        for one in self.open:
            if one.payable <= 0 or self._pays_on_approval(one.work_id):
                continue
            piece = self.pieces.get(one.work_id) or self.chunk.others[one.work_id]
            due_on = None if one.due is None else day(one.due)
            known = until is not None and due_on is not None and due_on <= until
            items.append(
                OwedItem(
                    piece.external_id, piece.project, one.payable, day(piece.ended), due_on, known
                )
            )
        return tuple(sorted(items, key=lambda x: (x.due_on or date.max, x.earned_on)))

    def undecided(self) -> tuple[UndecidedItem, ...]:
        """Return what is handed in and not decided, oldest first."""
        day = self.background.day
        items = []
        for one in self.open:
            if one.pending <= 0:
                continue
            piece = self.pieces.get(one.work_id) or self.chunk.others[one.work_id]
            by = None if piece.decide_by is None else day(piece.decide_by)
            items.append(
                UndecidedItem(piece.external_id, piece.project, one.pending, day(piece.ended), by)
            )
        return tuple(sorted(items, key=lambda x: x.handed_in_on))

    def withheld(self) -> tuple[WithheldItem, ...]:
        """Return what is held back or taken off on the day of issue, by work."""
        pieces = self.chunk.others | self.pieces
        own = [one for one in self.account.withheld if one.currency == self.currency]
        return held_back.items(own, pieces, self.background.day)

    def refused(self, work: work_done.Work) -> tuple[RefusedItem, ...]:
        """Return the period's refused work, and earlier work that was refused meanwhile."""
        found = [(line.day_on, piece, at[REFUSED]) for line, piece, at in work.refused]
        late = {move.work_id or 0 for move in self.moves if move.target == REFUSED}
        for root in late & self.chunk.purses.keys() - self.pieces.keys():
            piece = self.chunk.others[root]
            micros = self.chunk.purses[root].at[REFUSED]
            found.append((self.background.day(piece.ended), piece, micros))
        items = []
        for _, piece, micros in sorted(found, key=lambda x: (x[0], x[1].external_id)):
            if micros > 0:
                last = _last_refusal(self.chunk.moves_of[piece.root_id])
                on = None if last.happened is None else self.background.day(last.happened)
                items.append(RefusedItem(piece.external_id, piece.project, micros, on, last.reason))
        return tuple(items)

    def payments(self) -> tuple[Payment, ...]:
        """Return the payments since the last statement, and those that paid the period's work."""
        day = self.background.day
        wanted = {move.payment_id for move in self.moves}
        for root in self.pieces:
            wanted.update(self.chunk.purses[root].paid_by)
        found = []
        for row in self.chunk.payments.get(self.account.engagement.pk, ()):
            if row.id not in wanted or row.currency != self.currency:
                continue
            followed = self.chunk.followed[row.id]
            arrived = followed.arrived if not followed.at["in_transit"] else None
            found.append(
                Payment(
                    row.reference,
                    day(row.sent_at),
                    None if arrived is None else day(arrived),
                    row.micros,
                    followed.at["fees"],
                    followed.works(),
                    *self.chunk.by_run.get(row.id, OTHERWISE),
                    exchange=followed.exchange(),
                )
            )
        return tuple(found)

    def accounts(self, owed: int) -> tuple[AccountMovement, ...]:
        """Return each account's opening balance, movements and closing balance.

        owed: what of `payable` is owed; the rest of it is paid, as its platform pays on approval.
        """
        closing = self.account.balances[self.currency].copy()
        closing[ON_APPROVAL], closing[PAYABLE] = closing[PAYABLE] - owed, owed
        added, taken = dict.fromkeys(closing, 0), dict.fromkeys(closing, 0)
        for move in self.moves:
            source, target = self._place(move, move.source), self._place(move, move.target)
            taken[source] = taken.get(source, 0) + move.micros
            added[target] = added.get(target, 0) + move.micros
        found = []
        for account in (*ACCOUNTS, ON_APPROVAL):
            plus, minus, now = added.get(account, 0), taken.get(account, 0), closing[account]
            if account != VENDOR and (plus or minus or now):
                found.append(AccountMovement(account, now - plus + minus, plus, minus, now))
        return tuple(found)

    def _place(self, move: Move, account: str) -> str:
        return (
            ON_APPROVAL if account == PAYABLE and self._pays_on_approval(move.work_id) else account
        )

    def batches(self) -> tuple[BatchRoot, ...]:
        """Return the batches that the facts came in, oldest first."""
        first = self.account.first_n(self.currency)
        ids = {move.batch_id for move in self.moves}
        ids |= {piece.batch_id for piece in self.account.pieces}
        ids |= {one.batch_id for one in self.account.revisions if one.n >= first}
        return tuple(BatchRoot(*self.chunk.roots[pk]) for pk in sorted(ids))


def _last_refusal(moves: list[Move]) -> Move:
    return [move for move in moves if move.target == REFUSED][-1]
