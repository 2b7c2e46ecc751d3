"""Every address × method × visitor × own and other rows: who gets in, and what nobody sees."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import path
from rest_framework import throttling
from rest_framework.permissions import AllowAny

from config import urls
from ledger.api.facts import WorkList
from ledger.api.imports import ImportDetail
from ledger.models import Work
from payouts import flag_list
from payouts.api.flags import FlagList
from payouts.api.statements import StatementData
from payouts.models import Dispute, Flag, Statement
from tests.web import matrix, world
from tests.web.access_table import ADDRESSES
from workers.models import Link
from workers.roles import GRANTS, Permission, Role
from workers.scoping import Scoped

pytestmark = pytest.mark.django_db


@pytest.fixture
def visits(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    throttling.SimpleRateThrottle.cache.clear()
    return matrix.Visits(world.build())


def test_every_address_is_in_the_table():
    assert matrix.undeclared() == []


@pytest.mark.parametrize("route", ADDRESSES)
def test_only_those_get_in_who_should(visits, route):
    assert visits.violations(route) == []


def test_the_administration_is_closed_to_everybody_who_is_no_administrator(visits):
    """Each address below admin/, on rows that exist; test_admin.py has the one who gets in."""
    wrong = []
    for route in matrix.routes():
        if matrix.is_of_admin(route):
            wrong += visits.violations(route, methods=("GET", "POST"))

    assert wrong == []


def test_a_list_that_is_not_scoped_is_found(visits, monkeypatch):
    def everybodys(view):
        return flag_list.standing_now(Flag.objects.all(), Dispute.objects.all()).values(
            *view.columns
        )

    monkeypatch.setattr(FlagList, "get_queryset", everybodys)

    wrong = visits.violations("api/v1/flags/")

    assert any("as worker: the answer contains ACCPEER8842" in said for said in wrong)
    assert any("as vendor: the answer contains ACCFOREIGN9953" in said for said in wrong)


def test_a_detail_that_is_not_scoped_is_found(visits, monkeypatch):
    monkeypatch.setattr(StatementData, "get_queryset", lambda view: Statement.objects.all())

    wrong = visits.violations("api/v1/statements/<int:pk>/")

    assert (
        "GET api/v1/statements/<int:pk>/ as auditor on the early row: 200 instead of 404" in wrong
    )


def test_a_grant_without_a_period_is_found(visits, monkeypatch):
    monkeypatch.delattr(Work, "SCOPE_DAY")

    wrong = visits.violations("api/v1/work/")

    assert any("as auditor: the answer contains WORK7390000000" in said for said in wrong)


def test_a_view_without_a_permission_is_found(visits, monkeypatch):
    monkeypatch.setattr(WorkList, "permission_classes", [AllowAny])

    wrong = visits.violations("api/v1/work/")

    assert "GET api/v1/work/ as anonymous: 200 instead of 401" in wrong
    assert "GET api/v1/work/ as user without a role: 200 instead of 403" in wrong


def test_a_wrong_permission_is_found(visits, monkeypatch):
    monkeypatch.setattr(ImportDetail, "permission", Permission.WORK_VIEW)

    wrong = visits.violations("api/v1/imports/<uuid:uuid>/")

    assert any("as auditor on the mine row: 200 instead of 403" in said for said in wrong)


def test_a_link_that_is_shown_to_a_vendor_is_found(visits, monkeypatch):
    """Whether somebody claimed an account is nobody's business but theirs."""
    monkeypatch.setattr(Link, "SCOPES", {"vendor": "engagement__vendor", "worker": "engagement"})
    monkeypatch.setitem(GRANTS, Role.VENDOR, GRANTS[Role.VENDOR] | {Permission.ACCOUNT_CLAIM})

    wrong = visits.violations("accounts/")

    assert any("as vendor: the list has the mine row" in said for said in wrong)


def test_an_address_that_nobody_declared_is_found():
    urlconf = (path("api/v1/forgotten/", WorkList.as_view()), *urls.urlpatterns)

    assert "api/v1/forgotten/" in matrix.undeclared(urlconf)


def test_a_line_of_the_table_without_an_address_is_found(monkeypatch):
    monkeypatch.setitem(ADDRESSES, "api/v1/gone/", {})

    assert "api/v1/gone/" in matrix.undeclared()


def test_a_view_that_names_no_permission_fails_when_it_is_imported():
    with pytest.raises(ImproperlyConfigured, match="Careless names no permission"):
        type("Careless", (Scoped,), {"model": Work})
