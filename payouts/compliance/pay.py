"""Where the money of one account's work is, from its transfers. Pure; amounts in whole micros."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ledger.exchanged import Worth
from ledger.moves import (
    ADVANCE,
    IN_TRANSIT,
    PENDING,
    RECEIVED,
    REFUSED,
    REMITTED,
    VENDOR,
    WITHHELD,
)
from ledger.whereabouts import LOST, Whereabouts

ON_THE_WAY = (IN_TRANSIT, ADVANCE)
UNPAID = "unpaid"  # no money was ever promised for it, or how much is not known


class Transfer(NamedTuple):
    """Money that moved, as much of it as is needed here."""

    engagement_id: int
    work_id: int | None
    payment_id: int | None
    source: str
    target: str
    currency: str
    micros: int


class Pay(NamedTuple):
    """Where the money of one piece of work is.

    received: what arrived of the payments that paid it, net of fees and of what was lost on
    exchange, each payment's part in proportion, a fraction of a micro down; and what was remitted
    for the worker.
    """

    earned: int = 0
    pending: int = 0
    refused: int = 0
    received: int = 0
    withheld: int = 0
    lost_on_exchange: int = 0

    @property
    def decision(self) -> str:
        """What was decided, told by where the money is; undecided while any of it is pending."""
        if self.pending:
            return "undecided"
        if self.earned:
            return "withheld" if self.withheld == self.earned else "approved"
        return "refused" if self.refused else UNPAID


NO_MONEY = Pay()


@dataclass
class Books:
    """The transfers of one account, added up by work, by payment and by currency."""

    of_work: defaultdict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    of_payment: defaultdict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    sent: defaultdict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    balances: Counter[tuple[str, str]] = field(default_factory=Counter)  # (currency, account)
    worth: Mapping[int, Worth] = field(default_factory=dict)  # of payments that were exchanged

    @classmethod
    def of(cls, transfers: Iterable[Transfer], worth: Mapping[int, Worth]) -> "Books":
        """Return the books of one account. worth: of those of its payments that were exchanged."""
        books = cls(worth=worth)
        for transfer in transfers:
            books.post(transfer)
        return books

    def post(self, transfer: Transfer) -> None:
        """Follow one transfer."""
        _, work_id, payment_id, source, target, currency, micros = transfer
        for account, change in ((source, -micros), (target, micros)):
            self.balances[currency, account] += change
            if work_id is not None:
                self.of_work[work_id][account] += change
                if payment_id is not None and account in ON_THE_WAY:
                    self.sent[work_id][payment_id] += change
            if payment_id is not None:
                self.of_payment[payment_id][account] += change

    def pay(self, work_id: int) -> Pay:
        """Return where the money of this work is, by the id of its first revision."""
        if work_id not in self.of_work:
            return NO_MONEY
        at, arrived = self.of_work[work_id], self._arrived(work_id)
        return Pay(
            earned=-at[VENDOR] - at[PENDING] - at[REFUSED],
            pending=at[PENDING],
            refused=at[REFUSED],
            received=at[REMITTED] + arrived[RECEIVED],
            withheld=at[WITHHELD],
            lost_on_exchange=arrived[LOST],
        )

    def accounts(self, work_id: int) -> Mapping[str, int]:
        """Return this work's money by account; what was sent is where its payments are."""
        at = Counter(self.of_work.get(work_id, {}))
        for account in ON_THE_WAY:
            at.pop(account, None)
        at.update(self._arrived(work_id))
        return at

    def _arrived(self, work_id: int) -> Counter[str]:
        """Return what was sent for this work by where it is now; the parts add up to it."""
        where: Counter[str] = Counter()
        for payment_id, micros in self.sent.get(work_id, {}).items():
            at = self.of_payment[payment_id]
            lost = self.worth[payment_id].lost(at[RECEIVED]) if payment_id in self.worth else 0
            where.update(Whereabouts.of(at, lost).part(micros))
        return where
