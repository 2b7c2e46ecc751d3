"""docs/checks.md says what the checks do, by which numbers, and what they rest on."""

import inspect
import re
from io import StringIO
from pathlib import Path
from types import ModuleType

import pytest
from django.core.management import call_command

from payouts import catalogue
from payouts.detectors import BY_CODE, late_pay

DOCUMENT = Path(__file__).parents[2] / "docs/checks.md"
MEND = "docs/checks.md is older than the checks: manage.py catalogue > docs/checks.md"


def test_the_page_is_what_the_checks_say_of_themselves():
    out = StringIO()
    call_command("catalogue", stdout=out)

    assert DOCUMENT.read_text(encoding="utf-8") == out.getvalue(), MEND


def test_all_checks_are_on_the_page_in_the_order_of_their_codes():
    codes = re.findall(r"^## (W\d\d) ", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)

    assert codes == [f"W{number:02}" for number in range(1, 33)]


@pytest.mark.parametrize("module", BY_CODE.values(), ids=BY_CODE.keys())
def test_every_number_that_a_check_goes_by_is_on_the_page(module):
    own = re.findall(r"^([A-Z][A-Z_]*)(?:: \w+)? = ", inspect.getsource(module), re.MULTILINE)
    numbers = {name for name in own if isinstance(getattr(module, name), int)} - {"VERSION"}

    assert numbers <= catalogue.parameters(module).keys()


def test_a_number_is_printed_as_its_value_where_the_check_names_it():
    section = catalogue.section(late_pay)

    assert "older than its due date plus 3 days: one finding" in section
    assert "`GRACE_MS` 3 days" in section


def test_workers_are_not_told_of_what_concerns_the_vendor_as_a_whole():
    subjects = {
        code: re.search(r"Subject\*\* (.*); version", catalogue.section(BY_CODE[code]))[1]
        for code in ("W01", "W30", "W32")
    }

    assert subjects == {
        "W01": "an account; for the worker, the vendor and the auditor",
        "W30": "an account; for the worker and the auditor",
        "W32": "a vendor as a whole; for the vendor and the auditor",
    }


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("W99 sleep: no sleep.\n\nFlags x\nLeaves x\nStake x\n", id="no source"),
        pytest.param(
            "W99 sleep: no.\n\nFlags x\nStake x\nLeaves x\nSource x\n", id="another order"
        ),
        pytest.param("W98 sleep: no.\n\nFlags x\nLeaves x\nStake x\nSource x\n", id="another code"),
        pytest.param("Sleep.\n\nFlags x\nLeaves x\nStake x\nSource x\n", id="no code"),
    ],
)
def test_a_check_that_does_not_say_all_is_refused_by_its_name(words):
    module = ModuleType("payouts.detectors.sleepless", words)
    module.CODE = "W99"

    with pytest.raises(ValueError, match=r"sleepless .*Flags, Leaves, Stake, Source, once each"):
        catalogue.said(module)
