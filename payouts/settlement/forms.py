"""What a vendor says of a bank's file that it brings in. The form only checks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from payouts.settlement.formats import MAX_BYTES
from workers.posting import Form

TOO_LARGE = _("This file is larger than 16 MB. Ask the bank for shorter periods.")


class SettlementForm(Form):
    """A bank's file; and, for a processor's CSV, the mapping that names its columns."""

    file = forms.FileField(
        label=_("File from the bank or processor"),
        max_length=200,
        help_text=_(
            "camt.053, camt.054, pain.002, MT940, MT942, OFX or the settlement CSV, as it came, at "
            "most 16 MB. Which one it is, is recognised."
        ),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("This file is empty. Export it again."),
        },
    )
    mapping = forms.FileField(
        label=_("Mapping, for any other CSV"),
        max_length=200,
        required=False,
        help_text=_(
            "A small JSON file that says which column is the reference, the amount, the day. Leave "
            "it out for the formats above."
        ),
        error_messages={"empty": _("This mapping is empty.")},
    )

    def clean_file(self) -> Any:
        """Return the file, unless it is too large to be one of a bank."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file
