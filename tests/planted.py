"""The made sample against what the scan finds in it: planted, found, false, near misses.

`make planted` prints the table: it makes the sample, brings it in by the real way in, in a database
of its own, and scans it.
"""

import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple


class Key(NamedTuple):
    """What a finding is about, by the vendor's own names. Account "": the vendor as a whole."""

    code: str
    account: str
    works: frozenset[str] = frozenset()
    week: str = ""
    days: frozenset[str] = frozenset()
    project: str = ""

    def __str__(self) -> str:
        about = ",".join(sorted(self.works)) or self.week or ",".join(sorted(self.days))
        return " ".join(filter(None, (self.code, self.account, about, self.project)))


@dataclass
class Outcome:
    """What became of the planted cases of one detector."""

    planted: int = 0
    found: int = 0
    flags: int = 0
    false: list[Key] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    wrong_stake: list[tuple[str, int, int]] = field(default_factory=list)  # planted, found
    near_misses: int = 0
    near_misses_flagged: list[str] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        """Add what became of the cases of the same detector at another vendor."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    @property
    def is_exact(self) -> bool:
        faults = (self.false, self.missing, self.wrong_stake, self.near_misses_flagged)
        return self.planted == self.found and not any(faults)


def bring_in(folder: Path, plan: dict[str, Any]):
    """Bring one vendor of the sample in by the real way in, and return it.

    All its files are done. The floor is in force from 2010 on and bridges no gap.
    """
    from ledger import agreeing, intake
    from ledger.models import WageFloor
    from ledger.money import Money, parse_micros
    from payouts import sample
    from tests import bringing

    if not WageFloor.objects.exists():
        agreeing.set_floor(
            hourly=Money(parse_micros(plan["floor"]), plan["currency"]),
            from_on=date(2010, 1, 1),
            reason="planted.json says so",
            decided_by="the sample",
            merge_gap_ms=0,
            at=bringing.AT,
        )
    loaded = sample.bring_in(folder=folder, plan=plan, at=bringing.AT)
    for imported in loaded.imports:
        assert imported.state == "done", (imported.name, imported.state, imported.refusal)
        # A test's transaction is never committed, so the file would stay.
        (intake.uploads() / imported.uuid.hex).unlink(missing_ok=True)
    for file in loaded.vendor.settlement_files.all():
        assert (file.state, file.problems) == ("done", []), (file.name, file.problems)
    return loaded.vendor


def found_in(vendor) -> dict[Key, int]:
    """Return what every open flag of a vendor asks for, in micros, by what it is about."""
    from payouts.models import Flag

    flags = Flag.objects.filter(vendor=vendor, resolved_at=None).select_related("engagement")
    return {
        key_of(flag.code, flag.engagement.account if flag.engagement else "", flag.evidence): (
            asked_for(flag.code, flag.stake_micros, flag.evidence)
        )
        for flag in flags
    }


def asked_for(code: str, stake_micros: int, evidence: dict[str, Any]) -> int:
    """Return what a finding asks for by itself. A week below the floor asks for what others leave.

    Flags hold what is left beside other findings, so that they add up; the plan names each whole.
    """
    elsewhere = 0 if code == "W28" else evidence.get("staked_elsewhere_micros", 0)
    return int(stake_micros + elsewhere)


def key_of(code: str, account: str, evidence: dict[str, Any]) -> Key:
    """Return what a finding is about, as the plan says it, as far as its evidence tells."""
    works = [
        one["external_id"] if isinstance(one, dict) else one for one in evidence.get("works", [])
    ]
    return Key(
        code,
        account,
        frozenset(map(str, works)),
        str(evidence.get("week") or ""),
        frozenset(map(str, evidence.get("days", []))),
        str(evidence.get("project") or evidence.get("record") or ""),
    )


def compare(plan: dict[str, Any], found: dict[Key, int]) -> dict[str, Outcome]:
    """Return the outcome by code.

    A case is found when the findings about it name exactly its works, as far as both name any, and
    their stakes add up to its own, where it has one. A finding about no such case is false.
    """
    table: dict[str, Outcome] = defaultdict(Outcome)
    explained: set[Key] = set()
    for entry in plan["planted"]:
        outcome = table[entry["code"]]
        outcome.planted += 1
        about = [key for key in found if _belongs(entry, key)]
        named = frozenset().union(*(key.works for key in about))
        if not about or (named and entry["works"] and named != set(entry["works"])):
            outcome.missing.append(_name(entry))
            continue
        explained.update(about)
        stake = sum(found[key] for key in about)
        if entry["stake_micros"] in (None, stake):
            outcome.found += 1
        else:
            outcome.wrong_stake.append((_name(entry), entry["stake_micros"], stake))
    for key in found:
        table[key.code].flags += 1
        if key not in explained:
            table[key.code].false.append(key)
    for entry in plan["near_misses"]:
        table[entry["code"]].near_misses += 1
        if any(_belongs(entry, key) for key in found):
            table[entry["code"]].near_misses_flagged.append(_name(entry))
    return dict(sorted(table.items()))


def all_compared(folder: Path, plan: dict[str, Any]) -> dict[str, Outcome]:
    """Bring all vendors of the sample in, scan each, and return the outcome by code."""
    from payouts import scanning

    whole: dict[str, Outcome] = defaultdict(Outcome)
    for one in (plan, *plan["further_vendors"]):
        vendor = bring_in(folder, one)
        as_of = datetime.fromisoformat(one["as_of"])
        scanning.scan(vendor=vendor, as_of=as_of, at=as_of)
        for code, outcome in compare(one, found_in(vendor)).items():
            whole[code].add(outcome)
    return dict(sorted(whole.items()))


def _belongs(entry: dict[str, Any], key: Key) -> bool:
    """Tell whether a finding is about a case: by the works, if both of them name any.

    Else by the week and the days, and by the project where the finding is about no one account.
    What only one of them names decides nothing: the account has no other case of this code.
    """
    accounts = entry["accounts"]
    if key.code != entry["code"] or (key.account and accounts and key.account not in accounts):
        return False
    if key.works and entry["works"]:
        return bool(key.works & set(entry["works"]))
    both = []
    for name in ("week", "days") if key.account else ("week", "days", "project"):
        ours, theirs = _names(entry[name]), _names(getattr(key, name))
        if ours and theirs:
            both.append(bool(ours & theirs))
    return all(both) and (bool(key.account) or bool(both) or not accounts)


def _names(value: Any) -> frozenset[str]:
    """Return one name, or several, as a set; what is not said is the empty one."""
    return frozenset([value] if isinstance(value, str) else value or []) - {""}


def _name(entry: dict[str, Any]) -> str:
    """Return how a case is called where it is printed."""
    about = ",".join(entry["works"]) or entry["week"] or entry["project"] or ""
    return " ".join(filter(None, (entry["code"], entry["account"], about)))


def as_text(table: dict[str, Outcome], judged: Collection[str] | None = None) -> str:
    """Return the table as lines to print. judged: the codes that have a detector; None: all."""
    lines = ["       planted  found  false  near misses  of them flagged"]
    for code, outcome in table.items():
        if judged is not None and code not in judged:
            lines.append(
                f"{code}  {outcome.planted:9} {'no detector':>13} {outcome.near_misses:12}"
            )
            continue
        lines.append(
            f"{code}  {outcome.planted:9} {outcome.found:6} {len(outcome.false):6}"
            f" {outcome.near_misses:12} {len(outcome.near_misses_flagged):16}"
        )
        lines += [f"      not found: {case}" for case in outcome.missing]
        lines += [f"      false: {key}" for key in sorted(map(str, outcome.false))]
        lines += [f"      stake: {case}" for case in outcome.wrong_stake]
    return "\n".join(lines)


def main() -> int:
    """Make the sample, bring it in, scan it and print the table; 0 if found is what was planted.

    Codes that no detector looks for are shown, and not judged.
    """
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PAID_VAR"] = folder
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop("REDIS_URL", None)
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        from django.core.management import call_command

        from ledger.sample.writing import write_sample
        from payouts.detectors import CODES

        call_command("migrate", verbosity=0)
        sample = Path(folder) / "sample"
        table = all_compared(sample, write_sample(sample))
    print(as_text(table, CODES))
    return 0 if all(table[code].is_exact for code in table.keys() & set(CODES)) else 1


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    sys.exit(main())
