"""Brings a made sample in, by the same doors as any vendor's files: for the demo, and to compare.

A plan is what `planted.json` holds: the vendor, what it agreed and promised, its files in their
order. What was agreed is recorded as of the day on which the plan says that it was. Brought in
again, nothing is added.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from ledger import agreeing, ending, intake, jobs, manifests, pledging, reference_rates
from ledger.models import Deactivation, Import
from ledger.money import Money, parse_micros
from payouts.runs import payee_file
from payouts.settlement import intake as settlement
from workers import naming, people
from workers.models import Vendor

Plan = dict[str, Any]


@dataclass
class Loaded:
    """What there is to judge: the vendor, and the moment as of which it is judged.

    fresh: a file was new.
    """

    vendor: Vendor
    as_of: datetime
    imports: list[Import] = field(default_factory=list)
    fresh: bool = False


def bring_in(*, folder: Path, plan: Plan, at: datetime) -> Loaded:
    """Bring one vendor of the sample in, from the files in `folder`; the floor is none of them."""
    vendor = vendor_named(plan["vendor"], plan["zone"], plan["currency"], at)
    _agree(vendor, plan, at)
    if "reference_rates" in plan:
        path = folder / plan["reference_rates"]
        reference_rates.bring_in(path=path, name=path.name, at=at)
    loaded = Loaded(vendor, _moment(plan["as_of"]))
    for one in plan["imports"]:
        take_in(loaded, folder / one["file"], one["kind"], at, **_declared(one, plan))
    for name in plan.get("manifests", []):
        manifests.bring_in(vendor=vendor, name=name, raw=(folder / name).read_bytes(), at=at)
    for name in plan.get("settlements", []):
        content = (folder / name).read_bytes()
        file, _ = settlement.receive(vendor=vendor, content=content, name=name, at=at)
        jobs.run(job_id=settlement.job_of(file).pk, at=at)
    _end(vendor, plan)
    if loaded.fresh and "payees" in plan:
        payee_file.bring_in(vendor=vendor, path=folder / plan["payees"], by=None, at=at)
    return loaded


def vendor_named(name: str, zone: str, currency: str, at: datetime) -> Vendor:
    """Return the vendor of this name, added where there is none."""
    there = Vendor.objects.filter(name=name).first()
    return there or people.add_vendor(name=name, currency=currency, zone=zone, at=at)


def take_in(loaded: Loaded, path: Path, kind: str, at: datetime, **declared: Any) -> None:
    """Bring one export or remittance in. Raises Refused."""
    imported, new = intake.receive(
        vendor=loaded.vendor, kind=kind, path=path, name=path.name, at=at, **declared
    )
    jobs.run(job_id=intake.job_of(imported).pk, at=at)  # also goes on with one that was cut off
    imported.refresh_from_db()
    loaded.imports.append(imported)
    loaded.fresh |= new


def _declared(one: dict[str, Any], plan: Plan) -> dict[str, Any]:
    """Return what whoever brings a file in says of it."""
    said = {"exported_at": _moment(one["exported_at"])}
    if one["kind"] == "payouts":
        known_until = _moment(plan["complete_until"]).date()
        return {**said, "complete_until": known_until if one["complete"] else None}
    return {**said, "complete": one["complete"]}


@transaction.atomic
def _agree(vendor: Vendor, plan: Plan, at: datetime) -> None:
    """Agree pay terms and rates, and record the courses; once."""
    if "terms" not in plan or vendor.pay_terms.exists():
        return
    terms = {**plan["terms"], "from_on": date.fromisoformat(plan["terms"]["from_on"])}
    threshold = _money(plan["payout_threshold"], plan["currency"])
    agreeing.set_terms(vendor=vendor, threshold=threshold, **terms, at=at)
    for one in plan["rates"]:
        rate, recorded_at = _said(one)
        currency = rate.pop("currency")
        rate["amount"] = _money(rate["amount"], currency)
        agreeing.set_rate(vendor=vendor, **rate, at=recorded_at)
    for one in plan["courses"]:
        course, recorded_at = _said(one)
        pledging.publish(vendor=vendor, **course, at=recorded_at)


@transaction.atomic
def _end(vendor: Vendor, plan: Plan) -> None:
    """Record the promises and endings, of which some name an account; once."""
    if "promises" not in plan or vendor.promises.exists():
        return
    for one in plan["promises"]:
        _promise(vendor, one)
    for one in plan["closings"]:
        closing = {**one, "from_at": _moment(one["from_at"])}
        ending.close(vendor=vendor, **closing, at=closing["from_at"])
    for one in plan["deactivations"]:
        _deactivate(vendor, one)


def _promise(vendor: Vendor, one: dict[str, Any]) -> None:
    promise, recorded_at = _said(one)
    account, source = promise.pop("account"), promise.pop("source")
    promise["amount"] = _money(promise["amount"], promise.pop("currency"))
    engagement = naming.account_named(vendor, account, source) if account else None
    pledging.promise(vendor=vendor, engagement=engagement, **promise, at=recorded_at)


def _deactivate(vendor: Vendor, one: dict[str, Any]) -> Deactivation:
    """Deactivate an account, told as it took effect; and lift that where the plan says so."""
    from_at = _moment(one["from_at"])
    said = {
        "engagement": naming.account_named(vendor, one["account"], one["source"]),
        **{name: one[name] for name in ("code", "text", "decided_by")},
    }
    made = ending.deactivate(told_at=from_at, from_at=from_at, **said, at=from_at)
    return ending.lift(**said, at=_moment(one["lifted_at"])) if one["lifted_at"] else made


def _said(one: dict[str, Any]) -> tuple[dict[str, Any], datetime]:
    """Return an entry with its days as days, and when it was recorded."""
    days = {key: date.fromisoformat(text) for key, text in one.items() if key.endswith("_on")}
    entry = {**one, **days}
    return entry, _moment(entry.pop("recorded_at"))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _money(amount: str, currency: str) -> Money:
    return Money(parse_micros(amount), currency)
