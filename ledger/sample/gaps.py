"""Three small vendors of whose pay something was never recorded (W32).

W32 (docs/checks.md): where time or decisions are missing, or a kind of record as a whole, that is
told once, as a gap, and nothing is made of what is not known. Each of them lacks one thing: time,
payments, or what was delivered. None of it may be found as late pay or as work that was used.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ledger.sample import delivered, lost_money, remittances, work
from ledger.sample.agreed_rates import Rate
from ledger.sample.cases import AFTER
from ledger.sample.days import (
    AS_OF_S,
    DAY,
    FIRST_SNAPSHOT_S,
    LAST_EXPORT_S,
    MINUTE,
    due_s,
    moment,
    utc,
)
from ledger.sample.work import MICROS, SOURCE, Decision, Payment, Work

ACCOUNTS, WEEKS = 5, range(-9, -3)
PAY_MICROS = 8 * MICROS
REFUSED = 4  # of each worker's tasks, by its place


class Vendor(NamedTuple):
    """A vendor, the one kind of record that it lacks, and what must not be found of it instead.

    record: as which record it is told, where that says how much it is about.
    """

    name: str
    key: str
    lacks: str
    why: str
    code: str
    reason: str
    record: str = ""


VENDORS = (
    Vendor(
        "Fernhill Transcripts", "fernhill", "time",
        "of all its work it is not known how long it took",
        "W28", "a week without any time is unknown, and neither fair nor a fault", "time",
    ),
    Vendor(
        "Osprey Captions", "osprey", "payments",
        "its payments were never brought in",
        "W01", "whether it was paid is not known: the payments were never brought in",
    ),
    Vendor(
        "Kestrel Forms", "kestrel", "deliveries",
        "what it delivered was never brought in, and it refuses work",
        "W03", "refused; whether it was used is not known",
    ),
)  # fmt: skip


def write(out: Path, heading: dict[str, Any]) -> list[dict[str, object]]:
    """Write the files of all three; return the plan of each. heading: what all vendors share."""
    return [_write(out, vendor, heading) for vendor in VENDORS]


def planted() -> list[dict[str, object]]:
    """Return the gaps of the vendor that has all records: what they leave open of single cases."""
    return [
        _gap("bonuses were due whose words are unclear, or whose work is undecided", "conditions"),
        _gap("of one worker's week it is not known how long its work took", "time"),
    ]


def near_misses() -> list[dict[str, object]]:
    """Return what must not be found of the vendor that has all records."""
    reason = "one attempt in fifty has no clock; payments, decisions and deliveries are all there"
    return [_entry("W32", [], [], reason=reason, project="activity")]


def _write(out: Path, vendor: Vendor, heading: dict[str, Any]) -> dict[str, object]:
    works = {f"{vendor.key}-{n}": list(_works(vendor, n)) for n in range(1, ACCOUNTS + 1)}
    imports = list(_exports(out, vendor, works))
    manifest = f"{vendor.key}-manifest.csv"
    if vendor.lacks != "payments":
        name = f"{vendor.key}-payments.csv"
        _file(out / name, remittances.COLUMNS, _payments(works))
        imports.append(_import(name, "payouts", "remittance", LAST_EXPORT_S))
    if vendor.lacks != "deliveries":
        listed = [(one.external_id, account) for account, one in _approved(works)]
        _file(out / manifest, delivered.COLUMNS, listed)
    return {
        **heading,
        "vendor": vendor.name,
        "terms": lost_money.TERMS,
        "rates": [Rate(f"{vendor.key}-project", "task", "piece", PAY_MICROS).plan()],
        "courses": [],
        "manifests": [manifest] if vendor.lacks != "deliveries" else [],
        "imports": imports,
        "planted": [_gap(vendor.why, name) for name in sorted({"", vendor.record})],
        "near_misses": [
            _entry(vendor.code, [account], _concerned(vendor, ones), reason=vendor.reason)
            for account, ones in works.items()
        ],
    }


def _exports(
    out: Path, vendor: Vendor, works: dict[str, list[Work]]
) -> Iterator[dict[str, object]]:
    """Write all work twice, as it stood at two instants, so that the later can be compared."""
    for at, name in ((FIRST_SNAPSHOT_S, "work-first"), (LAST_EXPORT_S, "work")):
        rows = [
            work.exported(one, account, "KE", at) for account, ones in works.items() for one in ones
        ]
        file = f"{vendor.key}-{name}.csv"
        _file(out / file, work.COLUMNS, filter(None, rows))
        yield _import(file, "work", "canonical", at)


def _works(vendor: Vendor, number: int) -> Iterator[Work]:
    """Yield a worker's paid training, and two tasks a week, of which one is refused and was short.

    Where the vendor lacks time, all that is known of when they were is the decision.
    """
    yield _work(vendor, number, 0, "training", moment(WEEKS[0], number % 5, 8))
    for place in range(1, 2 * len(WEEKS) + 1):
        start = moment(WEEKS[(place - 1) // 2], number % 5, 9 + place % 2)
        yield _work(vendor, number, place, "task", start)


def _work(vendor: Vendor, number: int, place: int, category: str, start: int) -> Work:
    refused, timed = place == REFUSED, vendor.lacks != "time"
    length = (3 if refused else 15) * MINUTE
    decided = start + length + AFTER
    status, reason = ("rejected", f"wrong in {number} places") if refused else ("approved", "")
    return Work(
        f"{vendor.key}-{number}-{place}",
        f"{vendor.key}-project",
        category,
        category,
        start if timed else None,
        start + length if timed else None,
        (Decision(status, decided, reason),),
        PAY_MICROS,
        PAY_MICROS,
        active_s=length if timed else None,
        due_s=None if refused else due_s(decided),
    )


def _approved(works: dict[str, list[Work]]) -> Iterator[tuple[str, Work]]:
    for account, ones in works.items():
        for one in ones:
            if one.due_s is not None:
                yield account, one


def _payments(works: dict[str, list[Work]]) -> Iterator[list[str]]:
    for number, (account, one) in enumerate(_approved(works), start=1):
        assert one.due_s is not None
        if one.due_s <= AS_OF_S:
            sent = one.due_s - 3 * DAY
            paid = Payment(sent, PAY_MICROS, (one.external_id,), arrived_s=sent + DAY)
            yield remittances.row(account, number, paid)


def _concerned(vendor: Vendor, works: list[Work]) -> list[Work]:
    """Return which works of an account must not be found under the vendor's other code."""
    refused = vendor.lacks == "deliveries"
    return [one for one in works if (one.due_s is None) == refused]


def _entry(code: str, accounts: list[str], works: list[Work], **said: object) -> dict[str, object]:
    return {
        "code": code,
        "account": accounts[0] if accounts else "",
        "accounts": accounts,
        "source": SOURCE,
        "works": sorted(one.external_id for one in works) if code != "W28" else [],
        "week": None,
        "days": [],
        "project": "",
        **said,
    }


def _gap(why: str, record: str) -> dict[str, object]:
    """Return what is found once of a vendor. record: its name; "" where any tells of it."""
    return _entry("W32", [], [], stake_micros=None, kind="alone", why=why, project=record)


def _file(path: Path, columns: tuple[str, ...], rows: Any) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([columns, *rows])


def _import(name: str, kind: str, form: str, at: int) -> dict[str, object]:
    return {
        "file": name,
        "kind": kind,
        "format": form,
        "exported_at": utc(at),
        "complete": True,
    }
