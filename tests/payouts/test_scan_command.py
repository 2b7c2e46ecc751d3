"""manage.py scan: what it says, and what it refuses."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from ledger import jobs
from payouts import flagging, scanning
from tests import bringing, factories
from tests.payouts.exports import bring_payouts, bring_work, payment, pending, work

pytestmark = pytest.mark.django_db
AS_OF = "2026-11-02T06:00:00Z"


def scan(*arguments):
    out = StringIO()
    call_command("scan", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def vendor(tmp_path):
    bringing.floor_since_2010()
    one = factories.vendor()
    bring_work(one, tmp_path, work("ada", 1), pending("ben", 1, rate_amount="38.40"))
    bring_payouts(one, tmp_path, payment("somebody"))
    return one


def test_it_says_what_it_found_and_how_much_is_at_stake(vendor):
    text = scan("--as-of", AS_OF)

    nothing = sorted(set(flagging.TOLD) - {"W01", "W02", "W28", "W32"})
    assert text.splitlines() == [
        "Aster Labelling, as of 2026-11-02T06:00:00+00:00: 3 accounts, 3 of them looked at",
        "  W01 Approved work has not been paid: 1 found, 1 new, 0 resolved: 20.00 USD",
        "  W02 Work was handed in and never decided: 1 found, 1 new, 0 resolved: 38.40 USD",
        "  W28 A week's work earned less than the hourly floor: 1 found, 1 new, 0 resolved",
        "  W32 Something is not on record: 7 found, 7 new, 0 resolved",
        f"  Found nothing: {', '.join(nothing)}",
        "  At stake: 58.40 USD",
    ]


def test_it_says_so_as_json_with_amounts_as_text(vendor):
    factories.vendor("Birch Data")

    first, second = map(json.loads, scan("--as-of", AS_OF, "--json").splitlines())

    assert first["at_stake"] == {"USD": "58.40"}
    assert first["flags"]["W01"] == {
        "title": "Approved work has not been paid",
        "found": 1,
        "new": 1,
        "resolved": 0,
        "at_stake": {"USD": "20.00"},
    }
    assert (second["vendor"], second["accounts"], second["at_stake"]) == ("Birch Data", 0, {})


def test_it_scans_one_vendor_when_one_is_named(vendor):
    factories.vendor("Birch Data")

    assert "Birch" not in scan("--vendor", "aster-labelling", "--as-of", AS_OF)


def test_it_says_when_nothing_is_at_stake():
    factories.vendor("Birch Data")

    assert scan().endswith("  At stake: nothing\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--vendor", "Astre"],
            "'Astre': there is no vendor of this name. Known: Aster Labelling.",
        ),
        (["--as-of", "yesterday"], "'yesterday': this is not a moment with its offset."),
        (["--as-of", "2026-11-02T06:00:00"], "this is not a moment with its offset."),
        (
            ["--as-of", "9999-12-31T23:59:59-05:00"],
            "'9999-12-31T23:59:59-05:00': years are 1990 to 2100. Correct the year.",
        ),
    ],
)
def test_it_refuses_what_it_does_not_understand(vendor, arguments, said):
    with pytest.raises(CommandError, match=said.replace(".", r"\.")):
        scan(*arguments)


def test_it_says_why_a_scan_failed(vendor, monkeypatch):
    def fail(job):
        raise jobs.Failed("the disk is full")
        yield

    monkeypatch.setitem(jobs.KINDS, "scan", fail)

    with pytest.raises(CommandError, match="The scan of Aster Labelling failed: the disk is full"):
        scan("--as-of", AS_OF)


def test_a_scan_that_a_worker_does_is_waited_for(vendor, monkeypatch):
    """A worker took the job first: its row says so, and that it is done."""
    real_run = jobs.run
    rounds = []

    def busy_first(*, job_id, at):
        rounds.append(job_id)
        return None if len(rounds) < 3 else real_run(job_id=job_id, at=at)

    monkeypatch.setattr(jobs, "run", busy_first)
    monkeypatch.setattr(scanning, "WAIT_S", 0.001)

    assert "1 found" in scan("--as-of", AS_OF)
    assert len(rounds) == 4  # twice in vain, the job, and the part that it shared out
