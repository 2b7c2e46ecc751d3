"""Top-ups: the gaps to the floor of a month, previewed as ledger lines, and closed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import TemplateView, View

from ledger import periods
from payouts import paper, topups
from payouts.models import TopUp
from payouts.views.runs import OfRuns
from workers.roles import Permission

MADE = 30  # top-ups shown, the newest first


class TopUps(OfRuns, TemplateView):
    """The gaps to the floor of a month, as the lines that would be posted; and those closed."""

    permission = Permission.RUN_VIEW
    template_name = "payouts/top_ups.html"
    model = TopUp

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the preview of the month asked for, else of the newest one that is over."""
        vendor, at = self.find(), timezone.now()
        months = self.months()
        asked = self.request.GET.get("period", "")
        period = asked if asked in dict(months) else self.latest_over(months)
        preview = None
        if period:
            preview = topups.preview(vendor=vendor, period=periods.month(period), as_of=at)
        return super().get_context_data(
            vendor=vendor,
            months=months,
            period=period,
            period_named=paper.named(period) if period else "",
            not_there=asked if asked != period else "",
            preview=preview,
            made=self.get_queryset().filter(vendor=vendor).order_by("-made_at")[:MADE],
            **kwargs,
        )


class CloseGaps(OfRuns, View):
    """Close the gaps that were previewed."""

    http_method_names = ["post"]
    permission = Permission.RUN_DRAFT

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Award what is missing; or say that the gaps are others by now."""
        vendor, period = self.find(), request.POST.get("period", "")
        try:
            made = topups.close(
                vendor=vendor,
                period=periods.month(period),
                digest=request.POST.get("digest", ""),
                by=self.user,
                at=timezone.now(),
            )
        except ValueError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, topups.said(made))
        back = redirect("top-ups", slug=vendor.slug)
        back["Location"] += f"?period={period}" if len(period) == len("2026-10") else ""
        return back
