"""Settlement: the files that banks sent, what became of each entry, and what has no payment yet."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import DetailView, FormView, ListView

from ledger.files import Refused
from ledger.models import Job
from payouts import settlement_pages
from payouts.models import SettlementEntry, SettlementFile, SettlementParty
from payouts.settlement import intake
from payouts.settlement_forms import SettlementForm
from payouts.views.vendor import REFRESH_S, OfVendor
from workers.roles import Permission
from workers.scoping import may

FILES, ENTRIES, PROBLEMS = 25, 50, 100


class Settlement(OfVendor, ListView):
    """The files that came in: entries, matched or not, and whether the sums agree."""

    model = SettlementFile
    permission = Permission.SETTLEMENT_VIEW
    template_name = "payouts/settlement.html"
    paginate_by = FILES
    section = "settlement"

    def get_queryset(self) -> Any:
        """Return the vendor's files, the newest first."""
        return super().get_queryset().filter(vendor=self.find()).order_by("-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how the entries of these files ended."""
        context = super().get_context_data(**kwargs)
        entries = self.visible(SettlementEntry).filter(vendor=self.vendor)
        files, jobs = list(context["object_list"]), self.visible(Job)
        return context | {
            "vendor": self.vendor,
            "stories": settlement_pages.stories(files, entries, jobs),
            "open": entries.filter(outcome__outcome__in=settlement_pages.OPEN).count(),
            "may_add": may(self.request.user, Permission.SETTLEMENT_ADD, timezone.now()),
        }


class BringSettlement(OfVendor, FormView):
    """Bring a bank's file in."""

    model = SettlementFile
    permission = Permission.SETTLEMENT_ADD
    template_name = "payouts/settlement_add.html"
    form_class = SettlementForm
    section = "settlement"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the vendor."""
        return super().get_context_data(vendor=self.find(), **kwargs)

    def form_valid(self, form: SettlementForm) -> HttpResponse:
        """Take the file in; reading it goes on behind the page that is shown next."""
        said, vendor = form.cleaned_data, self.find()
        try:
            file, is_new = intake.receive(
                vendor=vendor,
                content=said["file"].read(),
                name=said["file"].name,
                mapping=said["mapping"].read() if said["mapping"] else None,
                by=self.request.user,  # type: ignore[arg-type]
                at=timezone.now(),
            )
        except Refused as error:
            form.add_error("file", f"{error.value}: {error.rule}. {error.mend}")
            return self.form_invalid(form)
        if not is_new:
            messages.info(self.request, "This file was brought in before, so nothing was added.")
        return redirect("settlement-file", slug=vendor.slug, uuid=file.uuid)

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form, of a vendor that there is."""
        self.find()
        return super().get(*args, **kwargs)

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the form, of a vendor that there is."""
        self.find()
        return super().post(*args, **kwargs)


class Listed(OfVendor, abstract=True):
    """A page that lists entries with whom they name, as far as the visitor may know."""

    def told(self, entries: Any) -> list[settlement_pages.Told]:
        """Return entries with payment and party. Two queries."""
        rows = list(entries.select_related("outcome__payment__engagement", "file"))
        parties = self.visible(SettlementParty).filter(entry__in=rows)
        return settlement_pages.told(rows, {one.entry_id: one for one in parties})


class SettlementFilePage(Listed, DetailView):
    """One file: its control sums, what could not be read, and its entries."""

    model = SettlementFile
    permission = Permission.SETTLEMENT_VIEW
    template_name = "payouts/settlement_file.html"
    section = "settlement"

    def get_object(self, queryset: Any = None) -> SettlementFile:
        """Return the file, if it is the vendor's; else Http404."""
        files = self.get_queryset().filter(vendor=self.find())
        found: SettlementFile = get_object_or_404(files, uuid=self.kwargs["uuid"])
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the first entries, and how all of them ended."""
        entries = self.visible(SettlementEntry).filter(file=self.object)
        (self.story,) = settlement_pages.stories([self.object], entries, self.visible(Job))
        return super().get_context_data(
            vendor=self.vendor,
            file=self.object,
            story=self.story,
            problems=self.object.problems[:PROBLEMS],
            told=self.told(entries.order_by("number")[:ENTRIES]),
            shown=ENTRIES,
            **kwargs,
        )

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Load the page again by itself while the file is being read."""
        response = super().render_to_response(context, **kwargs)
        if self.story.is_moving:
            response.headers["Refresh"] = str(REFRESH_S)
        return response


class SettlementEntries(Listed, ListView):
    """Entries that have no payment yet, or contradict one, with the reason; others if asked."""

    model = SettlementEntry
    permission = Permission.SETTLEMENT_VIEW
    template_name = "payouts/settlement_entries.html"
    paginate_by = ENTRIES
    section = "settlement"

    def get_queryset(self) -> Any:
        """Return the vendor's entries with the outcome that was asked for."""
        self.entries = super().get_queryset().filter(vendor=self.find())
        asked = self.request.GET.get("outcome", "")
        self.outcome = asked if asked in settlement_pages.OUTCOMES else ""
        wanted = [self.outcome] if self.outcome else settlement_pages.OPEN
        return self.entries.filter(outcome__outcome__in=wanted).order_by("-lies_on", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how many there are of each outcome."""
        context = super().get_context_data(**kwargs)
        return context | {
            "vendor": self.vendor,
            "told": self.told(context["object_list"]),
            "outcome": self.outcome,
            "kinds": settlement_pages.kinds(self.entries),
        }
