"""What runs say of the payments that they made: how many persons let them go, what was paid out."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from payouts.models import PayItem


class Sent(Protocol):
    """A payment, however it was read: a run knows it by its account and reference."""

    @property
    def id(self) -> int:
        """Its id in the ledger."""

    @property
    def engagement_id(self) -> int:
        """The account that it was sent to."""

    @property
    def reference(self) -> str:
        """What the bank knows it by."""


class ByRun(NamedTuple):
    """How a run made a payment. one_person: whoever drafted the run also approved it."""

    one_person: bool = False
    payout_micros: int | None = None
    payout_currency: str = ""


OTHERWISE = ByRun()  # a payment that no run made


def read(payments: Iterable[Sent]) -> dict[int, ByRun]:
    """Return it for those of these payments that runs made, by their ids. At most one query."""
    by_key = {(one.engagement_id, one.reference): one.id for one in payments}
    if not by_key:
        return {}
    items = PayItem.objects.filter(
        engagement__in={pk for pk, _ in by_key}, reference__in={name for _, name in by_key},
        left_out="",
    )  # fmt: skip
    columns = ("run__one_person", "payout_micros", "payout_currency")
    return {
        by_key[engagement_id, reference]: ByRun(*said)
        for engagement_id, reference, *said in items.values_list(
            "engagement_id", "reference", *columns
        )
        if (engagement_id, reference) in by_key
    }
