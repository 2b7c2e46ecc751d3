"""The files that the vendor's work, payments and reports go to, and how to bring them in."""

import csv
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.sample import bank, days, delivered, remittances, work
from ledger.sample.cases import Finding
from ledger.sample.work import SOURCE, Payment, Work

if TYPE_CHECKING:
    from _csv import Writer

WORKERS_FILE = "tallgrass-work-{month}.csv"


class Import(NamedTuple):
    """A file, and what whoever brings it in should say of it.

    Of the remittances only the last is complete: with it, all that was paid is known.
    """

    file: str
    kind: str
    format: str
    exported_at: str
    complete: bool


class Files:
    """The CSV files that workers' rows go to, opened when the first row comes."""

    def __init__(self, out: Path, stack: ExitStack) -> None:
        self.out = out
        self.stack = stack
        self.writers: dict[str, Writer] = {}
        self.fees: Counter[str] = Counter()  # micros, by account

    def writer(self, name: str, columns: tuple[str, ...]) -> "Writer":
        if name not in self.writers:
            path = self.out / name
            stream = self.stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            self.writers[name] = csv.writer(stream, lineterminator="\n")
            self.writers[name].writerow(columns)
        return self.writers[name]

    def add_work(self, one: Work, account: str, country: str) -> None:
        """Write one work into its month's export, and into the first of two where there are two."""
        month = days.stamp(one.at_s)[:7]
        if month == days.TWICE_EXPORTED and not one.held_back:
            told = one.told_first or one
            early = work.exported(told, account, country, days.FIRST_SNAPSHOT_S)
            if early:
                name = WORKERS_FILE.format(month=f"{month}-first")
                self.writer(name, work.COLUMNS).writerow(early)
        if one.dropped:
            return
        row = work.exported(one, account, country, days.exported_s(month))
        assert row is not None
        if one.project in delivered.EVERYDAY and one.decisions[-1].status == "approved":
            self.add_delivered((one.external_id, account))
        self.writer(WORKERS_FILE.format(month=month), work.COLUMNS).writerow(row)

    def add_delivered(self, attempt: tuple[str, str]) -> None:
        """List an attempt, by its id and account, in the client's manifest."""
        self.writer(delivered.FILE, delivered.COLUMNS).writerow(attempt)

    def add_payments(self, account: str, payments: list[Payment]) -> None:
        self.fees[account] += sum(payment.lost_micros for payment in payments)
        for number, payment in enumerate(sorted(payments), start=1):
            name = remittances.file_name(payment)
            self.writer(name, remittances.COLUMNS).writerow(
                remittances.row(account, number, payment)
            )
            if payment.bank is not None:
                reported = bank.row(account, number, payment)
                self.writer(bank.FILE, bank.COLUMNS).writerow(reported)

    def taken(self) -> list[dict[str, object]]:
        """Return what is to be found of the fees: each account's, as they cost the worker."""
        why = "transfer fees were taken from the worker's pay"
        return [
            Finding("W19", micros, why).plan(account, SOURCE)
            for account, micros in self.fees.items()
            if micros
        ]

    def imports(self, batches: list[Import]) -> list[Import]:
        """Return all files in the order in which to bring them in, the early remittance first."""
        work_files = sorted(
            (_work_import(name) for name in self.writers if name.startswith("tallgrass-work")),
            key=lambda entry: (entry.exported_at, entry.file),
        )
        paid = sorted(name for name in self.writers if name.startswith("remittance"))
        early = [name for name in paid if "early" in name]
        on_time = [_remittance_import(name) for name in paid if name not in early]
        on_time[-1] = on_time[-1]._replace(complete=True)
        return [*map(_remittance_import, early), *work_files, *batches, *on_time]


def _work_import(name: str) -> Import:
    month = name.removeprefix("tallgrass-work-")[:7]
    first = name.endswith("-first.csv")
    at = days.FIRST_SNAPSHOT_S if first else days.exported_s(month)
    return Import(name, "work", "canonical", days.utc(at), complete=not first)


def _remittance_import(name: str) -> Import:
    return Import(name, "payouts", "remittance", days.utc(days.AS_OF_S), complete=False)
