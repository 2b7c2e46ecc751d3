"""manage.py flags: what a vendor is asked, as a line or as JSON."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from tests import factories
from tests.payouts.flag_life.test_life import explain, look, the_flag

pytestmark = pytest.mark.django_db


def test_a_command_lists_where_flags_stand(vendor, staff, capsys):
    look(vendor)
    flag = explain(the_flag(), staff)

    call_command("flags", "--vendor", vendor.name, "--state", "explained")
    assert capsys.readouterr().out == (
        f"{flag.pk} W01 ada: 40.00 USD, explained. Due 12 Oct 2026, 2 pieces, 40.00 USD.\n"
    )
    call_command("flags", "--vendor", vendor.slug, "--json")
    assert '"state": "explained"' in capsys.readouterr().out
    with pytest.raises(CommandError, match="there is no vendor of this name"):
        call_command("flags", "--vendor", "Nobody")


def test_a_command_says_the_day_on_the_vendors_clock_and_nothing_that_is_not_the_vendors(capsys):
    account = factories.engagement(factories.vendor(zone="America/Los_Angeles"), "ada")
    due_at = datetime(2026, 11, 16, 3, tzinfo=UTC)  # still the fifteenth there
    evidence = {"project": "maps", "pieces": 1, "due_on": "2026-10-12"}
    factories.flag(account, subject="late", answer_due_at=due_at, evidence=evidence)
    factories.flag(account, subject="hours", code="W30", for_vendor=False)

    call_command("flags", "--vendor", account.vendor.slug)

    (line,) = capsys.readouterr().out.splitlines()
    assert "answer due 2026-11-15." in line
