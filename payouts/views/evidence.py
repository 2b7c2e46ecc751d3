"""The worker's own record: a log that nobody else can see."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.generic import View

from payouts.evidence import log, uploads
from payouts.evidence.log import NotKept
from payouts.forms import CorrectionForm, EntryForm, PictureForm, StartForm
from payouts.models import Entry, Release
from workers.models import Engagement, User, Worker
from workers.posting import Posting, WithForms
from workers.roles import Permission, Role
from workers.scoping import Scoped

PAGE = 30  # entries


class OwnRecord(Scoped, abstract=True):
    """A page of the worker's own record."""

    model: Any = Entry
    permission = Permission.EVIDENCE_KEEP
    nav, section = Role.WORKER, "my-log"

    def accounts(self) -> "QuerySet[Engagement]":
        """Return the accounts that the worker claimed."""
        rows = self.visible(Engagement).select_related("vendor")
        return rows.order_by("vendor__name", "account")

    def worker(self) -> Worker:
        """Return the person who asks."""
        return cast(User, self.request.user).worker  # type: ignore[attr-defined]

    def entry(self) -> Entry:
        """Return the newest revision of the entry named in the address."""
        rows = log.current(self.get_queryset()).select_related("engagement__vendor", "worker")
        return get_object_or_404(rows, pk=self.kwargs["pk"])  # type: ignore[attr-defined]


class MyLog(WithForms, OwnRecord, View):
    """What the worker wrote down: add to it by hand, start a clock, see what is there."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the log and its forms."""
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep what was typed; or say what to mend."""
        accounts = self.accounts()
        if not accounts:
            return redirect("accounts")
        form = EntryForm(request.POST, accounts=accounts)
        if form.is_valid():
            engagement = form.engagement(accounts)
            try:
                log.by_hand(
                    worker=self.worker(),
                    engagement=engagement,
                    said=form.said(engagement),
                    at=timezone.now(),
                )
            except NotKept as error:
                form.blame(error)
            else:
                messages.info(request, _("It is written down. Only you can see it."))
                return redirect("my-log")
        self.refused = form
        return self.page()

    def page(self) -> HttpResponse:
        """Return the page with its forms as they stand."""
        accounts = self.accounts()
        rows = log.current(self.get_queryset()).select_related("engagement__vendor", "release")
        ended = rows.exclude(ended_at_ms=None).order_by("-started_at_ms", "pk")
        page = Paginator(ended, PAGE).get_page(self.request.GET.get("page"))
        running = list(rows.filter(ended_at_ms=None).order_by("started_at_ms"))
        context = {
            "refused": self.refused,
            "form": self.form(EntryForm, accounts=accounts),
            "start": None if running else self.form(StartForm, accounts=accounts),
            "accounts": accounts,
            "running": running,
            "page_obj": page,
            "view": self,
        }
        return render(self.request, "evidence/log.html", context)


class StartClock(OwnRecord, Posting):
    """Start a clock."""

    on_page, page_name = MyLog, "my-log"

    def post(self, request: HttpRequest, **named: Any) -> HttpResponse:
        """Start it; whoever has no account adds one first."""
        return super().post(request, **named) if self.accounts() else redirect("accounts")

    def meant(self) -> "QuerySet[Engagement]":
        """Return the accounts that it can be for."""
        return self.accounts()

    def sent(self, row: "QuerySet[Engagement]") -> StartForm:
        """Return the form that was sent."""
        return StartForm(self.request.POST, accounts=row)

    def act(self, row: "QuerySet[Engagement]", form: StartForm) -> None:
        """Start it."""
        what = form.cleaned_data["what"]
        engagement = form.engagement(row)
        log.start(worker=self.worker(), engagement=engagement, what=what, at=timezone.now())


class StopClock(OwnRecord, View):
    """Stop a clock that runs."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Stop it, and show the log."""
        entry = self.entry()
        try:
            log.stop(entry=entry, at=timezone.now())
        except NotKept as error:
            messages.error(request, str(error))
            return redirect("log-entry", pk=entry.pk)
        return redirect("my-log")


class LogEntry(WithForms, OwnRecord, View):
    """One entry: all that was ever said of it, and a form to correct it."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show it; the address of an old revision leads to the newest one."""
        rows = self.get_queryset().select_related("corrected_by")
        entry = get_object_or_404(rows, pk=pk)
        if getattr(entry, "corrected_by", None) is not None:
            return redirect("log-entry", pk=entry.corrected_by.pk)
        return self.page()

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Keep the correction as another revision."""
        entry = self.entry()
        form = CorrectionForm(request.POST)
        if form.is_valid():
            said = form.said(entry.engagement)._replace(how=entry.how)
            try:
                kept = log.edit(entry=entry, said=said, at=timezone.now())
            except NotKept as error:
                form.blame(error)
            else:
                messages.info(request, _("Corrected. What it said before stays below."))
                return redirect("log-entry", pk=kept.pk)
        self.refused = form
        return self.page()

    def page(self) -> HttpResponse:
        """Return the page; of an entry that was released or withdrawn without forms."""
        rows = self.get_queryset().select_related("engagement__vendor")
        entry = get_object_or_404(rows, pk=self.kwargs["pk"])
        released = self.visible(Release).filter(entry=entry).first()
        is_open = not released and not entry.withdrawn
        context = {
            "refused": self.refused,
            "entry": entry,
            "released": released,
            "revisions": log.revisions(entry),
            "screenshots": entry.screenshots.order_by("noted_at"),
            "form": is_open and self.form(CorrectionForm, initial=CorrectionForm.initial_of(entry)),
            "picture": is_open and self.form(PictureForm),
            "view": self,
        }
        return render(self.request, "evidence/entry.html", context)


class WithdrawEntry(OwnRecord, View):
    """Take an entry back; its writer still sees what it said."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Withdraw it, and show the log."""
        entry = self.entry()
        try:
            log.withdraw(entry=entry, at=timezone.now())
        except NotKept as error:
            messages.error(request, str(error))
            return redirect("log-entry", pk=entry.pk)
        messages.info(request, _("Withdrawn. It counts nowhere any more."))
        return redirect("my-log")


@method_decorator(csrf_exempt, name="dispatch")  # checked in it, once nothing keeps the file
class NoteScreenshot(OwnRecord, Posting):
    """Keep the hash of a picture. The picture is hashed as it comes in and never stored."""

    on_page, page_name = LogEntry, "log-entry"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Have the file hashed instead of kept, before anything reads the body."""
        request.upload_handlers = [uploads.HashOnly(request)]
        return csrf_protect(super().dispatch)(request, *args, **kwargs)

    def meant(self) -> Entry:
        """Return the entry."""
        return self.entry()

    def sent(self, row: Entry) -> PictureForm:
        """Return the form with what is known of the file."""
        return PictureForm(self.request.POST, self.request.FILES)

    def act(self, row: Entry, form: PictureForm) -> None:
        """Keep the hash."""
        file = form.cleaned_data["picture"]
        log.note_screenshot(entry=row, sha256=file.sha256, size=file.size, at=timezone.now())
        messages.info(self.request, _("Its fingerprint is kept. Keep the picture yourself."))
