"""One floor for everyone: where a worker lives changes no figure.

The sample's workers live in six countries. Every one moves to the next country, all weeks are
computed again, and the figures are the same to the byte. That the comparison can fail is shown by
planting a rate that hangs on the country.
"""

import hashlib
import json
from datetime import date, datetime
from typing import Any

import pytest

from ledger import weeks
from ledger.models import WageFloor, WorkWeek
from ledger.sample.writing import write_sample
from payouts import sample
from payouts.compliance import report
from tests.bringing import floor_since_2010
from tests.repository.tree import modules, text
from workers.models import Engagement, Vendor

SMALL = {"workers": 60, "weeks": 9}
COMPUTED_BY_ITSELF = {"id", "vendor"}  # a rebuild numbers the rows anew


@pytest.fixture
def plan(tmp_path) -> dict[str, Any]:
    return {**write_sample(tmp_path, **SMALL), "folder": tmp_path}


@pytest.fixture
def vendor(db, plan) -> Vendor:
    """The sample's vendor, with everything brought in."""
    floor_since_2010()
    as_of = datetime.fromisoformat(plan["as_of"])
    return sample.bring_in(folder=plan["folder"], plan=plan, at=as_of).vendor


def figures(vendor: Vendor, plan: dict[str, Any]) -> str:
    """Compute all weeks again; return a digest of them and of all measures."""
    weeks.rebuild(vendor)
    names = [f.attname for f in WorkWeek._meta.fields if f.name not in COMPUTED_BY_ITSELF]
    rows = WorkWeek.objects.filter(vendor=vendor).order_by("engagement", "starts_on")
    measured = report.of(vendor=vendor, as_of=datetime.fromisoformat(plan["as_of"]))
    said = json.dumps([measured, list(rows.values_list(*names))], default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def everybody_moves(vendor: Vendor) -> set[str]:
    """Move every worker to the next country; return the countries."""
    people = list(Engagement.objects.filter(vendor=vendor))
    countries = sorted({person.country for person in people if person.country})
    for person in people:
        place = countries.index(person.country) if person.country else -1
        person.country = countries[(place + 1) % len(countries)]
    Engagement.objects.bulk_update(people, ["country"])
    return set(countries)


def test_where_a_worker_lives_changes_no_figure(vendor, plan):
    before = figures(vendor, plan)

    countries = everybody_moves(vendor)

    assert len(countries) == 6
    assert figures(vendor, plan) == before


def test_a_rate_that_hangs_on_the_country_would_be_seen(vendor, plan, monkeypatch):
    lower = WageFloor.objects.create(
        hourly_micros=5_000_000,
        currency="USD",
        kinds=["task"],
        merge_gap_ms=0,
        from_on=date(2009, 1, 5),
        decided_by="nobody",
        reason="planted: a floor for one country only",
        recorded_at=vendor.created_at,
    )
    make_week = weeks._week

    def week_by_country(vendor, engagement_id, starts_on, wage_floor, sums):
        country = Engagement.objects.get(pk=engagement_id).country
        wage_floor = lower if country == "KE" else wage_floor
        return make_week(vendor, engagement_id, starts_on, wage_floor, sums)

    monkeypatch.setattr(weeks, "_week", week_by_country)
    before = figures(vendor, plan)

    everybody_moves(vendor)

    assert figures(vendor, plan) != before


def test_no_module_that_computes_figures_knows_of_countries():
    computing = [
        path
        for path in modules("ledger", "payouts")
        if path.match("ledger/weeks.py")
        or path.match("ledger/agreed.py")
        or path.match("ledger/floor.py")
        or path.match("ledger/intervals.py")
        or path.match("ledger/snapshots.py")
        or {"compliance", "detectors"} & set(path.parts)
    ]

    assert len(computing) > 10
    assert not [str(path) for path in computing if "country" in text(path).lower()]
