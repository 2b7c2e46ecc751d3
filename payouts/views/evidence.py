"""The worker's own record: a log that nobody else can see."""

from typing import Any, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
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
from payouts.forms import EntryForm, StartForm
from payouts.models import Entry, Release
from workers.models import Engagement, User, Worker
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


class MyLog(OwnRecord, View):
    """What the worker wrote down: add to it by hand, start a clock, see what is there."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the log and its forms."""
        return self.page(EntryForm(accounts=self.accounts()))

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
                form.add_error(None, str(error))
            else:
                messages.info(request, _("It is written down. Only you can see it."))
                return redirect("my-log")
        return self.page(form)

    def page(self, form: EntryForm) -> HttpResponse:
        """Return the page with a form as it stands."""
        accounts = self.accounts()
        rows = log.current(self.get_queryset()).select_related("engagement__vendor", "release")
        ended = rows.exclude(ended_at_ms=None).order_by("-started_at_ms", "pk")
        page = Paginator(ended, PAGE).get_page(self.request.GET.get("page"))
        context = {
            "form": form,
            "start": StartForm(accounts=accounts, auto_id="start_%s"),
            "accounts": accounts,
            "running": rows.filter(ended_at_ms=None).order_by("started_at_ms"),
            "page_obj": page,
            "view": self,
        }
        return render(self.request, "evidence/log.html", context)


class StartClock(OwnRecord, View):
    """Start a clock."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start it, and show the log."""
        accounts = self.accounts()
        form = StartForm(request.POST, accounts=accounts)
        if not accounts or not form.is_valid():
            messages.error(request, _("Choose one of your accounts."))
            return redirect("my-log")
        try:
            log.start(
                worker=self.worker(),
                engagement=form.engagement(accounts),
                what=form.cleaned_data["what"],
                at=timezone.now(),
            )
        except NotKept as error:
            messages.error(request, str(error))
        return redirect("my-log")


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


class LogEntry(OwnRecord, View):
    """One entry: all that was ever said of it, and a form to correct it."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show it; the address of an old revision leads to the newest one."""
        rows = self.get_queryset().select_related("corrected_by")
        entry = get_object_or_404(rows, pk=pk)
        if getattr(entry, "corrected_by", None) is not None:
            return redirect("log-entry", pk=entry.corrected_by.pk)
        return self.page(None)

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Keep the correction as another revision."""
        entry = self.entry()
        form = self.form(entry, request.POST)
        if form.is_valid():
            said = form.said(entry.engagement)._replace(how=entry.how)
            try:
                kept = log.edit(entry=entry, said=said, at=timezone.now())
            except NotKept as error:
                form.add_error(None, str(error))
            else:
                messages.info(request, _("Corrected. What it said before stays below."))
                return redirect("log-entry", pk=kept.pk)
        return self.page(form)

    def form(self, entry: Entry, data: Any = None) -> EntryForm:
        """Return the form; the account of an entry stays."""
        form = EntryForm(data, accounts=self.accounts(), initial=EntryForm.initial_of(entry))
        del form.fields["account"]
        return form

    def page(self, form: EntryForm | None) -> HttpResponse:
        """Return the page; of a withdrawn entry without a form."""
        rows = self.get_queryset().select_related("engagement__vendor")
        entry = get_object_or_404(rows, pk=self.kwargs["pk"])
        released = self.visible(Release).filter(entry=entry).first()
        if form is None and not released and not entry.withdrawn:
            form = self.form(entry)
        context = {
            "entry": entry,
            "released": released,
            "revisions": log.revisions(entry),
            "screenshots": entry.screenshots.order_by("noted_at"),
            "form": form,
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
class NoteScreenshot(OwnRecord, View):
    """Keep the hash of a picture. The picture is hashed as it comes in and never stored."""

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Have the file hashed instead of kept, before anything reads the body."""
        request.upload_handlers = [uploads.HashOnly(request)]
        return csrf_protect(super().dispatch)(request, *args, **kwargs)

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Keep the hash, and show the entry."""
        entry = self.entry()
        file = request.FILES.get("picture")
        if isinstance(file, UploadedFile) and file.size:
            log.note_screenshot(
                entry=entry,
                sha256=file.sha256,  # type: ignore[attr-defined]
                size=file.size,
                at=timezone.now(),
            )
            messages.info(request, _("Its fingerprint is kept. Keep the picture yourself."))
        else:
            messages.error(request, _("Choose a picture."))
        return redirect("log-entry", pk=entry.pk)
