"""Where pay came back, the vendor may say that it waits for the worker; and the days go on."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from payouts.flag_life import answering
from payouts.flag_life.answering import Overtaken
from payouts.models import Flag, FlagEvent
from tests import factories

pytestmark = pytest.mark.django_db
LATER = factories.AT + timedelta(days=2)


@pytest.fixture
def account():
    return factories.engagement(factories.vendor())


@pytest.fixture
def flag(account):
    due = factories.AT + timedelta(days=14)
    return factories.flag(account, code="W07", state="asked", answer_due_at=due)


def said(user, flag):
    client = Client()
    client.force_login(user)
    return client.get(reverse("flag", args=[flag.pk])).content.decode()


def test_the_flag_says_since_when_and_its_days_go_on(flag, account):
    staff, worker = factories.staff(account.vendor), factories.worker(account)
    assert "I have asked the worker" in said(staff, flag)

    before = (flag.state, flag.answer_due_at, flag.changed_at)
    asked = answering.need_worker(flag=flag, seen=flag.events, by=staff, at=LATER)

    assert (asked.state, asked.answer_due_at, asked.changed_at) == before
    event = FlagEvent.objects.get(flag=flag)
    assert (event.happening, event.role, event.by, event.at) == (
        "needs_worker", "vendor", staff, LATER,
    )  # fmt: skip
    page = said(worker, flag)
    assert "You were asked for other details on" in page
    assert "The vendor says that it has asked you for other details" in page
    page = said(staff, flag)
    assert "The worker was asked for other details on" in page
    assert "I have asked the worker" not in page
    assert answering.escalate_overdue(at=factories.AT + timedelta(days=15)) == 1


def test_it_is_said_once_and_again_where_the_flag_was_found_anew(flag, account):
    staff = factories.staff(account.vendor)
    answering.need_worker(flag=flag, seen=flag.events, by=staff, at=LATER)
    flag.refresh_from_db()

    with pytest.raises(Overtaken, match="on record"):
        answering.need_worker(flag=flag, seen=flag.events, by=staff, at=LATER)

    FlagEvent.objects.create(
        flag=flag, position=2, happening="reopened", at=LATER, role="scan", stake_micros=1
    )
    Flag.objects.filter(pk=flag.pk).update(events=2)
    answering.need_worker(flag=flag, seen=2, by=staff, at=LATER)

    assert FlagEvent.objects.filter(happening="needs_worker").count() == 2


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"code": "W01"}, id="of another kind"),
        pytest.param({"closed_as": "paid", "resolved_at": LATER}, id="closed"),
    ],
)
def test_it_is_said_only_where_pay_came_back_and_was_not_sent_again(account, given):
    one = factories.flag(account, **{"code": "W07", **given})
    staff = factories.staff(account.vendor)

    with pytest.raises(Overtaken):
        answering.need_worker(flag=one, seen=one.events, by=staff, at=LATER)

    assert "I have asked the worker" not in said(staff, one)
