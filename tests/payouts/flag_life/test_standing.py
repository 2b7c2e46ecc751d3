"""The rules of a flag's life: what may happen next, and when it is asked again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payouts.flag_life import standing
from payouts.flag_life.standing import CannotHappen, Standing, after, on_finding

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
EVERYBODY = {"vendor", "worker", "auditor"}

# Written from DECISIONS.md D-132, not from the code: what may follow, by what went before.
FRESH = {"notified", "asked"}
CLOSE = {"paid", "closed", "superseded"}
MAY_FOLLOW = {
    "": FRESH | CLOSE,
    "notified": {"asked"} | CLOSE,
    "asked": {"explained", "escalated"} | CLOSE,
    "explained": {"explained", "asked"} | CLOSE,
    "escalated": {"explained", "decided"} | CLOSE,
}


def told(*happenings):
    """Return where a flag stands after these, a day apart."""
    one = Standing()
    for number, happening in enumerate(happenings):
        one = after(one, happening, at=AT + number * DAY, within=14 * DAY)
    return one


@given(st.lists(st.sampled_from(standing.HAPPENINGS), max_size=12))
def test_no_order_of_happenings_makes_an_illegal_jump(happenings):
    one, state, closed = Standing(), "", ""
    for number, happening in enumerate(happenings):
        allowed = {"reopened"} if closed else MAY_FOLLOW[state]
        at = AT + number * DAY
        try:
            now = after(one, happening, at=at, within=14 * DAY)
        except CannotHappen:
            assert happening not in allowed
            assert closed or not state or happening != "needs_worker"
            continue
        if happening == "needs_worker":  # whoever waits moves nothing
            assert (now, closed) == (one, "")
            continue
        assert happening in allowed
        assert now.changed_at == at
        if happening == "reopened":
            state, closed = "", ""
        elif happening in (*CLOSE, "decided"):
            closed = happening
        elif not (state == "escalated" and happening == "explained"):
            state = happening
        assert (now.state, now.closed_as) == (state, closed)
        one = now


@given(st.lists(st.tuples(st.sampled_from(standing.HAPPENINGS), st.integers(-5, 5)), max_size=12))
def test_a_clock_that_is_behind_dates_nothing_before_what_happened_earlier(told_at):
    one = Standing()
    for happening, days in told_at:
        try:
            now = after(one, happening, at=AT + days * DAY, within=14 * DAY)
        except CannotHappen:
            continue
        assert now.changed_at >= (one.changed_at or now.changed_at)
        if happening == "asked":
            assert now.due_at == now.changed_at + 14 * DAY
        one = now


def test_an_explanation_closes_nothing_and_after_the_escalation_an_auditor_still_decides():
    explained = told("asked", "explained")
    late = told("asked", "escalated", "explained")

    assert (explained.state, explained.closed_as) == ("explained", "")
    assert (late.state, late.closed_as) == ("escalated", "")
    assert not standing.may_decide(explained)
    assert standing.may_decide(late)


def test_a_question_without_time_to_answer_is_none():
    with pytest.raises(CannotHappen, match="there must be time to answer"):
        after(Standing(), "asked", at=AT)


def test_what_is_found_again_is_told_once():
    for happenings in (["asked"], ["asked", "escalated"]):
        assert on_finding(told(*happenings), for_whom=EVERYBODY, grew=True) == ()


@pytest.mark.parametrize("closing", sorted(CLOSE))
def test_what_is_found_after_it_closed_is_asked_from_the_start(closing):
    one = told("asked", "explained", closing)

    assert on_finding(one, for_whom=EVERYBODY, grew=False) == ("reopened", "asked")


@pytest.mark.parametrize(
    ("happenings", "again"),
    [
        pytest.param(["asked", "explained"], ("asked",), id="explained"),
        pytest.param(
            ["asked", "escalated", "decided"],
            ("reopened", "asked"),
            id="decided by an auditor",
        ),
    ],
)
def test_what_was_answered_is_asked_again_only_if_it_grew(happenings, again):
    one = told(*happenings)

    assert on_finding(one, for_whom=EVERYBODY, grew=False) == ()
    assert on_finding(one, for_whom=EVERYBODY, grew=True) == again


@pytest.mark.parametrize(
    ("for_whom", "expected"),
    [
        pytest.param({"vendor", "worker"}, ("asked",), id="the worker is told with it"),
        pytest.param({"worker", "auditor"}, ("notified",), id="what is not the vendor's"),
        pytest.param({"vendor"}, ("asked",), id="about the vendor as a whole"),
    ],
)
def test_who_is_told_of_a_new_flag(for_whom, expected):
    assert on_finding(Standing(), for_whom=for_whom, grew=False) == expected


@pytest.mark.parametrize(
    ("micros", "works", "expected"),
    [
        pytest.param(10, [1, 2], False, id="as it was answered"),
        pytest.param(9, [1], False, id="less is left"),
        pytest.param(11, [1, 2], True, id="one micro more"),
        pytest.param(10, [1, 3], True, id="other work"),
    ],
)
def test_what_counts_as_more_than_was_answered(micros, works, expected):
    given_then = {"answered_micros": 10, "answered_works": [1, 2]}

    assert standing.grew(**given_then, micros=micros, works=works) is expected


def test_the_last_day_counts():
    one = told("asked")

    assert not standing.is_overdue(one, one.due_at)
    assert standing.is_overdue(one, one.due_at + timedelta(seconds=1))
    assert not standing.is_overdue(after(one, "explained", at=one.due_at), one.due_at + DAY)
