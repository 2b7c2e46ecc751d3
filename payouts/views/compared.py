"""What a worker's own record is for: compared with the platform's, released, filled from files."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import TemplateView, View

from ledger.models import WorkWeek
from payouts.disputes.asking import NotSaid
from payouts.evidence import log, own_export, release, weeks
from payouts.evidence.log import NotKept
from payouts.forms import OwnExportForm, ReleaseForm
from payouts.models import OwnExport
from payouts.views.evidence import PAGE, OwnRecord
from workers.models import User


class ReleaseEntry(OwnRecord, View):
    """Show exactly what the vendor will see of an entry; then release it, if so said."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show it; nothing is released."""
        return self.page(ReleaseForm())

    def page(self, form: ReleaseForm) -> HttpResponse:
        """Return the page with a form as it stands."""
        entry = self.entry()
        try:
            subject = release.subject_of(entry, at=timezone.now())
        except NotKept as error:
            messages.error(self.request, str(error))
            return redirect("log-entry", pk=entry.pk)
        choice = release.choice_of(entry)
        stake = subject.stakes.get(choice)
        return render(
            self.request,
            "evidence/release.html",
            {"form": form, "entry": entry, "subject": subject, "stake": stake,
             "evidence": subject.evidence, "zone": entry.engagement.vendor.zone, "choice": choice,
             "view": self},
        )  # fmt: skip

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Release it, and show the question that it opened."""
        entry, form = self.entry(), ReleaseForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        try:
            dispute = release.release(
                entry=entry,
                words=form.cleaned_data["words"],
                by=cast(User, request.user),
                at=timezone.now(),
            )
        except (NotKept, NotSaid) as error:
            messages.error(request, str(error))
            return redirect("log-entry", pk=entry.pk)
        return redirect("question", pk=dispute.pk)


class MyClocks(OwnRecord, TemplateView):
    """Both clocks side by side, week by week, and what the difference is worth."""

    template_name = "evidence/clocks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the weeks in which the worker wrote something down."""
        entries = log.current(self.get_queryset()).exclude(ended_at_ms=None)
        found = weeks.compare(
            list(self.accounts()), entries, self.visible(WorkWeek), at=timezone.now()
        )
        page = Paginator(found, PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page_obj=page,
            not_there=own_export.not_there(entries.select_related("engagement__vendor"))[:PAGE],
            several=len({one.engagement for one in found}) > 1,
            **kwargs,
        )


class MyExports(OwnRecord, View):
    """Files that the worker kept of the platform, read into the private record."""

    model = OwnExport

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what was read, and the form."""
        return self.page(OwnExportForm(accounts=self.accounts()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Read a file, or say why it cannot be read."""
        accounts = self.accounts()
        if not accounts:
            return redirect("accounts")
        form = OwnExportForm(request.POST, request.FILES, accounts=accounts)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                own_export.read(
                    worker=self.worker(),
                    engagement=form.engagement(accounts),
                    file=file,
                    name=file.name,
                    size=file.size,
                    at=timezone.now(),
                )
            except NotKept as error:
                form.add_error("file", str(error))
            else:
                return redirect("my-exports")
        return self.page(form)

    def page(self, form: OwnExportForm) -> HttpResponse:
        """Return the page with a form as it stands."""
        rows = self.get_queryset().select_related("engagement__vendor").order_by("-read_at")[:PAGE]
        return render(
            self.request,
            "evidence/exports.html",
            {"form": form, "exports": rows, "accounts": self.accounts(), "view": self},
        )
