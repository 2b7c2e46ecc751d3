"""The ledger's promises as plain dictionaries and numbers: what is owed, not how it is done.

An attempt is what its exports said, in the order in which they came in; its money follows from
that. Amounts are cents, durations minutes. `tests/ledger/histories.py` drives the ledger beside it.
"""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace

Key = tuple[int, int]  # an account, and an attempt or a payment's reference within it


@dataclass(frozen=True)
class Told:
    """One row of an export of work."""

    key: Key
    promise: int
    status: str  # submitted, approved, rejected, returned
    decided_on: int | None  # a day; None: undecided, or decided without a date
    start: int  # minutes after the attempt's usual start
    length: int
    has_clock: bool
    active: int


@dataclass(frozen=True)
class Paid:
    """One row of a remittance record."""

    key: Key
    amount: int
    arrived: bool
    fee: int
    lists: tuple[int, ...]  # attempts


@dataclass(frozen=True)
class Said:
    """A row that stands: what it said, and the day of its export."""

    told: Told
    as_of: int
    after_lapse: bool = False  # it came when the time to decide had run out


@dataclass
class Attempt:
    """What is known of one attempt, and where its money is. sent: by payment.

    withheld: what exports took back. held and remitted: what decisions took, by their number.
    """

    said: list[Said] = field(default_factory=list)
    pending: int = 0
    refused: int = 0
    payable: int = 0
    withheld: int = 0
    sent: Counter[int] = field(default_factory=Counter)
    held: Counter[int] = field(default_factory=Counter)
    remitted: Counter[int] = field(default_factory=Counter)
    lapsed: int = 0  # approved because nobody decided in time
    was_held: bool = False

    @property
    def taken(self) -> int:
        return self.held.total() + self.remitted.total()

    @property
    def earned(self) -> int:
        return self.payable + self.withheld + self.sent.total() + self.taken

    @property
    def money(self) -> tuple[int, int, int, int]:
        return self.pending, self.refused, self.payable, self.withheld + self.held.total()

    @property
    def newest(self) -> Said:
        return max(enumerate(self.said), key=lambda one: (one[1].as_of, one[0]))[1]

    def decided(self) -> tuple[tuple[str, int | None] | None, int]:
        """The decision that stands, and the most that an export approved.

        The later-dated stands, of two of one date the approval; without a date the first one does,
        and one that contradicts it counts for nothing.
        """
        stands: tuple[str, int | None] | None = None
        approved = 0
        for told, after_lapse in ((one.told, one.after_lapse) for one in self.said):
            what, day = told.status, told.decided_on
            if what not in ("approved", "rejected"):
                continue
            if stands is None and after_lapse and (what, day) == ("rejected", None):
                continue
            if stands is None:
                stands = what, day
            elif what == stands[0]:
                days = [one for one in (day, stands[1]) if one is not None]
                stands = what, max(days, default=None)
            elif day is None or stands[1] is None:
                continue
            elif (day, what == "approved") > (stands[1], stands[0] == "approved"):
                stands = what, day
            if what == "approved":
                approved = max(approved, told.promise)
        return stands, approved

    def settle(self) -> None:
        """Bring the money where the exports say that it has to be; what was sent stays sent."""
        high = max((one.told.promise for one in self.said), default=0)
        newest = self.newest.told.promise
        stands, approved = self.decided()
        approved = max(approved, self.lapsed)
        is_refused = stands is not None and stands[0] == "rejected"
        sent = self.sent.total() + self.taken
        self.pending = 0 if is_refused else max(0, newest - approved)
        self.refused = high - approved - self.pending
        owed = 0 if is_refused else max(0, min(approved, newest) - sent)
        self.payable = min(owed, approved - sent)
        self.withheld = approved - sent - self.payable

    def view(self) -> tuple[object, ...]:
        """What is known besides the money: interval, times, promise, decision."""
        clocks = [one.told for one in self.said if one.told.has_clock]
        newest = self.newest.told
        start = min((told.start for told in clocks), default=newest.start + newest.length)
        end = max(
            (told.start + told.length for told in clocks), default=newest.start + newest.length
        )
        longest = max(end - start, *(one.told.length for one in self.said))
        said = newest.length if newest.length < longest else None
        ended_as = "returned" if newest.status == "returned" else "submitted"
        return (
            start,
            end,
            longest,
            said,
            newest.active,
            newest.promise,
            ended_as,
            self.decided()[0],
        )


