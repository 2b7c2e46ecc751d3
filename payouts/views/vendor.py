"""The vendor's first page, and a button to look for missing pay."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from ledger.models import WorkWeek
from payouts import flag_list, overview, scanning
from payouts.models import Flag, Scan
from workers.models import Engagement, Vendor
from workers.roles import Permission, Role
from workers.scoping import Scoped

MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


class OfVendor(Scoped, abstract=True):
    """A page of one vendor, named by its slug in the address."""

    nav = Role.VENDOR
    vendor: Vendor

    def meant(self) -> Any:
        """Return what something is done to: the vendor, where a page says nothing else."""
        return self.find()

    def find(self) -> Vendor:
        """Return the vendor, if the visitor may see it; else Http404."""
        vendors = self.visible(Vendor)
        self.vendor = get_object_or_404(vendors, slug=self.kwargs["slug"])  # type: ignore[attr-defined]
        return self.vendor


class Overview(OfVendor, TemplateView):
    """How many worker-weeks reached the floor, and where money is missing."""

    model = WorkWeek
    permission = Permission.OVERVIEW_VIEW
    template_name = "payouts/overview.html"
    section = "overview"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the figures of twelve months, or of the one that was asked for."""
        vendor = self.find()
        asked = MONTH.fullmatch(self.request.GET.get("month", ""))
        flags = self.visible(Flag).filter(vendor=vendor)
        return super().get_context_data(
            vendor=vendor,
            month=asked and asked[0],
            overview=overview.of(
                vendor,
                self.get_queryset().filter(vendor=vendor),
                self.visible(Engagement),
                month=(int(asked[1]), int(asked[2])) if asked else None,
                as_of=timezone.now(),
            ),
            kinds=flag_list.kinds(flags),
            waiting=flag_list.waiting(flags),
            scan=self.visible(Scan).filter(vendor=vendor).order_by("-pk").first(),
            **kwargs,
        )


class ScanNow(OfVendor, View):
    """Look for missing pay now."""

    http_method_names = ["post"]
    model = Vendor
    permission = Permission.FLAG_SCAN

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Start a scan, and show the flags."""
        vendor, at = self.find(), timezone.now()
        scanning.start(vendor=vendor, as_of=at, by=request.user, at=at)  # type: ignore[arg-type]
        messages.info(request, _("The scan has begun. What it finds appears below."))
        return redirect("flags", slug=vendor.slug)
