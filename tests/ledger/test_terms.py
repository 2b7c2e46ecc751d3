"""Terms beside the floor and the rates: pay terms, promises, courses, and what ends."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from ledger import agreeing, ending, pledging
from ledger.agreed import PayTermsInForce
from ledger.grounds import Disagreed
from ledger.models import Closing, Course, Deactivation, Promise, Withholding
from ledger.money import Money
from ledger.periods import ms_of
from tests import factories
from tests.ledger import owed
from tests.ledger.owed import DAY, DOLLAR, MONDAY, NOW, row
from workers.models import Engagement

pytestmark = pytest.mark.django_db


@pytest.fixture
def vendor(tmp_path):
    one = factories.vendor()
    owed.work(
        one, tmp_path, row("a0", 10), row("a1", 20), row("a2", 5, "submitted"),
        row("a3", 5, "rejected", reason="poor"),
    )  # fmt: skip
    return one


@pytest.fixture
def account(vendor):
    return Engagement.objects.get(vendor=vendor)


def run(command, *words, **options):
    out = StringIO()
    call_command(command, *words, stdout=out, **options)
    return out.getvalue()


def usual(**given):
    terms = {"review_days": 7, "due_days": 30, "from_on": date(2026, 1, 1), "at": NOW}
    return {**terms, **given}


def test_pay_terms_are_those_of_the_project_at_the_claim(vendor):
    agreeing.set_terms(vendor=vendor, **usual())
    agreeing.set_terms(
        vendor=vendor, project="boats", **usual(
            threshold=Money(5 * DOLLAR, "USD"), fee_bearer="worker", notice_days=14,
            on_call="all", pay_cycle="10 days", lapses=False,
        )
    )  # fmt: skip
    terms = PayTermsInForce.of(vendor)
    at_ms = ms_of(MONDAY)
    boats = terms.in_force(source="tool", project="boats", at_ms=at_ms)
    cars = terms.in_force(source="tool", project="cars", at_ms=at_ms)

    assert (boats.threshold_micros, boats.threshold_currency) == (5 * DOLLAR, "USD")
    assert (boats.fee_bearer, boats.notice_days, boats.on_call) == ("worker", 14, "all")
    assert (cars.fee_bearer, cars.notice_days, cars.on_call) == ("vendor", 7, "reachable")
    assert [
        terms.lapses(source="tool", project=name, at_ms=at_ms) for name in ("boats", "cars")
    ] == [False, True]
    assert terms.in_force(source="tool", project="boats", at_ms=0) is None


@pytest.mark.parametrize(
    "wrong",
    [{"pay_cycle": "now and then"}, {"fee_bearer": "bank"}, {"on_call": "some"},
     {"threshold": Money(0, "USD")}],
)  # fmt: skip
def test_terms_that_mean_nothing_are_refused(vendor, wrong):
    with pytest.raises(Disagreed):
        agreeing.set_terms(vendor=vendor, **usual(**wrong))


@pytest.mark.parametrize("name", ["review_days", "due_days", "notice_days"])
@pytest.mark.parametrize("days", [-1, 3_661, 999_999_999_999])
def test_a_term_lasts_up_to_ten_years(vendor, name, days):
    said = {"vendor": vendor.name, "first": "2026-01-01", "review_days": 7, "due_days": 3_660}
    words = name.replace("_", " ")

    with pytest.raises(CommandError, match=f"^{days} {words}: {words} are 0 to 3,660. Give --"):
        run("set_terms", **{**said, name: days})
    run("set_terms", **said)


@pytest.mark.parametrize("gap", [-1, 3_601, 10**12])
def test_a_pause_that_counts_as_work_is_short(gap):
    said = {"first": "2026-01-01", "reason": "the living wage"}

    with pytest.raises(CommandError, match=r"seconds: pauses .* last 0 to 3600 seconds"):
        run("set_floor", "15.00", "USD", merge_gap_seconds=gap, **said)
    run("set_floor", "15.00", "USD", merge_gap_seconds=3_600, **said)


def test_the_command_sets_all_of_them(vendor):
    run("set_terms", vendor=vendor.name, review_days=3, due_days=10, first="2026-01-01",
        no_lapse=True, threshold="5.00", threshold_currency="KES", fee_bearer="worker",
        notice_days=9, on_call="none", pay_cycle="weekly")  # fmt: skip
    row = vendor.pay_terms.get()
    assert (row.lapses, row.threshold_currency, row.pay_cycle) == (False, "KES", "weekly")


def test_a_promise_is_recorded_once_also_in_words_that_give_no_number(vendor):
    said = {"vendor": vendor.name, "project": "boats", "new_project": True, "first": "2026-09-01",
            "last": "2026-09-30", "due": "2026-10-15"}  # fmt: skip
    three = {"name": "three boats", "text": "3 boats: 5 USD", "pieces": 3}
    assert "5.00 USD for 3 pieces (approved), due 2026-10-15" in run(
        "promise", "5.00", "USD", **said, **three
    )
    with pytest.raises(CommandError, match="of this name"):
        run("promise", "5.00", "USD", **said, **three)
    words = {"name": "good boats", "text": "more for good boats"}
    assert "its words say, which gives no number" in run("promise", "5.00", "USD", **said, **words)
    assert list(Promise.objects.order_by("pk").values_list("pieces_at_least", "counting")) == [
        (3, "approved"),
        (None, ""),
    ]


def test_a_promise_for_a_project_that_nobody_worked_in_is_meant(vendor):
    """Mistyped, it would be met by nobody's work, and never be found broken."""
    factories.work(factories.engagement(vendor), project="boats")
    said = {"vendor": vendor.name, "first": "2026-09-01", "last": "2026-09-30",
            "due": "2026-10-15", "pieces": 3, "text": "3 boats: 5 USD"}  # fmt: skip

    with pytest.raises(CommandError, match=r"'baots': nobody has worked .* Did you mean boats\?"):
        run("promise", "5.00", "USD", **said, name="three", project="baots")
    assert not Promise.objects.exists()
    run("promise", "5.00", "USD", **said, name="three", project="boats")
    run("promise", "5.00", "USD", **said, name="new", project="planes", new_project=True)

    assert Promise.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [{"text": ""}, {"pieces_at_least": 0}, {"pieces_at_least": 10**12}, {"amount": Money(0, "USD")},
     {"due_on": date(2026, 9, 29)}, {"last_on": date(2026, 8, 1)}],
)  # fmt: skip
def test_a_promise_of_nothing_is_refused(vendor, wrong):
    whole = {
        "name": "n", "text": "t", "project": "boats", "pieces_at_least": 1,
        "first_on": date(2026, 9, 1), "last_on": date(2026, 9, 30), "due_on": date(2026, 9, 30),
        "amount": Money(1, "USD"), "vendor": vendor, "at": NOW,
    }  # fmt: skip
    with pytest.raises(Disagreed):
        pledging.promise(**{**whole, **wrong})
    pledging.promise(**whole)


