"""What must be true of any ledger after any step: sums, numbers, revisions, proofs, weeks."""

from collections import Counter, defaultdict

from ledger import proofs, weeks
from ledger.models import Batch, Payment, Transfer, Work, WorkWeek
from ledger.moves import ADVANCE, FEES, IN_TRANSIT, MAY_GO_BELOW_ZERO, RECEIVED, VENDOR

WEEK_COLUMNS = [
    field.attname for field in WorkWeek._meta.local_fields if field.name not in ("id", "vendor")
]


def check_money(transfers: list[Transfer]) -> None:
    """Nothing is made or lost; nothing but `vendor` and `advance` is below zero."""
    for subject in ("engagement_id", "work_id", "payment_id"):
        at: dict[tuple[int | None, str], Counter[str]] = defaultdict(Counter)
        for transfer in transfers:
            key = getattr(transfer, subject), transfer.currency
            at[key][transfer.source] -= transfer.amount_micros
            at[key][transfer.target] += transfer.amount_micros
        for key, balances in at.items():
            if key[0] is None:
                continue
            assert sum(balances.values()) == 0, (subject, key)
            for name, micros in balances.items():
                outside = name in MAY_GO_BELOW_ZERO
                if subject == "payment_id":
                    outside = name not in (IN_TRANSIT, RECEIVED, FEES)
                if subject == "engagement_id" and name == ADVANCE:
                    assert micros <= 0, "more was met by what was paid ahead than there was"
                assert outside or micros >= 0, (subject, key, name, micros)
            assert balances[VENDOR] <= 0 or subject == "payment_id"


def check_streams(vendor) -> None:
    """The facts of an account are numbered 1 to n, and none is left out."""
    numbers: dict[int, list[int]] = defaultdict(list)
    for model in (Work, Payment, Transfer):
        for pk, n in model.objects.filter(engagement__vendor=vendor).values_list(
            "engagement_id", "n"
        ):
            numbers[pk].append(n)
    for pk, own in numbers.items():
        assert sorted(own) == list(range(1, len(own) + 1)), pk


def check_revisions(vendor) -> None:
    """Each revision but the last has one successor, which counts one more."""
    for model in (Work, Payment):
        rows = model.objects.filter(engagement__vendor=vendor).select_related("corrects")
        corrected = [row.corrects_id for row in rows if row.corrects_id]
        assert len(corrected) == len(set(corrected))
        for row in rows:
            earlier = row.corrects
            assert row.revision == (earlier.revision + 1 if earlier else 1)


def check_batches(vendor) -> None:
    """The commitments and totals of all batches follow from the facts that are stored."""
    for batch in Batch.objects.filter(vendor=vendor):
        assert proofs.recheck(batch) == []


def check_weeks(vendor) -> None:
    """The weeks as they were kept up are those that the facts give."""
    kept = list(WorkWeek.objects.filter(vendor=vendor).order_by("engagement", "starts_on")
                .values_list(*WEEK_COLUMNS))  # fmt: skip
    weeks.rebuild(vendor)
    built = list(WorkWeek.objects.filter(vendor=vendor).order_by("engagement", "starts_on")
                 .values_list(*WEEK_COLUMNS))  # fmt: skip
    assert kept == built
