"""The vendor's pages of imports: bring a file in, watch it, see what was not taken, undo it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView, FormView, TemplateView

from ledger import brought_in, intake, undo, uploads
from ledger.files import Refused
from ledger.forms import ImportForm
from ledger.models import Import, Job, Remark
from workers.models import Vendor
from workers.reloading import Reloading
from workers.roles import Permission, Role
from workers.scoping import Scoped

SHOWN_IMPORTS, SHOWN_REMARKS = 50, 100


class OfVendor(Scoped, abstract=True):
    """A page of one vendor's imports."""

    model = Import
    nav, section = Role.VENDOR, "imports"
    kwargs: dict[str, Any]
    request: HttpRequest

    @property
    def vendor(self) -> Vendor:
        """The vendor named in the address, if the visitor may see it; else Http404."""
        found: Vendor = get_object_or_404(self.visible(Vendor), slug=self.kwargs["slug"])
        return found

    def story(self, uuid: UUID) -> brought_in.Story:
        """Return one import of the vendor with its jobs; else Http404."""
        imports = self.get_queryset().select_related("vendor", "by")
        found = get_object_or_404(imports, vendor__slug=self.kwargs["slug"], uuid=uuid)
        return self.stories([found])[0]

    def stories(self, imports: list[Import]) -> list[brought_in.Story]:
        """Return imports with their jobs. One query."""
        jobs = self.visible(Job).filter(key__in=brought_in.keys(imports))
        return brought_in.stories(imports, {job.key: job for job in jobs})


class Imports(OfVendor, FormView):
    """The files that were brought in, and a form to bring one in."""

    permission = Permission.IMPORT_ADD
    template_name = "ledger/imports.html"
    form_class = ImportForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Add the vendor's zone: times are typed on its clock."""
        self.of_vendor = self.vendor
        return super().get_form_kwargs() | {"zone": self.of_vendor.zone}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the newest imports."""
        context = super().get_context_data(**kwargs)
        newest = self.get_queryset().filter(vendor=self.of_vendor).order_by("-pk")
        rows = list(newest.select_related("by")[: SHOWN_IMPORTS + 1])
        return context | {
            "vendor": self.of_vendor,
            "stories": self.stories(rows[:SHOWN_IMPORTS]),
            "has_more": len(rows) > SHOWN_IMPORTS,
        }

    def form_valid(self, form: ImportForm) -> HttpResponse:
        """Take the file in; reading it goes on behind the page that is shown next."""
        said = form.cleaned_data
        upload = said.pop("file")
        try:
            with uploads.on_disk(upload) as path:
                imported, is_new = intake.receive(
                    vendor=self.of_vendor,
                    path=path,
                    name=upload.name,
                    by=self.request.user,  # type: ignore[arg-type]
                    at=timezone.now(),
                    **said,
                )
        except Refused as error:
            form.add_error(error.about or "file", str(error))
            return self.form_invalid(form)
        if not is_new:
            messages.info(self.request, _("This file was brought in before, so nothing was added."))
        return redirect("import", slug=self.of_vendor.slug, uuid=imported.uuid)


class OneImport(Reloading, OfVendor, DetailView):
    """One file: how far it is, how its rows ended, and what was not taken."""

    permission = Permission.IMPORT_VIEW
    template_name = "ledger/import.html"

    def get_object(self, queryset: Any = None) -> brought_in.Story:
        """Return the import with its jobs."""
        return self.story(self.kwargs["uuid"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the first rejects and conflicts."""
        remarks = self.visible(Remark).filter(imported=self.object.imported)
        return super().get_context_data(
            story=self.object,
            imported=self.object.imported,
            vendor=self.object.imported.vendor,
            rejects=remarks.filter(kind="reject").order_by("line", "column")[:SHOWN_REMARKS],
            conflicts=remarks.filter(kind="conflict").order_by("line")[:SHOWN_REMARKS],
            shown=SHOWN_REMARKS,
            **kwargs,
        )

    def goes_on(self, context: dict[str, Any]) -> bool:
        """Tell whether something goes on."""
        return self.object.is_moving


class UndoImport(OfVendor, TemplateView):
    """What taking an import back would do; and the button that does it."""

    permission = Permission.IMPORT_ADD
    template_name = "ledger/undo.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the preview."""
        story = self.story(self.kwargs["uuid"])
        preview = undo.preview(story.imported) if story.may_be_undone else None
        return super().get_context_data(
            story=story,
            imported=story.imported,
            vendor=story.imported.vendor,
            preview=preview,
            **kwargs,
        )

    def post(self, request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
        """Start the undoing, and show how far it is."""
        imported = self.story(uuid).imported
        try:
            undo.start(imported=imported, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        except Refused as error:
            messages.error(request, str(error))
        return redirect("import", slug=slug, uuid=uuid)
