"""The real bank files: what is read, what it is matched with: python -m tests.real.settlement.

`make settlement` prints a line a statement: entries, sums, whether opening balance and entries make
the closing one; then, for each file, what became of its entries. No ledger came with these files,
so each gets one, as if it were the report on a vendor's pay account. Of each three debits and
returned transfers, the vendor recorded the first with the bank's reference, the second with one of
its own that no bank knows, and the third not at all. Recipients are who the file says.
"""

import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

FOLDERS = ("settlement_camt", "settlement_mt940", "settlement_ofx")
HEADER = f"{'file':38} {'format':9} {'':3} entries{'in':>16}{'out':>16}  opening+entries=closing"


def files(data: Path) -> list[Path]:
    """Return the banks' files among the real files."""
    found = [path for folder in FOLDERS for path in sorted((data / folder).glob("*"))]
    return [path for path in found if path.suffix != ".md"]


class Reconciled(NamedTuple):
    """What became of a file's entries, counted, and how many of them the vendor had recorded.

    mistaken: entries that were matched with the payment of another one, and not by the id that both
    entries have.
    """

    recorded: int
    matched: Counter[str]  # by what: reference, account, name
    unmatched: Counter[str]  # by why: its vendor did not record it, or what the ledger says
    not_pay: int
    told_twice: int
    mistaken: int

    @property
    def entries(self) -> int:
        """All entries, each in one place."""
        ended = self.matched.total() + self.unmatched.total()
        return ended + self.not_pay + self.told_twice

    def __str__(self) -> str:
        """Return it as a line to print."""
        return (
            f"{self.recorded} recorded: {_said('matched', self.matched)}, "
            f"{_said('unmatched', self.unmatched)}, {self.not_pay} not about pay, "
            f"{self.told_twice} told twice"
        )


def _said(what: str, counts: Counter[str]) -> str:
    parts = ", ".join(f"{name}: {count}" for name, count in sorted(counts.items()))
    return f"{counts.total()} {what}" + (f" ({parts})" if parts else "")


def reconciled(path: Path, folder: Path) -> Reconciled:
    """Bring a file in at a vendor that recorded two of three of its payments; say what became."""
    from payouts.models import SettlementOutcome
    from payouts.settlement import formats
    from tests.payouts.settlement.bank import Bank

    bank = Bank(folder, name=path.name)
    entries = enumerate(formats.read(path.read_bytes()).entries, start=1)
    may_be_pay = [(number, entry) for number, entry in entries if _may_be_pay(entry)]
    recorded = dict(one for index, one in enumerate(may_be_pay) if index % 3 < 2)
    _record(bank, recorded)
    file = bank.report(path.read_bytes(), name=path.name)

    matched: Counter[str] = Counter()
    unmatched: Counter[str] = Counter()
    not_pay = mistaken = 0
    outcomes = SettlementOutcome.objects.filter(entry__file=file)
    for one in outcomes.select_related("entry", "payment__engagement"):
        number = one.entry.number
        if one.payment is not None:
            matched[f"by {one.matched_by}"] += 1
            is_its_own = one.payment.engagement.account == _worker(number)
            is_named = one.payment.reference == one.entry.end_to_end_id
            mistaken += not (is_its_own or is_named)
        elif one.outcome == "ignored":
            not_pay += 1
        else:
            unmatched[_why(one.reason) if number in recorded else "not recorded"] += 1
    told_twice = file.counts["known"]
    return Reconciled(len(recorded), matched, unmatched, not_pay, told_twice, mistaken)


def _why(reason: str) -> str:
    """Return why an entry is unmatched, without the reference that it names."""
    return re.sub("the reference .*", "its reference", reason.split(", and ")[-1])


def _may_be_pay(entry: Any) -> bool:
    """Tell whether an entry is money that left, or such money on its way back."""
    from payouts.settlement.entries import BOOKED, OUT

    if entry.direction == OUT:
        return entry.status == BOOKED and not entry.is_charge
    return entry.status != BOOKED


def _record(bank: Any, entries: dict[int, Any]) -> None:
    """Record the payments that entries tell of; every second with a reference no bank knows."""
    from tests.payouts.settlement.bank import NOW

    rows = defaultdict(list)
    for index, (number, entry) in enumerate(entries.items()):
        own = f"PAY-{number}"
        banks = entry.end_to_end_id or next(iter(entry.references), own)
        amount = f"{entry.amount_micros / 1_000_000:.6f}"
        sent = f"{entry.on or NOW.date()}T06:00:00Z"
        row = (own if index % 2 else banks, _worker(number), amount, {"sent": sent})
        rows[entry.currency].append(row)
    for currency, paid in rows.items():
        bank.paid(*paid, currency=currency)
    for number, entry in entries.items():
        if entry.account or entry.name:
            bank.payee(_worker(number), entry.name, entry.account)


def _worker(number: int) -> str:
    return f"worker-{number}"


def lines(path: Path, folder: Path) -> Iterator[str]:
    """Yield what is read of one file and what becomes of it, as lines to print.

    Raises ValueError where an entry got lost or the payment of another one.
    """
    from ledger.importers.reading import UnreadableFile
    from ledger.money import format_amount
    from payouts.settlement import formats
    from payouts.settlement.entries import IN, OUT

    try:
        report = formats.read(path.read_bytes())
    except UnreadableFile as error:
        yield f"{path.name[:38]:38} refused: {error}"
        return
    answers = {True: "yes", False: "NO", None: "not told"}
    for one in report.statements:
        money = "".join(f"{format_amount(one.sum_of(way)):>16}" for way in (IN, OUT))
        gap = f" by {format_amount(one.gap_micros)}" if one.gap_micros else ""
        entries = f"{report.format:9} {one.currency:3} {len(one.entries):7}"
        yield f"{path.name[:38]:38} {entries}{money}  {answers[one.agrees]}{gap}"
    for problem in report.all_problems:
        yield f"{'':38}   {problem.place}: {problem.value!r}: {problem.rule}"
    if report.entries:
        became = reconciled(path, folder)
        yield f"{'':38}   {became}"
        if became.entries != len(report.entries) or became.mistaken:
            raise ValueError(f"{path.name}: {len(report.entries)} entries became {became!r}")


def main() -> int:
    """Print the table of all files."""
    from tests.real.oracle import own_database
    from tests.surroundings import real_data

    with own_database(), tempfile.TemporaryDirectory() as folder:
        print(HEADER)
        for path in files(real_data()):
            print("\n".join(lines(path, Path(folder))), flush=True)
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    sys.exit(main())
