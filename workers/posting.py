"""Forms on pages. One that is refused comes back on its page, with what was typed and why.

A page that shows forms is a WithForms; what is sent from one goes to a Posting, at an address of
its own. The templates are workers/fields.html for the fields, and workers/refused.html for the line
on top, with workers/unsent.html for words that have no place any more; both are in base.html.
"""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from workers.refusal import Refusal
from workers.scoping import Scoped

SAID = {
    "required": _("Nothing stands here. Fill it in."),
    "max_length": _("This has %(show_value)d characters; at most %(limit_value)d fit. Shorten it."),
    "invalid_choice": _("“%(value)s” is not among the choices. Choose one of the list."),
}
UNSAID = (
    None,
    forms.Field.default_error_messages["required"],
    forms.ChoiceField.default_error_messages["invalid_choice"],
)


class Form(forms.Form):
    """A form of a page.

    name: what the ids of its fields begin with. of: which one it is, where a page has several like
    it. has_place: the page it came back to shows it; else its words stand on top (unsent.html).
    """

    name: ClassVar[str] = "id"
    has_place = False

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.name}-{of}-%s" if of else f"{self.name}_%s")
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.of = of
        for field in self.fields.values():
            for code, words in SAID.items():
                if field.error_messages.get(code) in UNSAID:
                    field.error_messages[code] = words

    @property
    def wrong(self) -> list[forms.BoundField]:
        """The fields that the visitor sees and has to mend."""
        return [field for field in self.visible_fields() if field.errors]

    @property
    def on_top(self) -> list[str]:
        """What is wrong and stands beside no field."""
        hidden = [error for field in self.hidden_fields() for error in field.errors]
        return [*self.non_field_errors(), *hidden]

    def blame(self, error: Refusal) -> None:
        """Say a refusal beside the field that it is about; on top where there is none."""
        self.add_error(error.about if error.about in self.fields else None, str(error))


class Written(forms.CharField):
    """Something typed that `read` understands; its ValueError says what is wrong with it."""

    def __init__(self, read: Callable[[str], Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.read = read

    def clean(self, value: Any) -> Any:
        """Return what was read; None where nothing was typed and nothing has to be."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return self.read(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class Seen(forms.IntegerField):
    """How much of what happened somebody had read. It names what the page shows, also when the form
    comes back: so what was missed is read, and the same words can be sent again."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=30_000, widget=forms.HiddenInput, **kwargs)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what the page says."""
        return initial


F = TypeVar("F", bound=Form)


class WithForms:
    """A page that shows forms, of which one may have been refused."""

    refused: Form | None = None

    def form(self, form_class: type[F], of: str = "", **given: Any) -> F:
        """Return a form of the page: as it was refused, or a new one."""
        refused = self.refused
        if isinstance(refused, form_class) and refused.of == of:
            refused.initial = given.get("initial", {})
            refused.has_place = True
            return refused
        return form_class(of=of, **given)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the form that was refused, for the line on top."""
        return super().get_context_data(refused=self.refused, **kwargs)  # type: ignore[misc]

    @classmethod
    def again(cls, request: HttpRequest, refused: Form, **named: Any) -> HttpResponse:
        """Return the page with a form that was refused."""
        page: Any = cls()
        page.setup(request, **named)
        page.refused = refused
        response: HttpResponse = page.get(request, **named)
        return response


class Posting(Scoped, View, abstract=True):
    """What is sent from a form of a page.

    on_page: the page's view; page_name: its address, which has the same parts. What is meant is
    found before anything else: what others own is not there, however wrong the form.
    """

    http_method_names = ["get", "head", "post"]
    on_page: type[WithForms]
    page_name: str
    form_class: type[Form]

    def get(self, request: HttpRequest, **named: Any) -> HttpResponse:
        """Lead to the page: whoever loads this address anew wants to see it."""
        return redirect(self.page_name, **named)

    def post(self, request: HttpRequest, **named: Any) -> HttpResponse:
        """Do what was asked and show the page; or show it with the form and what is wrong."""
        row = self.meant()
        form = self.sent(row)
        if form.is_valid():
            try:
                return self.act(row, form) or redirect(self.page_name, **named)
            except Refusal as error:
                form.blame(error)
        return self.on_page.again(request, form, **named)

    def meant(self) -> Any:
        """Return the row that something is done to; Http404 for one of others."""
        return get_object_or_404(self.get_queryset(), **self.kwargs)

    def sent(self, row: Any) -> Form:
        """Return the form that was sent."""
        return self.form_class(self.request.POST)

    def act(self, row: Any, form: Any) -> HttpResponse | None:
        """Make the one call into the domain; return where to go, if not to the page."""
        raise NotImplementedError
