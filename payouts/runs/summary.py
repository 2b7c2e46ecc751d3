"""The summary of a run, to be kept beside its files: who let it go, what it pays, the answers.

It proves nothing by itself; the hashes say which files it speaks of.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from ledger.money import Money
from payouts.models import PayItem, PayRun
from payouts.runs.checks import TITLES
from payouts.statements.words import converted, count
from workers.models import User

ALONE = "One person drafted and approved it."


def lines(
    run: PayRun, items: Sequence[PayItem], hashes: Sequence[tuple[str, str]]
) -> Iterator[str]:
    """Yield the lines of a run's summary. hashes: of its files, by their names."""
    yield f"{run.vendor.name}: pay run {run.number}"
    yield f"All that is owed in {run.currency} for work that ended by {run.last_on.isoformat()}"
    yield f"Drafted by {_name(run.drafted_by)}, {run.drafted_at:%Y-%m-%d %H:%M} UTC"
    if run.approved_at is not None:
        yield f"Approved by {_name(run.approved_by)}, {run.approved_at:%Y-%m-%d %H:%M} UTC"
    if run.one_person:
        yield ALONE
    total = Money(sum(item.amount_micros for item in items), run.currency)
    yield f"{total} of what is owed is paid in {count(len(items), 'payment')}"
    out: Counter[str] = Counter()
    for item in items:
        micros, currency = item.goes_out
        out[currency] += micros
    for currency, micros in sorted(out.items()):
        yield f"Goes out: {Money(micros, currency)}"
    for rate in sorted({converted(one) for item in items for one in item.payout_rates}):
        yield f"Exchanged: {rate}"
    for code, answer in sorted(run.answers.items()):
        yield f"{TITLES[code][0]}: {answer}"
    for name, digest in hashes:
        yield f"SHA-256 of the file “{name}”: {digest}"


def _name(user: User | None) -> str:
    return user.username if user is not None else "the command line"
