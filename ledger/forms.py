"""What a vendor says of a file that it brings in. The form only checks; intake.py does the rest."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ledger.periods import zone_of
from workers.posting import Form

KINDS = [
    ("work", _("Work: an export of the annotation platform")),
    ("payouts", _("Payments: a remittance list")),
]


class ImportForm(Form):
    """A file, what it holds, and how far it can be relied on."""

    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_(
            "CSV, at most 2 GB. MTurk results and this product's own formats are recognised."
        ),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("This file is empty. Export it again."),
        },
    )
    kind = forms.ChoiceField(
        label=_("What is in it?"), choices=KINDS, initial="work", widget=forms.RadioSelect
    )
    exported_at = forms.DateTimeField(
        label=_("When was it exported?"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("This is not a day and time. Use YYYY-MM-DD HH:MM.")},
    )
    complete = forms.BooleanField(
        label=_("It holds all of its scope: work that is missing in it was taken away"),
        required=False,
    )
    complete_until = forms.DateField(
        label=_("Payments: complete up to which day?"),
        required=False,
        help_text=_("Nothing that was sent up to this day is missing in what was brought in."),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("This is not a day. Use YYYY-MM-DD.")},
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["exported_at"].help_text = gettext(
            "On the clock of %(zone)s. Left empty: now. Of two exports the later one counts."
        ) % {"zone": zone}

    def clean_exported_at(self) -> datetime | None:
        """Return the moment that the vendor's clock shows."""
        said = self.cleaned_data["exported_at"]
        return said and said.replace(tzinfo=zone_of(self.zone))
