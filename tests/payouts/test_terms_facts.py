"""From terms on record to flags: what ended, what was promised, and what had to be read."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ledger import ending, pledging
from ledger.money import Money
from payouts import flag_list, scanning
from payouts.models import Dispute, Flag
from tests import bringing, factories
from tests.payouts.exports import AS_OF, START, bring_payouts, bring_work, payment, pending, work
from workers.models import Engagement

pytestmark = pytest.mark.django_db
DOLLAR = 1_000_000
DAY = timedelta(days=1)
LATER = "2026-12-12T12:00:00Z"
FIRST, SECOND = datetime(2026, 10, 12, tzinfo=UTC), datetime(2026, 10, 20, tzinfo=UTC)


@pytest.fixture
def vendor():
    bringing.floor_since_2010()
    return factories.vendor()


def stakes(vendor, *codes, as_of=AS_OF):
    """Return the stakes of a scan's open flags in dollars, by code."""
    scanning.scan(vendor=vendor, as_of=as_of, at=AS_OF)
    flags = Flag.objects.filter(vendor=vendor, resolved_at=None, code__in=codes)
    return {flag.code: flag.stake_micros / DOLLAR for flag in flags}


def deactivate(vendor, at, name="ada"):
    account = Engagement.objects.get(vendor=vendor, account=name)
    given = {"code": "fraud", "text": "Copied answers", "decided_by": "board", "at": at}
    ending.deactivate(engagement=account, told_at=at, from_at=at, **given)
    return account


@pytest.mark.parametrize(
    ("ended", "found"),
    [
        pytest.param(AS_OF - 15 * DAY, {"W09": 40}, id="fifteen days ago"),
        pytest.param(AS_OF - 13 * DAY, {}, id="thirteen days ago"),
        pytest.param(AS_OF + DAY, {}, id="tomorrow"),
    ],
)
def test_a_deactivated_account_is_settled_within_fourteen_days(vendor, tmp_path, ended, found):
    """Of two accounts with the same work, one was deactivated."""
    rows = [
        row
        for name in ("ada", "ben")
        for row in (
            work(name, 1, due_at=LATER),
            pending(name, 2) | {"decide_by": LATER},
            work(name, 3, status="rejected", status_reason="blurred", due_at=""),
        )
    ]
    bring_work(vendor, tmp_path, *rows)
    bring_payouts(vendor, tmp_path, payment("cleo", "1.00"))
    deactivate(vendor, ended)

    assert stakes(vendor, "W01", "W02", "W09") == found


def test_an_account_that_may_work_again_was_not_closed(vendor, tmp_path):
    bring_work(vendor, tmp_path, work(due_at=LATER))
    bring_payouts(vendor, tmp_path, payment("cleo", "1.00"))
    account = deactivate(vendor, AS_OF - 20 * DAY)
    assert stakes(vendor, "W09") == {"W09": 20}

    again = {"code": "mistake", "text": "they were not copied", "decided_by": "board"}
    ending.lift(engagement=account, at=AS_OF - 2 * DAY, **again)

    assert stakes(vendor, "W09", as_of=AS_OF - 3 * DAY) == {"W09": 20}
    assert stakes(vendor, "W09") == {}


def test_all_that_is_refused_because_of_the_ending_is_asked_about(vendor, tmp_path):
    bring_work(vendor, tmp_path, *[pending(number=n) for n in (1, 2)], exported_at=FIRST)
    told = {"status": "rejected", "decide_by": "", "status_at": "2026-10-18T12:00:00Z"}
    rows = [work(number=1, **told, due_at="", status_reason="copied answers"),
            work(number=2, **told, due_at="", status_reason="the same as item 7")]  # fmt: skip
    bring_work(vendor, tmp_path, *rows, exported_at=SECOND)
    deactivate(vendor, AS_OF - 15 * DAY - timedelta(hours=20))

    assert stakes(vendor, "W09") == {"W09": 20}
    (flag,) = Flag.objects.filter(code="W09")
    assert [one["external_id"] for one in flag.evidence["works"]] == ["ada-1"]


