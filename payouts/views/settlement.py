"""Settlement: the files that banks sent, what became of each entry, and what has no payment yet."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView, FormView, ListView, TemplateView

from ledger.files import Refused
from ledger.models import Job
from payouts.leaving import record
from payouts.models import SettlementEntry, SettlementFile, SettlementParty, SettlementTold
from payouts.settlement import intake, pages, unsettling
from payouts.settlement.forms import SettlementForm
from payouts.views.vendor import OfVendor
from workers.reloading import Reloading
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
            "known": record.known(self.vendor),
            "stories": pages.stories(files, entries, jobs),
            "open": entries.filter(outcome__outcome__in=pages.OPEN).count(),
            "unread": self.get_queryset().filter(state="done", counts__unreadable__gt=0).exists(),
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
            form.add_error(error.about or "file", str(error))
            return self.form_invalid(form)
        if not is_new:
            messages.info(self.request, _("This file was brought in before, so nothing was added."))
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

    def told(self, entries: Any) -> list[pages.Told]:
        """Return entries with payment and party. Two queries."""
        rows = list(entries.select_related("outcome__payment__engagement", "file"))
        parties = self.visible(SettlementParty).filter(entry__in=rows)
        return pages.told(rows, {one.entry_id: one for one in parties})


class SettlementFilePage(Reloading, Listed, DetailView):
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
        """Add one page of its entries, and how all of them ended."""
        entries = self.visible(SettlementEntry).filter(vendor=self.vendor)
        (self.story,) = pages.stories([self.object], entries, self.visible(Job))
        told = pages.told_by(self.object, entries, self.visible(SettlementTold))
        page = Paginator(told, ENTRIES).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            vendor=self.vendor,
            file=self.object,
            story=self.story,
            problems=self.object.problems[:PROBLEMS],
            page_obj=page,
            told=self.told(page.object_list),
            may_add=may(self.request.user, Permission.SETTLEMENT_ADD, timezone.now()),
            **kwargs,
        )

    def goes_on(self, context: dict[str, Any]) -> bool:
        """Tell whether the file is being read."""
        return self.story.is_moving


class UndoSettlement(OfVendor, TemplateView):
    """What taking a bank's file back would do; and the button that does it."""

    model = SettlementFile
    permission = Permission.SETTLEMENT_ADD
    template_name = "payouts/settlement_undo.html"
    section = "settlement"

    def find_file(self) -> SettlementFile:
        """Return the file, if it is the vendor's; else Http404."""
        files = self.get_queryset().filter(vendor=self.find()).select_related("vendor")
        found: SettlementFile = get_object_or_404(files, uuid=self.kwargs["uuid"])
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the preview."""
        file = self.find_file()
        preview = unsettling.preview(file) if file.state == "done" else None
        return super().get_context_data(
            vendor=self.vendor,
            file=file,
            state=pages.state_of(file),
            preview=preview,
            **kwargs,
        )

    def post(self, request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
        """Start the undoing, and show how far it is."""
        file = self.find_file()
        try:
            unsettling.start(file=file, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        except Refused as error:
            messages.error(request, str(error))
        return redirect("settlement-file", slug=slug, uuid=uuid)


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
        self.outcome = asked if asked in pages.OUTCOMES else ""
        wanted = [self.outcome] if self.outcome else pages.OPEN
        return self.entries.filter(outcome__outcome__in=wanted).order_by("-lies_on", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how many there are of each outcome."""
        context = super().get_context_data(**kwargs)
        return context | {
            "vendor": self.vendor,
            "told": self.told(context["object_list"]),
            "outcome": self.outcome,
            "kinds": pages.kinds(self.entries),
        }
