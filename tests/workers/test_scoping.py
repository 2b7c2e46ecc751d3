"""Which rows each role sees: its own, never another's, and only while it has the role."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from ledger.models import Import, Payment, Transfer, Work, WorkWeek
from payouts.models import Flag, Statement
from tests import factories
from workers import claims, scoping
from workers.models import AuditGrant, Engagement, Link, Membership, Vendor, Worker
from workers.roles import Permission, Role

pytestmark = pytest.mark.django_db

VIEW = Permission.WORK_VIEW
OCTOBER = datetime(2026, 10, 14, 12, tzinfo=UTC)
JULY = datetime(2026, 7, 8, 12, tzinfo=UTC)


@pytest.fixture
def two():
    """Return an account at each of two vendors, with a row of each kind."""
    accounts = []
    for name in ("Aster Labelling", "Birch Imaging"):
        account = factories.engagement(factories.vendor(name))
        work = factories.work(account)
        factories.transfer(work)
        factories.payment(account)
        factories.week(account)
        factories.flag(account)
        factories.statement(account)
        factories.imported(account.vendor)
        accounts.append(account)
    return accounts


def seen(model, user, permission=VIEW):
    """Return the accounts (or vendors) whose rows of `model` the user sees."""
    rows = model.objects.visible_to(user, permission)
    name = "engagement" if hasattr(model, "engagement") else "vendor"
    return {getattr(row, name) for row in rows}


OF_ACCOUNTS = [
    (Work, VIEW),
    (Transfer, VIEW),
    (Payment, VIEW),
    (WorkWeek, VIEW),
    (Flag, Permission.FLAG_VIEW),
    (Statement, Permission.STATEMENT_VIEW),
]


@pytest.mark.parametrize(("model", "permission"), OF_ACCOUNTS)
@pytest.mark.parametrize("role", ["vendor", "worker", "auditor"])
def test_each_role_sees_its_own_rows_and_no_others(two, role, model, permission):
    own, other = two
    people = {
        "vendor": lambda of: factories.staff(of.vendor),
        "worker": lambda of: factories.worker(of),
        "auditor": lambda of: factories.auditor(of.vendor, last_on=date(2027, 1, 1)),
    }

    assert seen(model, people[role](own), permission) == {own}
    assert seen(model, people[role](other), permission) == {other}


def test_only_staff_sees_imports(two):
    own, _ = two
    readers = [factories.worker(own), factories.auditor(own.vendor)]

    assert seen(Import, factories.staff(own.vendor), Permission.IMPORT_VIEW) == {own.vendor}
    assert [seen(Import, one, Permission.IMPORT_VIEW) for one in readers] == [set(), set()]


def test_strangers_see_nothing(two):
    strangers = [AnonymousUser(), factories.user()]

    for model, permission in OF_ACCOUNTS:
        assert [seen(model, one, permission) for one in strangers] == [set(), set()]


def test_a_role_without_the_permission_sees_nothing(two):
    own, _ = two

    assert seen(Work, factories.staff(own.vendor), Permission.PAY_VIEW) == set()
    assert seen(Work, factories.worker(own), Permission.PAY_VIEW) == {own}


def test_no_vendor_sees_a_link_a_worker_or_a_grant(two):
    own, _ = two
    person = factories.worker(own)
    factories.auditor(own.vendor)
    member = factories.staff(own.vendor)

    for permission in Permission:
        for model in (Link, Worker, AuditGrant):
            assert not model.objects.visible_to(member, permission).exists()
    assert Link.objects.visible_to(person, Permission.ACCOUNT_CLAIM).count() == 1


def test_who_has_two_roles_sees_what_either_sees(two):
    own, other = two
    person = factories.worker(own)
    Membership.objects.create(vendor=other.vendor, user=person)

    assert seen(Work, person) == {own, other}
    assert seen(Work, person, Permission.PAY_VIEW) == {own}
    assert seen(Import, person, Permission.IMPORT_VIEW) == {other.vendor}


def test_a_row_that_two_roles_reach_is_seen_once(two):
    own, _ = two
    person = factories.worker(own)
    Membership.objects.create(vendor=own.vendor, user=person)
    AuditGrant.objects.create(
        auditor=person,
        first_on=OCTOBER.date(),
        last_on=OCTOBER.date(),
        expires_at=factories.LATER,
        purpose="both",
    ).vendors.set([own.vendor])

    assert Work.objects.visible_to(person, VIEW).count() == 1


def test_an_account_that_was_taken_back_is_no_longer_seen(two):
    own, _ = two
    person = factories.worker(own)
    claims.take_back(link=Link.objects.get(), at=timezone.now())

    assert seen(Work, person) == set()


def test_a_worker_keeps_access_when_the_vendor_has_no_staff_any_more(two):
    own, _ = two
    person = factories.worker(own)
    Membership.objects.all().delete()

    assert seen(Work, person) == {own}


def test_a_grant_ends_when_it_expires(two, time_machine):
    own, _ = two
    reader = factories.auditor(own.vendor, expires_at=datetime(2026, 11, 5, tzinfo=UTC))

    time_machine.move_to(datetime(2026, 11, 4, 23, 59, tzinfo=UTC))
    assert seen(Work, reader) == {own}
    assert scoping.roles_of(reader, timezone.now()) == {Role.AUDITOR}

    time_machine.move_to(datetime(2026, 11, 5, tzinfo=UTC))
    assert seen(Work, reader) == set()
    assert scoping.roles_of(reader, timezone.now()) == frozenset()


@pytest.mark.parametrize(("model", "permission"), OF_ACCOUNTS)
def test_an_auditor_sees_the_period_of_the_grant_only(model, permission):
    account = factories.engagement(factories.vendor())
    for at in (OCTOBER, JULY):
        work = factories.work(account, ended_at=at)
        factories.transfer(work)
        factories.payment(account, sent_at_ms=work.ended_at_ms)
        factories.week(account, starts_on=at.date() - timedelta(days=at.weekday()))
        factories.flag(account, since_at=at, subject=str(at))
        factories.statement(account, last_on=at.date())
    reader = factories.auditor(account.vendor)
    both = factories.auditor(account.vendor, first_on=date(2026, 7, 1))

    assert model.objects.visible_to(reader, permission).count() == 1
    assert model.objects.visible_to(both, permission).count() == 2


def test_two_grants_do_not_lend_each_other_their_period():
    first = factories.engagement(factories.vendor("Aster Labelling"))
    second = factories.engagement(factories.vendor("Birch Imaging"))
    for account in (first, second):
        for at in (OCTOBER, JULY):
            factories.work(account, ended_at=at)
    reader = factories.auditor(first.vendor)
    AuditGrant.objects.create(
        auditor=reader,
        first_on=date(2026, 7, 1),
        last_on=date(2026, 7, 31),
        expires_at=factories.LATER,
        purpose="summer",
    ).vendors.set([second.vendor])

    found = Work.objects.visible_to(reader, VIEW).values_list("engagement", "ended_at_ms")

    assert set(found) == {
        (first.pk, int(OCTOBER.timestamp() * 1000)),
        (second.pk, int(JULY.timestamp() * 1000)),
    }


@pytest.mark.parametrize(
    ("ended_at", "is_seen"),
    [
        pytest.param(datetime(2026, 9, 30, 20, 59, tzinfo=UTC), False, id="September in Nairobi"),
        pytest.param(datetime(2026, 9, 30, 21, 0, tzinfo=UTC), True, id="October in Nairobi"),
        pytest.param(datetime(2026, 10, 31, 20, 59, tzinfo=UTC), True, id="still October there"),
        pytest.param(datetime(2026, 10, 31, 21, 0, tzinfo=UTC), False, id="November there"),
    ],
)
def test_the_days_of_a_grant_are_days_on_the_vendors_clock(ended_at, is_seen):
    account = factories.engagement(factories.vendor(zone="Africa/Nairobi"))
    factories.work(account, ended_at=ended_at)

    assert bool(seen(Work, factories.auditor(account.vendor))) is is_seen


def test_a_week_lies_where_its_sunday_lies():
    account = factories.engagement(factories.vendor())
    for monday in (date(2026, 9, 21), date(2026, 9, 28), date(2026, 10, 26)):
        factories.week(account, starts_on=monday)

    visible = WorkWeek.objects.visible_to(factories.auditor(account.vendor), VIEW)

    assert [week.starts_on for week in visible] == [date(2026, 9, 28)]


def test_a_transfer_without_a_date_lies_where_its_work_lies():
    """Else a vendor could hide money from the auditor by leaving out dates."""
    account = factories.engagement(factories.vendor())
    for at in (OCTOBER, JULY):
        factories.transfer(factories.work(account, ended_at=at), happened_at_ms=None)

    visible = Transfer.objects.visible_to(factories.auditor(account.vendor), VIEW)

    assert [transfer.work.ended_at_ms for transfer in visible] == [int(OCTOBER.timestamp() * 1000)]


def test_a_vendor_and_its_accounts_are_seen_by_their_own(two):
    own, _ = two
    staff, reader = factories.staff(own.vendor), factories.auditor(own.vendor)

    for user in (staff, reader):
        assert list(Vendor.objects.visible_to(user, VIEW)) == [own.vendor]
        assert list(Engagement.objects.visible_to(user, VIEW)) == [own]
    assert list(Engagement.objects.visible_to(factories.worker(own), VIEW)) == [own]


def test_roles_are_found_in_one_query(two, django_assert_num_queries):
    own, other = two
    person = factories.worker(own)
    Membership.objects.create(vendor=other.vendor, user=person)

    with django_assert_num_queries(1):
        assert scoping.roles_of(person, timezone.now()) == {Role.WORKER, Role.VENDOR}