def test_a_closed_project_is_paid_with_what_was_under_way(vendor, tmp_path):
    closed = START + 5 * DAY
    cut = {"status": "expired", "status_at": "", "due_at": "", "rate_amount": "20.00"}
    rows = [
        work(number=1, due_at=LATER),
        work(number=2, start=closed - timedelta(minutes=20), **cut),
        work(number=3, start=closed - timedelta(minutes=40), **(cut | {"status": "returned"})),
        work(number=4, start=closed + DAY, due_at=LATER),
        work(number=5, due_at=LATER, project="boats"),
    ]
    bring_work(vendor, tmp_path, *rows)
    bring_payouts(vendor, tmp_path, payment("cleo", "1.00"))
    ending.close(
        vendor=vendor, project="maps", text="over", decided_by="board", from_at=closed, at=closed
    )

    assert stakes(vendor, "W10") == {"W10": 20 + 15 * 40 / 60}
    (flag,) = Flag.objects.filter(code="W10")
    assert {one["external_id"] for one in flag.evidence["works"]} == {"ada-1", "ada-2", "ada-3"}
    assert all(one["line"] for one in flag.evidence["works"])


def promise(vendor, **given):
    """Record five dollars for three approved maps of October, to be paid by the 31st."""
    values = {
        "name": "three maps", "text": "3 maps: 5 USD", "project": "maps", "pieces_at_least": 3,
        "first_on": date(2026, 10, 1), "last_on": date(2026, 10, 20),
        "due_on": date(2026, 10, 31), "amount": Money(5 * DOLLAR, "USD"), "at": AS_OF,
    }  # fmt: skip
    return pledging.promise(vendor=vendor, **{**values, **given})


def award(account="ada", **given):
    """Return a row: an award of five dollars under the promise's name."""
    blank = {"started_at": "", "status_at": "2026-10-25T12:00:00Z", "due_at": LATER}
    row = work(account, external_id=f"bonus-{account}", task_type="three maps", **blank)
    return {**row, "ended_at": "2026-10-25T12:00:00Z", "work_category": "award",
            "rate_amount": "5.00", **given}  # fmt: skip


ON_THE_15TH = dict.fromkeys(("ended_at", "status_at"), "2026-10-15T12:00:00Z")


def tasks(account="ada", numbers=(1, 2, 3), **given):
    values = {"work_category": "task", "due_at": LATER, **given}
    return [work(account, number, **values) for number in numbers]


def undecided(number, decide_by=LATER):
    return {**pending(number=number), "work_category": "task", "decide_by": decide_by}


