"""The made sample against what the scan finds in it: planted, found, false, near misses.

`make planted` prints the table: it makes the sample, brings it in by the real way in, in a database
of its own, and scans it.
"""

import os
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

Key = tuple[str, str, str]  # code, account, and the works or the week


@dataclass
class Outcome:
    """What became of the planted cases of one detector."""

    planted: int = 0
    found: int = 0
    false: list[Key] = field(default_factory=list)
    missing: list[Key] = field(default_factory=list)
    wrong_stake: list[tuple[Key, int, int]] = field(default_factory=list)  # planted, found
    near_misses: int = 0
    near_misses_flagged: list[Key] = field(default_factory=list)

    @property
    def is_exact(self) -> bool:
        faults = (self.false, self.missing, self.wrong_stake, self.near_misses_flagged)
        return self.planted == self.found and not any(faults)


def bring_in(folder: Path, plan: dict[str, Any]):
    """Bring the sample's files in, in the order of the plan, by the real way in.

    Returns the vendor. The floor is in force from 2010 on and bridges no gap.
    """
    from ledger import agreeing
    from ledger.money import Money, parse_micros
    from tests import bringing
    from workers.models import Vendor

    as_of = datetime.fromisoformat(plan["as_of"])
    agreeing.set_floor(
        hourly=Money(parse_micros(plan["floor"]), plan["currency"]),
        from_on=date(2010, 1, 1),
        reason="planted.json says so",
        decided_by="the sample",
        merge_gap_ms=0,
        at=as_of,
    )
    vendor = Vendor.objects.create(
        name=plan["vendor"],
        slug="planted",
        currency=plan["currency"],
        zone=plan["zone"],
        created_at=as_of,
    )
    for entry in plan["imports"]:
        declared: dict[str, Any] = {"complete": entry["complete"]}
        if entry["kind"] == "payouts":
            reach = datetime.fromisoformat(plan["complete_until"]).date()
            declared = {"complete_until": reach if entry["complete"] else None}
        bringing.bring_in(
            vendor,
            folder / entry["file"],
            kind=entry["kind"],
            exported_at=datetime.fromisoformat(entry["exported_at"]),
            **declared,
        )
    return vendor


def found_in(vendor) -> dict[Key, int]:
    """Return the stake in micros of every open flag of a vendor, by what it is about."""
    from payouts.models import Flag

    flags = Flag.objects.filter(vendor=vendor, resolved_at=None).select_related("engagement")
    flags = flags.exclude(subject__startswith="record ")  # kinds of record that are not there
    return {
        key_of(flag.code, flag.engagement.account if flag.engagement else "", flag.evidence): (
            flag.stake_micros
        )
        for flag in flags
    }


def key_of(code: str, account: str, evidence: dict[str, Any]) -> Key:
    """Return what a finding is about, as the plan says it: by the vendor's own names."""
    works = sorted(work["external_id"] for work in evidence.get("works", []))
    return code, account, ",".join(works) or str(evidence.get("week", ""))


def compare(plan: dict[str, Any], found: dict[Key, int]) -> dict[str, Outcome]:
    """Return the outcome by code: by account, works or week, and stake."""
    table: dict[str, Outcome] = defaultdict(Outcome)
    planted = {_key(entry): entry["stake_micros"] for entry in plan["planted"]}
    for key, stake in planted.items():
        outcome = table[key[0]]
        outcome.planted += 1
        if key not in found:
            outcome.missing.append(key)
        elif found[key] == stake:
            outcome.found += 1
        else:
            outcome.wrong_stake.append((key, stake, found[key]))
    for key in found.keys() - planted.keys():
        if key[0] in spoken_of(plan):
            table[key[0]].false.append(key)
    for entry in plan["near_misses"]:
        table[entry["code"]].near_misses += 1
        if any(_touches(entry, key) for key in found):
            table[entry["code"]].near_misses_flagged.append(_key(entry))
    return dict(sorted(table.items()))


def spoken_of(plan: dict[str, Any]) -> set[str]:
    """Return the codes of which the plan says all that is to be found."""
    return {entry["code"] for entry in (*plan["planted"], *plan["near_misses"])} | {"W32"}


def _key(entry: dict[str, Any]) -> Key:
    about = ",".join(entry["works"]) if entry["code"] != "W28" else entry["week"]
    return entry["code"], entry["account"], about


def _touches(near_miss: dict[str, Any], key: Key) -> bool:
    """Tell whether a finding is about the same week, or about any of the same works."""
    code, account, about = key
    if (code, account) != (near_miss["code"], near_miss["account"]):
        return False
    return about == near_miss["week"] or bool(set(about.split(",")) & set(near_miss["works"]))


def as_text(table: dict[str, Outcome]) -> str:
    """Return the table as lines to print."""
    lines = ["       planted  found  false  near misses  of them flagged"]
    for code, outcome in table.items():
        lines.append(
            f"{code}  {outcome.planted:9} {outcome.found:6} {len(outcome.false):6}"
            f" {outcome.near_misses:12} {len(outcome.near_misses_flagged):16}"
        )
        lines += [f"      not found: {key}" for key in outcome.missing]
        lines += [f"      false: {key}" for key in sorted(outcome.false)]
        lines += [f"      stake: {case}" for case in outcome.wrong_stake]
    return "\n".join(lines)


def main() -> int:
    """Make the sample, bring it in, scan it and print the table; 0 if found is what was planted."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PAID_VAR"] = folder
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop("REDIS_URL", None)
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        from django.core.management import call_command

        from ledger.sample.writing import write_sample
        from payouts import scanning

        call_command("migrate", verbosity=0)
        plan: dict[str, Any] = write_sample(Path(folder) / "sample")
        vendor = bring_in(Path(folder) / "sample", plan)
        as_of = datetime.fromisoformat(plan["as_of"])
        scanning.scan(vendor=vendor, as_of=as_of, at=datetime.now(UTC))
        table = compare(plan, found_in(vendor))
    print(as_text(table))
    return 0 if all(outcome.is_exact for outcome in table.values()) else 1


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    sys.exit(main())