def test_courses_follow_in_order(vendor):
    for number, words in ((1, 2380), (2, 4760)):
        run("add_course", vendor=vendor.name, project="boats", name="guide", number=number,
            words=words, first=f"2026-09-0{number}")  # fmt: skip
    with pytest.raises(CommandError, match="follow in order"):
        run("add_course", vendor=vendor.name, project="boats", name="guide", number=2, pages=3,
            first="2026-09-03")  # fmt: skip
    with pytest.raises(Disagreed, match="words, or else of pages"):
        pledging.publish(vendor=vendor, project="p", name="n", version=1, kind="training",
                         required=True, from_on=date(2026, 1, 1), at=NOW)  # fmt: skip

    assert Course.objects.count() == 2


@pytest.mark.parametrize(
    ("length", "said"),
    [
        ({"words": 0}, "0 words: words are 1 to 10,000,000"),
        ({"words": 10**12}, "words are 1 to 10,000,000. Give --words N"),
        ({"pages": -3}, "-3 pages: pages are 1 to 10,000,000"),
        ({"pages": 10**12}, "pages are 1 to"),
        ({"words": 9, "fresh_words": -1}, "-1 fresh words: fresh words are 0 to 10,000,000"),
        ({"words": 9, "fresh_words": 10**12}, "Give --fresh-words N"),
    ],
)
def test_a_course_has_a_length_that_somebody_can_read(vendor, length, said):
    course = {"vendor": vendor.name, "project": "boats", "name": "guide", "number": 1}

    with pytest.raises(CommandError, match=said):
        run("add_course", **course, **length, first="2026-09-01")


def test_a_deactivation_starts_the_clock_and_can_be_lifted(vendor, account):
    said = {"vendor": vendor.name, "account": "w-0", "code": "inactive", "reason": "no more boats",
            "decided_by": "board"}  # fmt: skip
    with pytest.raises(CommandError, match="not deactivated"):
        run("deactivate", lift=True, **said)
    assert "the worker keeps seeing all of it" in run("deactivate", **said)
    one = Deactivation.objects.get()
    assert one.settle_by_at_ms - one.from_at_ms == 14 * DAY // timedelta(milliseconds=1)
    with pytest.raises(CommandError, match="already"):
        run("deactivate", **said)
    run("deactivate", lift=True, **said)
    assert ending.active(account) is None
    run("deactivate", **said)
    assert ending.active(account) is not None


