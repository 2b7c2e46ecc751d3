"""What all reports of one payment say together. Pure, and the same in whatever order they came.

A booked debit of the whole amount says that it arrived; several smaller ones that parts did. A
rejection, or a return of the whole, says that nothing did. Told twice is told once. What does not
fit changes nothing and is a conflict that is shown.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from ledger.money import Money, format_amount
from payouts.settlement import across
from payouts.settlement.across import Amounts, by_amount
from payouts.settlement.entries import IN, PENDING, REJECTED, RETURNED

SETTLED, REPEAT, CAME_BACK, CONFLICT, CURRENCY, WAITING = (
    "settled", "repeat", "returned", "conflict", "currency", "waiting",
)  # fmt: skip

AGAIN = "another report says the same of this payment"
TWICE = "the same statement has it twice, under two ids of the bank: it was paid twice"


class Paid(NamedTuple):
    """A payment, and what a remittance record has said of it: that it arrived, less this fee.

    payout: what its recipient was to get, where the run fixed it in another currency.
    """

    amount_micros: int
    currency: str
    has_arrived: bool = False
    fee_micros: int = 0
    payout: Money | None = None


class Report(NamedTuple):
    """One report of a payment. amount_micros: None says the whole."""

    id: int
    direction: str
    status: str
    amount_micros: int | None
    currency: str
    on: date | None
    fee_micros: int = 0
    bank_reference: str = ""
    reason_code: str = ""
    others: tuple[Money, ...] = ()  # the same money in other currencies, as far as it is told
    arrived: Money | None = None  # what the recipient got, where it was exchanged on the way
    is_untold: bool = False  # nothing in it says how much of the payment it is
    is_reckoned: bool = False  # the other amount is what this one is at the bank's rate
    file_id: int = 0  # that first told it

    @property
    def order(self) -> tuple[object, ...]:
        """The same for the same reports, whatever the order in which they came in."""
        return (
            self.on or date.max, not self.bank_reference, self.bank_reference,
            self.amount_micros or 0, -self.fee_micros,
        )  # fmt: skip

    def is_same_as(self, other: "Report") -> bool:
        """Whether both can be one movement: same day and amount, and no ids that differ."""
        differ = self.bank_reference and other.bank_reference
        return (self.on, self.amount_micros) == (other.on, other.amount_micros) and not (
            differ and self.bank_reference != other.bank_reference
        )

    def is_booked_beside(self, other: "Report") -> bool:
        """Whether one file has both, as movements that the bank tells apart."""
        names = {self.bank_reference, other.bank_reference}
        return self.file_id == other.file_id and len(names) == 2 and "" not in names


@dataclass(slots=True)
class Verdict:
    """Where a payment's money is. has_come_back: all of it is owed again.

    never_left: it has come back in that it was rejected.

    outcomes: what became of each report, and why, by its id.
    """

    received_micros: int = 0
    fee_micros: int = 0
    has_come_back: bool = False
    never_left: bool = False
    reason: str = ""
    on: date | None = None
    outcomes: dict[int, tuple[str, str]] = field(default_factory=dict)
    arrived_micros: int = 0  # while the reports are gone through
    exchanged: Money | None = None  # what the recipient got in all, where that was another currency


def judge(paid: Paid, reports: Collection[Report]) -> Verdict:
    """Return what these reports say of a payment together."""
    verdict = Verdict()
    in_order = sorted((in_currency(one, paid) for one in reports), key=lambda one: one.order)
    usable = []
    for one in in_order:
        if one.is_untold or one.currency not in ("", paid.currency):
            verdict.outcomes[one.id] = (CURRENCY, across.why_not(paid.currency, paid.payout))
        elif one.status == PENDING:
            verdict.outcomes[one.id] = (WAITING, "not booked yet; a later report says what became")
        elif one.amount_micros == 0:
            verdict.outcomes[one.id] = (
                WAITING,
                "it moves nothing; a later report says what became",
            )
        else:
            usable.append(one)
    rejections = [one for one in usable if one.status == REJECTED]
    backs = [one for one in usable if one.status != REJECTED and one.direction == IN]
    sent = [one for one in usable if one.status not in (REJECTED, RETURNED) and one.direction != IN]
    for one in usable:
        if one not in rejections and one not in backs and one not in sent:
            verdict.outcomes[one.id] = (CONFLICT, "it takes back money that had come in")
    _judge_sent(verdict, paid, sent)
    recalled = _judge_backs(verdict, paid, backs, sent)
    _judge_rejections(verdict, rejections)
    _contradict(verdict, sent)
    _settle(verdict, paid, recalled)
    if verdict.has_come_back or verdict.arrived_micros + verdict.fee_micros == paid.amount_micros:
        for one in in_order:
            if one.is_untold:
                verdict.outcomes[one.id] = (REPEAT, "what of it arrived is told otherwise")
    return verdict


def in_currency(one: Report, paid: Paid) -> Report:
    """Return a report in the payment's currency, as far as its amounts lead there.

    What comes back of an exchanged payment is never more than was sent: rates move meanwhile.
    """
    if one.amount_micros is None:
        return one
    sent = Money(paid.amount_micros, paid.currency)
    told = Amounts(Money(one.amount_micros, one.currency), one.others, one.fee_micros)
    if one.is_reckoned:
        told = told.to_the_coin(paid.payout or sent)
    found = across.converted(told, sent, paid.payout)
    if found is not None:
        one = one._replace(
            amount_micros=found.micros, currency=paid.currency, fee_micros=found.fee_micros,
            arrived=found.arrived,
        )  # fmt: skip
    elif one.direction != IN:
        return one._replace(is_untold=True)
    is_exchanged = paid.payout is not None or one.is_reckoned
    if is_exchanged and one.direction == IN and one.currency == paid.currency:
        return one._replace(amount_micros=min(one.amount_micros or 0, paid.amount_micros))
    return one


def _is_whole(one: Report, paid: Paid) -> bool:
    amount = one.amount_micros
    return amount is None or paid.amount_micros in (amount, amount + one.fee_micros)


def _judge_sent(verdict: Verdict, paid: Paid, sent: list[Report]) -> None:
    """Judge what went out: one report of the whole, or parts as long as they fit."""
    whole = [one for one in sent if _is_whole(one, paid)]
    if whole:
        verdict.fee_micros = min(paid.amount_micros, max(one.fee_micros for one in whole))
        verdict.arrived_micros = paid.amount_micros - verdict.fee_micros
        verdict.on = whole[0].on
        verdict.exchanged = min(
            (one.arrived for one in whole if one.arrived), key=by_amount, default=None
        )
        verdict.outcomes[whole[0].id] = (SETTLED, "")
        for number, one in enumerate(whole[1:], start=1):
            twice = any(one.is_booked_beside(other) for other in whole[:number])
            verdict.outcomes[one.id] = (CONFLICT, TWICE) if twice else (REPEAT, AGAIN)
    parts: list[Report] = []
    for one in sent:
        if one in whole:
            continue
        amount = one.amount_micros or 0
        if any(one.is_same_as(part) for part in parts):
            verdict.outcomes[one.id] = (REPEAT, AGAIN)
        elif verdict.arrived_micros + verdict.fee_micros + amount + one.fee_micros > (
            paid.amount_micros
        ):
            why = f"with it more would have gone out than the payment's {_said(paid.amount_micros)}"
            verdict.outcomes[one.id] = (CONFLICT, f"{_said(amount)}: {why}")
        else:
            parts.append(one)
            verdict.arrived_micros += amount
            verdict.fee_micros += one.fee_micros
            verdict.on = one.on
            verdict.outcomes[one.id] = (SETTLED, "")
    if parts and not whole:
        verdict.exchanged = across.total([one.arrived for one in parts])
        if paid.payout is not None and verdict.exchanged == paid.payout:  # each part was rounded
            verdict.arrived_micros = paid.amount_micros - verdict.fee_micros
    left = paid.amount_micros - verdict.arrived_micros - verdict.fee_micros
    for one in parts:
        if left:
            why = f"less than was sent: {_said(left)} are not accounted for and stay on their way"
            verdict.outcomes[one.id] = (SETTLED, why)


def _judge_backs(verdict: Verdict, paid: Paid, backs: list[Report], sent: list[Report]) -> int:
    """Judge what came back; return the micros of parts that did.

    Less than the whole is a return of the whole, of which the bank kept a part, unless debits tell
    that only a part had gone out. What was exchanged comes back at another rate: how much of it
    that is, the amount does not say.
    """
    recalled = 0
    counted: list[Report] = []
    went_whole = not sent or any(_is_whole(one, paid) for one in sent)
    for one in backs:
        amount = one.amount_micros if one.amount_micros is not None else paid.amount_micros
        if any(one.is_same_as(other) for other in counted):
            verdict.outcomes[one.id] = (REPEAT, AGAIN)
        elif amount > paid.amount_micros:
            why = f"more came back than the {_said(paid.amount_micros)} that were sent"
            verdict.outcomes[one.id] = (CONFLICT, f"{_said(amount)}: {why}")
        elif _is_whole(one, paid) or (one.status == RETURNED and went_whole):
            kept = paid.amount_micros - amount
            why = f"; {_said(kept)} of it were kept on the way back" if kept else ""
            _take_back(verdict, one, CAME_BACK, f"returned{_coded(one)}{why}")
            counted.append(one)
        else:
            recalled += amount
            counted.append(one)
            why = f"a part came back{_coded(one)}; it counts as on its way until it is explained"
            verdict.outcomes[one.id] = (CAME_BACK, why)
    return recalled


def _judge_rejections(verdict: Verdict, rejections: list[Report]) -> None:
    for number, one in enumerate(rejections):
        if number:
            verdict.outcomes[one.id] = (REPEAT, AGAIN)
        else:
            verdict.never_left = not verdict.has_come_back
            _take_back(verdict, one, REJECTED, f"rejected{_coded(one)}")


def _take_back(verdict: Verdict, one: Report, outcome: str, reason: str) -> None:
    if not verdict.has_come_back:
        verdict.has_come_back, verdict.reason, verdict.on = True, reason, one.on
    verdict.outcomes[one.id] = (outcome, reason)


def _contradict(verdict: Verdict, sent: list[Report]) -> None:
    """Show what went out and does not go with all of it being owed again."""
    if not verdict.has_come_back:
        return
    for one in sent:
        outcome, _ = verdict.outcomes[one.id]
        if verdict.on is not None and one.on is not None and one.on > verdict.on:
            why = "sent again after it had come back: give that payment a reference of its own"
            verdict.outcomes[one.id] = (CONFLICT, why)
        elif verdict.never_left:
            why = "it was booked, but another report says that it was rejected: it is owed again"
            verdict.outcomes[one.id] = (CONFLICT, why)
        elif outcome == SETTLED:
            verdict.outcomes[one.id] = (SETTLED, "all of it came back since")


def _settle(verdict: Verdict, paid: Paid, recalled: int) -> None:
    """Bring together what banks and the remittance record say arrived."""
    if verdict.has_come_back:
        verdict.received_micros = verdict.fee_micros = 0
        verdict.exchanged = None
        return
    if paid.has_arrived:
        verdict.fee_micros = max(verdict.fee_micros, paid.fee_micros)
        verdict.arrived_micros = paid.amount_micros - verdict.fee_micros
    verdict.received_micros = max(0, verdict.arrived_micros - recalled)


def _coded(one: Report) -> str:
    return f" ({one.reason_code})" if one.reason_code else ""


def _said(micros: int) -> str:
    return format_amount(micros)