@dataclass
class Payment:
    """One payment, and where its money is. paid: what it settled when it was posted."""

    order: int
    row: Paid
    paid: Counter[Key] = field(default_factory=Counter)
    prepaid: int = 0  # at first
    received: int = 0
    fees: int = 0

    def arrive(self, row: Paid) -> bool:
        """Follow what a record says of arrival and fee; return whether it was news."""
        on_the_way = self.row.amount - self.received - self.fees
        if not row.arrived or not (on_the_way or row.fee > self.fees):
            return False
        self.fees = max(self.fees, row.fee)
        self.received = self.row.amount - self.fees
        return True


@dataclass
class Import:
    """One file that was brought in, with what it found before it, by attempt or payment."""

    kind: str
    rows: tuple[Told, ...] | tuple[Paid, ...]
    keys: set[Key]
    as_of: int
    ended: Counter[str] = field(default_factory=Counter)
    before: dict[Key, Attempt] = field(default_factory=dict)
    met: Counter[tuple[Key, int]] = field(default_factory=Counter)
    moved: set[Key] = field(default_factory=set)  # attempts whose money it moved
    made: list[int] = field(default_factory=list)  # payments
    arrived: dict[int, tuple[int, int]] = field(default_factory=dict)


class Model:
    """One vendor. due: the day on which an attempt's money is due, once approved."""

    def __init__(self, due: Callable[[Key], int]) -> None:
        self.due = due
        self.attempts: dict[Key, Attempt] = {}
        self.payments: dict[int, Payment] = {}  # by the number of its posting
        self.current: dict[Key, int] = {}  # which posting a reference means
        self.imports: list[Import] = []  # in force
        self.posted: list[Key] = []  # attempts in the order in which they were first seen

    # Work

    def work(self, rows: tuple[Told, ...], as_of: int) -> Import:
        """Bring an export in."""
        one = Import("work", rows, {told.key for told in rows}, as_of)
        changed: list[Key] = []
        for told in rows:
            attempt = self.attempts.setdefault(told.key, Attempt())
            one.before.setdefault(told.key, deepcopy(attempt))
            before = (attempt.money, attempt.view()) if attempt.said else None
            had = attempt.money
            attempt.said.append(Said(told, as_of, attempt.lapsed > 0))
            attempt.settle()
            one.moved |= {told.key} if attempt.money != had else set()
            after = attempt.money, attempt.view()
            end = "new" if before is None else "unchanged" if before == after else "changed"
            one.ended[end] += 1
            if end != "unchanged":
                changed += [told.key] if told.key not in changed else []
                self.posted += [told.key] if told.key not in self.posted else []
        self._meet(changed, one)
        self.imports.append(one)
        return one

    def _meet(self, changed: list[Key], one: Import) -> None:
        """What was paid ahead meets what the rows leave owed, the oldest payment first."""
        for number in sorted(self.current.values()):
            payment = self.payments[number]
            mine = [key for key in changed if key[0] == payment.row.key[0]]
            for key in mine:
                attempt = self.attempts[key]
                own = max(0, payment.paid[key] - attempt.sent[number])
                self._send(key, number, min(own, attempt.payable), one)
            left = payment.prepaid - sum(self._drawn(number).values())
            for key, cents in self._allocate(left, mine, payment.row.lists):
                self._send(key, number, cents, one)

    def _drawn(self, number: int) -> dict[Key, int]:
        """What attempts have of a payment's first surplus."""
        payment = self.payments[number]
        return {
            key: max(0, attempt.sent[number] - payment.paid[key])
            for key, attempt in self.attempts.items()
        }

    def _send(self, key: Key, number: int, cents: int, one: Import) -> None:
        self.attempts[key].payable -= cents
        self.attempts[key].sent[number] += cents
        one.met[key, number] += cents

    def _allocate(
        self, cents: int, keys: list[Key], lists: tuple[int, ...]
    ) -> list[tuple[Key, int]]:
        """The items that are listed; else the one due date with this sum; else the oldest due."""
        debts = [key for key in self.posted if key in keys and self.attempts[key].payable > 0]
        debts.sort(key=self.due)
        if lists:
            debts = [key for key in debts if key[1] in lists]
        else:
            for day in sorted({self.due(key) for key in debts}):
                same = [key for key in debts if self.due(key) == day]
                if sum(self.attempts[key].payable for key in same) == cents:
                    debts = same
                    break
        shares = []
        for key in debts:
            share = min(cents, self.attempts[key].payable)
            cents -= share
            shares.append((key, share))
        return shares

    # Payments

    def pay(self, rows: tuple[Paid, ...]) -> Import:
        """Bring a remittance record in."""
        one = Import("payouts", rows, {row.key for row in rows}, 0)
        for row in rows:
            number = self.current.get(row.key)
            if number is None:
                one.ended["new"] += 1
                one.made.append(self._new(row))
            elif self.payments[number].row.amount != row.amount:
                one.ended["conflict"] += 1
            else:
                payment = self.payments[number]
                before = payment.received, payment.fees
                news = payment.arrive(row)
                one.ended["changed" if news else "unchanged"] += 1
                if news:
                    one.arrived.setdefault(number, before)
        self.imports.append(one)
        return one

    def _new(self, row: Paid) -> int:
        number = len(self.payments)
        payment = self.payments[number] = Payment(number, row)
        self.current[row.key] = number
        mine = [key for key in self.attempts if key[0] == row.key[0]]
        shares = self._allocate(row.amount, mine, row.lists)
        for key, cents in shares:
            self.attempts[key].payable -= cents
            self.attempts[key].sent[number] += cents
            payment.paid[key] += cents
        payment.prepaid = row.amount - payment.paid.total()
        payment.arrive(row)
        return number

    # Undo

    def built_upon(self, one: Import) -> bool:
        """Whether a later import saw a row that this one saw."""
        later = self.imports[self.imports.index(one) + 1 :]
        return any(other.kind == one.kind and other.keys & one.keys for other in later)

    def undo(self, one: Import) -> None:
        """Take an import back: each attempt is where it stood, but for what was paid by now."""
        self.imports.remove(one)
        if one.kind == "payouts":
            self._undo_payments(one)
            return
        for key, before in one.before.items():
            attempt = self.attempts[key]
            now = attempt.sent
            met = {number: cents for (met, number), cents in one.met.items() if met == key}
            for number, cents in met.items():
                now[number] = max(0, now[number] - cents)
            if key in one.moved or met:
                self.attempts[key] = restored = self._restored(before, now)
            else:
                self.attempts[key] = restored = replace(attempt, said=before.said)
            restored.was_held = attempt.was_held
            if restored.was_held and restored.said:
                restored.settle()

    def _restored(self, before: Attempt, now: Counter[int]) -> Attempt:
        """An attempt as it stood, without what decisions took; now: what payments have sent."""
        allowed = before.payable + before.sent.total() + before.taken
        restored = replace(before, sent=Counter(), held=Counter(), remitted=Counter())
        for number in sorted(now):
            restored.sent[number] = min(allowed, now[number])
            allowed -= restored.sent[number]
        restored.payable = allowed
        return restored

    # Decisions and lapses

    def withhold(self, move: str, key: Key, number: int, cents: int) -> None:
        """Somebody decides to hold, deduct or remit."""
        attempt = self.attempts[key]
        attempt.was_held = True
        attempt.payable -= cents
        (attempt.remitted if move == "remit" else attempt.held)[number] += cents

    def release(self, numbers: set[int]) -> None:
        """What decisions held is given back, and goes where the exports say."""
        changed = [key for key in self.posted if numbers & (+self.attempts[key].held).keys()]
        for key in changed:
            attempt = self.attempts[key]
            attempt.payable += sum(attempt.held.pop(number, 0) for number in numbers)
            attempt.settle()
        self._meet(changed, Import("release", (), set(), 0))

    def lapse(self) -> None:
        """The time to decide runs out for all that is undecided."""
        changed = [key for key in self.posted if self.attempts[key].pending]
        for key in changed:
            attempt = self.attempts[key]
            attempt.lapsed = attempt.earned + attempt.pending
            attempt.payable += attempt.pending
            attempt.pending = 0
        self._meet(changed, Import("lapse", (), set(), 0))

    def _undo_payments(self, one: Import) -> None:
        for number, (received, fees) in one.arrived.items():
            self.payments[number].received, self.payments[number].fees = received, fees
        for number in one.made:
            payment = self.payments[number]
            del self.current[payment.row.key]
            payment.received = payment.fees = payment.prepaid = 0
            payment.paid.clear()
            for attempt in self.attempts.values():
                attempt.payable += attempt.sent.pop(number, 0)
        accounts = {self.payments[number].row.key[0] for number in one.made}
        owed_again = [key for key in self.posted if key[0] in accounts]
        self._meet(owed_again, Import("undo", (), set(), 0))
