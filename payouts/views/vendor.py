"""The vendor's pages: the overview, the flags, and a button to look for missing pay."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import ListView, TemplateView, View

from ledger.models import Job, WorkWeek
from payouts import flag_list, overview, scanning
from payouts.models import Flag, Scan
from workers.models import Engagement, Vendor
from workers.roles import Permission, Role
from workers.scoping import Scoped, may

GOES_ON = ("waiting", "running")
REFRESH_S = 3  # while something goes on behind the page
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


class OfVendor(Scoped, abstract=True):
    """A page of one vendor, named by its slug in the address."""

    nav = Role.VENDOR
    vendor: Vendor

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
            scan=self.visible(Scan).filter(vendor=vendor).order_by("-pk").first(),
            **kwargs,
        )


class Flags(OfVendor, ListView):
    """What is wrong with pay, worst money first."""

    model = Flag
    permission = Permission.FLAG_VIEW
    template_name = "payouts/flags.html"
    paginate_by = 25
    section = "flags"

    def get_queryset(self) -> Any:
        """Return the vendor's flags that were asked for."""
        self.flags = super().get_queryset().filter(vendor=self.find())
        self.resolved = bool(self.request.GET.get("resolved"))
        self.code = self.request.GET.get("code", "")[:4]
        return flag_list.rows(self.flags, code=self.code, resolved=self.resolved)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the codes, and how far a scan is."""
        context = super().get_context_data(**kwargs)
        scan = self.visible(Scan).filter(vendor=self.vendor).order_by("-pk").first()
        job = self.visible(Job).filter(key=f"scan:{scan.pk}").first() if scan else None
        return context | {
            "vendor": self.vendor,
            "kinds": flag_list.kinds(self.flags, resolved=self.resolved),
            "shown": list(flag_list.shown(context["object_list"])),
            "notices": [] if self.code or self.resolved else list(flag_list.notices(self.flags)),
            "plain": flag_list.PLAIN.get(self.code),
            "code": self.code,
            "resolved": self.resolved,
            "scan": scan,
            "job": job,
            "may_scan": may(self.request.user, Permission.FLAG_SCAN, timezone.now()),
        }

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Load the page again by itself while a scan goes on."""
        response = super().render_to_response(context, **kwargs)
        job = context["job"]
        if job is not None and job.state in GOES_ON:
            response.headers["Refresh"] = str(REFRESH_S)
        return response


class ScanNow(OfVendor, View):
    """Look for missing pay now."""

    http_method_names = ["post"]
    model = Vendor
    permission = Permission.FLAG_SCAN

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Start a scan, and show the flags."""
        vendor, at = self.find(), timezone.now()
        scanning.start(vendor=vendor, as_of=at, by=request.user, at=at)  # type: ignore[arg-type]
        messages.info(request, "The scan has begun. What it finds appears below.")
        return redirect("flags", slug=vendor.slug)