EARLY, TOO_LATE = {"start": START - 7 * DAY}, {"start": START + 14 * DAY}
UNKNOWN = {"rate_amount": "", "rate_kind": "", "currency": "", "decide_by": LATER}
DECIDED_SINCE = {"status_at": "2026-11-03T08:00:00Z", "decide_by": LATER}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        pytest.param(tasks(), {"W11": 5}, id="three approved maps"),
        pytest.param([*tasks(), award()], {}, id="and their award"),
        pytest.param([*tasks(), award(rate_amount="3.00")], {"W11": 2}, id="and a part of it"),
        pytest.param(
            [*tasks(), award(task_type="another")], {"W11": 5}, id="an award of another name"
        ),
        pytest.param([*tasks(), award("ben")], {"W11": 5}, id="somebody else's award"),
        pytest.param(
            [*tasks(), award(ended_at="2026-09-25T12:00:00Z", status_at="2026-09-25T12:00:00Z")],
            {"W11": 5},
            id="an award from before",
        ),
        pytest.param(tasks(numbers=(1, 2)), {}, id="two of three"),
        pytest.param([*tasks(numbers=(1, 2)), *tasks("ben", (3,))], {}, id="not one account's"),
        pytest.param(
            [*tasks(numbers=(1, 2)), *tasks(numbers=(3,), project="boats")], {}, id="other work"
        ),
        pytest.param([*tasks(numbers=(1, 2)), *tasks(numbers=(3,), **EARLY)], {}, id="too early"),
        pytest.param([*tasks(numbers=(1, 2)), *tasks(numbers=(3,), **TOO_LATE)], {}, id="too late"),
        pytest.param(
            [*tasks(numbers=(1, 2)), award(task_type="another", **ON_THE_15TH)],
            {},
            id="an award is no piece of work",
        ),
        pytest.param(tasks(**UNKNOWN), {"W11": 5}, id="at a pay that is not known"),
        pytest.param(
            [*tasks(numbers=(1, 2)), *tasks(numbers=(3,), **DECIDED_SINCE)],
            {},
            id="one was approved after the day asked",
        ),
        pytest.param(
            [*tasks(numbers=(1, 2)), *tasks(numbers=(3,), status="rejected", due_at="")],
            {},
            id="one was refused",
        ),
        pytest.param([*tasks(numbers=(1, 2)), undecided(3)], {}, id="one is undecided"),
        pytest.param(
            [*tasks(numbers=(1, 2)), undecided(3, "2026-10-20T12:00:00Z")],
            {"W11": 5},
            id="one should have been decided",
        ),
    ],
)
def test_a_promised_bonus_is_awarded_when_its_work_was_done(vendor, tmp_path, rows, found):
    promise(vendor)
    promise(vendor, name="of September", pieces_at_least=99, first_on=date(2026, 9, 1))
    columns = sorted({name for row in rows for name in row})
    bring_work(vendor, tmp_path, *[{name: row.get(name, "") for name in columns} for row in rows])

    assert stakes(vendor, "W11") == found


def test_a_piece_that_was_told_twice_is_one_piece(vendor, tmp_path):
    promise(vendor)
    bring_work(vendor, tmp_path, *tasks(numbers=(1, 2)), exported_at=FIRST)
    again = tasks(numbers=(1, 2), rate_amount="21.00")
    bring_work(vendor, tmp_path, *again, exported_at=SECOND)

    assert stakes(vendor, "W11") == {}


def test_a_promise_is_of_its_days_its_kind_of_task_and_its_account(vendor, tmp_path):
    bring_work(vendor, tmp_path, *tasks(), *tasks("ben"))
    promise(vendor, engagement=Engagement.objects.get(vendor=vendor, account="ben"))
    promise(vendor, name="lines", task_type="lines")
    promise(vendor, name="later", due_on=date(2026, 11, 2))

    assert stakes(vendor, "W11") == {"W11": 5}
    assert [flag.engagement.account for flag in Flag.objects.filter(code="W11")] == ["ben"]
    assert stakes(vendor, "W11", as_of=AS_OF - 3 * DAY) == {}


def test_what_nobody_can_tell_of_promises_is_said_once_a_vendor(vendor, tmp_path):
    bring_work(vendor, tmp_path, *tasks(), undecided(4), *tasks("ben"))
    promise(vendor, name="four maps", pieces_at_least=4)
    promise(vendor, name="good work", pieces_at_least=None)

    assert stakes(vendor, "W11") == {}
    flag = Flag.objects.get(code="W32", subject="record conditions")
    assert flag.evidence["of"] == {"four maps": 1, "good work": 2}
    flags = flag_list.standing_now(Flag.objects.filter(pk=flag.pk), Dispute.objects.none())
    (shown,) = flag_list.shown(flags, AS_OF)
    assert shown.sentence.endswith("accounts: four maps (1), good work (2).")
    assert shown.plain.mend == "Decide the work, or award the bonus."


def publish(vendor, version, from_on, *, words=2380, fresh=None, **given):
    values = {
        "project": "maps", "name": "guide", "version": version, "kind": "instructions",
        "words": words, "fresh_words": fresh, "required": True, "from_on": from_on, "at": AS_OF,
    }  # fmt: skip
    return pledging.publish(vendor=vendor, **{**values, **given})


def read_at(start, **given):
    """Return a row: half an hour of reading instructions, for nothing."""
    half = {"work_category": "instructions", "rate_amount": "0", "task_type": "reading"}
    end = (start + timedelta(minutes=30)).isoformat()
    return work(number=90, start=start, **{**half, "ended_at": end, "due_at": LATER, **given})


