"""The stock admin: facts are there to be looked at; people can be edited."""

import pytest
from django.contrib import admin
from django.urls import reverse

from ledger import guards
from tests import factories
from tests.web import world
from workers.admin import ReadOnly
from workers.models import AuditGrant, Membership, User, Vendor

pytestmark = pytest.mark.django_db
MODELS = list(admin.site._registry)


@pytest.fixture
def administrator(client):
    client.force_login(factories.user("root", is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_an_administrator_sees_every_list(administrator, model):
    world.build()

    response = administrator.get(reverse(f"admin:{_name(model)}_changelist"))

    assert response.status_code == 200


def _name(model):
    return f"{model._meta.app_label}_{model._meta.model_name}"


@pytest.mark.parametrize(
    "kind", ["work", "transfer", "week", "flag", "statement", "import", "link"]
)
def test_not_even_an_administrator_changes_a_fact(administrator, kind):
    row = world.build().rows[kind]["mine"]
    name = _name(type(row))

    assert administrator.get(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 200
    assert administrator.post(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 403
    assert administrator.post(reverse(f"admin:{name}_delete", args=[row.pk])).status_code == 403
    assert administrator.post(reverse(f"admin:{name}_add")).status_code == 403


def test_every_guarded_model_that_the_admin_has_is_read_only():
    guarded = set(guards.guarded_models()) & set(MODELS)

    assert guarded
    assert all(isinstance(admin.site._registry[model], ReadOnly) for model in guarded)


def test_keys_and_hashes_are_not_shown(administrator):
    account = factories.engagement(factories.vendor())
    body = administrator.get(reverse("admin:workers_engagement_change", args=[account.pk])).content

    assert account.account.encode() in body
    assert b"key" not in body.split(b"<main")[1].lower()


@pytest.mark.parametrize("model", [User, Membership, AuditGrant], ids=lambda model: model.__name__)
def test_people_and_grants_can_be_added(administrator, model):
    assert administrator.get(reverse(f"admin:{_name(model)}_add")).status_code == 200


def test_a_vendors_zone_cannot_be_changed_as_past_weeks_hang_on_it(administrator):
    vendor = factories.vendor(zone="UTC")
    form = {"name": "Aster Labels", "zone": "Asia/Tokyo"}

    administrator.post(reverse("admin:workers_vendor_change", args=[vendor.pk]), form)

    assert list(Vendor.objects.values_list("name", "zone")) == [("Aster Labels", "UTC")]


def test_the_admins_own_sign_in_leads_to_the_one_with_patience(client):
    response = client.get("/admin/", follow=True)

    assert response.redirect_chain[-1][0] == "/sign-in/?next=%2Fadmin%2F"