@pytest.mark.parametrize("year", ["1989", "2101", "9999"])
def test_an_ending_is_of_a_year_that_work_can_be_of(vendor, account, year):
    said = {"vendor": vendor.name, "reason": "no more boats", "decided_by": "board",
            "first": f"{year}-12-31T00:00:00Z"}  # fmt: skip

    with pytest.raises(CommandError, match=f"'{year}-12-31T00:00:00Z': years are 1990 to 2100"):
        run("deactivate", account="w-0", code="inactive", **said)
    with pytest.raises(CommandError, match="Correct the year"):
        run("close_project", project="boats", **said)


def test_a_deactivation_gives_its_reason_in_time(account):
    said = {"engagement": account, "code": "c", "decided_by": "board", "from_at": NOW, "at": NOW}
    with pytest.raises(Disagreed, match="no reason"):
        ending.deactivate(text="", told_at=NOW, **said)
    with pytest.raises(Disagreed, match="by the time it takes effect"):
        ending.deactivate(text="t", told_at=NOW + DAY, **said)


def test_a_project_is_closed_once(vendor):
    factories.work(factories.engagement(vendor), project="boats")
    said = {"vendor": vendor.name, "project": "boats", "reason": "done", "decided_by": "board"}
    assert "is to be paid by" in run("close_project", **said)
    one = Closing.objects.get()
    assert one.settle_by_at_ms - one.from_at_ms == 14 * DAY // timedelta(milliseconds=1)
    with pytest.raises(CommandError, match="closed already"):
        run("close_project", **said)


def test_a_project_that_nobody_worked_in_is_not_closed(vendor):
    factories.work(factories.engagement(vendor), project="boats")
    said = {"vendor": vendor.name, "reason": "done", "decided_by": "board"}

    with pytest.raises(CommandError, match=r"'baots': nobody has .* Did you mean boats\?$"):
        run("close_project", project="baots", **said)
    with pytest.raises(CommandError, match=r"nobody has worked .* Check the name\.$"):
        run("close_project", project="nope", **said)
    assert not Closing.objects.exists()


def test_the_commands_that_withhold_say_what_is_lacking_and_what_was_done(vendor):
    said = {"vendor": vendor.name, "account": "w-0", "work": ["a0"], "code": "review",
            "reason": "a second look", "decided_by": "pay desk"}  # fmt: skip
    with pytest.raises(CommandError, match="Give --until"):
        run("hold", **said)
    soon = (timezone.now() + 30 * DAY).isoformat()
    with pytest.raises(CommandError, match="a hold ends within five years"):
        run("hold", amount="4.00", until="2100-01-01T00:00:00Z", **said)
    out = run("hold", amount="4.00", until=soon, **said)
    assert "4.00 USD of a0" in out
    number = str(Withholding.objects.get().uuid)
    assert number in out
    with pytest.raises(CommandError, match="Give --reason"):
        run("release", number)
    with pytest.raises(CommandError, match="surrogates not allowed"):
        run("release", number, reason="not UTF-8: \udcff")
    assert "4.00 USD is owed again" in run("release", number, reason="looked at")
    with pytest.raises(CommandError, match="no such hold"):
        run("release", "nothing", reason="x")
    assert "Released: 0" in run("release", ended=True)

    more = {"notice": "2026-01-01T00:00:00Z", "basis": "clause 7"}
    with pytest.raises(CommandError, match="no evidence"):
        run("deduct", **said, **more)
    run("deduct", amount="1.00", evidence="review 17", appeal="write", **said, **more)
    run("remit", amount="1.00", **said, **more)
    with pytest.raises(CommandError, match="nothing of it is overpaid"):
        run("recover", payment="P1", **said, **more)
    assert owed.money(vendor, "a0") == {
        "vendor": -10, "payable": 8, "withheld": 1, "remitted": 1,
    }  # fmt: skip


def test_the_command_lapses_and_says_what_it_would(vendor):
    at = (MONDAY + 8 * DAY).isoformat()
    assert "1 piece of work would be approved: 5.00 USD" in run(
        "lapse", vendor=vendor.name, as_of=at, dry_run=True
    )
    assert owed.money(vendor, "a2")["pending"] == 5
    assert "1 piece of work approved: 5.00 USD" in run("lapse", vendor=vendor.name, as_of=at)
    assert "0 pieces of work approved: no money" in run("lapse", vendor=vendor.name, as_of=at)
    with pytest.raises(CommandError, match="is to come"):
        run("lapse", vendor=vendor.name, as_of="2100-01-01T00:00:00Z")