OLD, NEW = date(2026, 10, 1), date(2026, 10, 12)
AFTER = START + 7 * DAY


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        pytest.param([], {"W22": 2.5, "W23": 1}, id="ten minutes at first, four more of a change"),
        pytest.param([read_at(AFTER)], {"W22": 2.5, "W23": 7.5}, id="the change was measured"),
        pytest.param([read_at(START)], {"W22": 7.5, "W23": 1}, id="the first was measured"),
        pytest.param(
            [read_at(AFTER, rate_amount="7.50"), read_at(START, rate_amount="7.50")],
            {},
            id="both were paid",
        ),
    ],
)
def test_instructions_are_read_again_when_they_change(vendor, tmp_path, rows, found):
    publish(vendor, 1, OLD)
    publish(vendor, 2, NEW, words=9999, fresh=952)
    rows = [{**row, "external_id": f"row-{number}"} for number, row in enumerate(rows)]
    mine = [*tasks(numbers=(1,)), *tasks(numbers=(2,), start=AFTER + DAY)]
    bring_work(vendor, tmp_path, *mine, *rows)

    scanning.scan(vendor=vendor, as_of=AS_OF, at=AS_OF)

    flags = Flag.objects.filter(code__in=["W22", "W23"], resolved_at=None)
    assert {flag.code: flag.stake_micros / DOLLAR for flag in flags} == found


def test_a_change_concerns_whoever_goes_on_with_that_kind_of_task(vendor, tmp_path):
    publish(vendor, 1, OLD, words=1, task_type="outline")
    publish(vendor, 2, NEW, words=2380, task_type="outline")
    before, after = {"numbers": (1,)}, {"numbers": (2,), "start": AFTER}
    bring_work(
        vendor, tmp_path,
        *tasks("goes-on", **before), *tasks("goes-on", **after),
        *tasks("left", **before),
        *tasks("came-later", **after),
        *tasks("does-lines", **before, task_type="lines"),
        *tasks("does-lines", **after, task_type="lines"),
        *tasks("only-reads-on", **before), read_at(AFTER, worker_external_id="only-reads-on"),
        *tasks("has-a-bonus", **before), award("has-a-bonus", task_type="outline"),
    )  # fmt: skip

    scanning.scan(vendor=vendor, as_of=AS_OF, at=AS_OF)

    flags = Flag.objects.filter(code="W23")
    assert stakes(vendor, "W23", as_of=AFTER - DAY) == {}
    assert set(stakes(vendor, "W23")) == {"W23"}
    flags = flags.filter(resolved_at=None)
    assert [flag.engagement.account for flag in flags] == ["goes-on"]
    assert flags.get().evidence["texts"][0]["basis"] == (
        "2380 words, as nobody counted which are new, read at 238 words a minute"
    )


def test_a_change_concerns_nobody_who_only_read_it(vendor, tmp_path):
    publish(vendor, 1, OLD)
    publish(vendor, 2, NEW)
    bring_work(vendor, tmp_path, *tasks(numbers=(1,)), read_at(AFTER))

    assert stakes(vendor, "W23") == {}


def test_what_kind_of_task_it_was_is_what_was_told_last(vendor, tmp_path):
    publish(vendor, 1, OLD, task_type="outline")
    bring_work(vendor, tmp_path, *tasks(numbers=(1,)), exported_at=FIRST)
    assert stakes(vendor, "W22") == {"W22": 2.5}

    put_right = tasks(numbers=(1,), task_type="lines")
    bring_work(vendor, tmp_path, *put_right, exported_at=SECOND)

    assert stakes(vendor, "W22") == {}


def test_a_text_that_nobody_has_to_read_costs_nothing(vendor, tmp_path):
    publish(vendor, 1, OLD, required=False)
    publish(vendor, 2, NEW, required=False)
    bring_work(vendor, tmp_path, *tasks(numbers=(1,)), *tasks(numbers=(2,), start=AFTER))

    assert stakes(vendor, "W22", "W23") == {}
