"""The page of a flag of every kind that the sample plants, and of what such a flag is about."""

import pytest

from ledger.models import Payment
from payouts.models import Flag
from tests import factories
from tests.web.test_pages import visit

pytestmark = pytest.mark.django_db


def test_a_flag_of_every_kind_can_be_opened_by_whomever_it_is_for(site):
    flags = Flag.objects.filter(vendor=site.vendor).select_related("engagement")
    first_of = {flag.code: flag for flag in flags.order_by("-pk")}
    for code, flag in first_of.items():
        page = visit(site, "vera", f"/flags/{flag.pk}/")
        assert page.status_code == (200 if flag.for_vendor else 404), code
        if flag.for_worker and flag.engagement:
            linked = flag.engagement.links.filter(ended_at=None).first()
            site.users[code] = (
                linked.worker.user if linked else factories.worker(flag.engagement, name=code)
            )
            assert visit(site, code, f"/flags/{flag.pk}/").status_code == 200, code

    assert len(first_of) >= 28


def test_a_payment_that_came_back_is_not_shown_as_on_its_way(site):
    flag = Flag.objects.filter(vendor=site.vendor, code="W07").earliest("pk")
    reference = flag.evidence["payments"][0]["reference"]
    payment = Payment.objects.get(engagement=flag.engagement, reference=reference)
    site.users["back"] = factories.worker(flag.engagement, name="back")

    page = visit(site, "back", f"/pay/payments/{payment.pk}/").said

    assert "Came back" in page
    assert "On its way" not in page
