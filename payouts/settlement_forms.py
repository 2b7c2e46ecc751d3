"""What a vendor says of a bank's file that it brings in. The form only checks."""

from typing import Any

from django import forms

from payouts.settlement.formats import MAX_BYTES

TOO_LARGE = "This file is larger than 16 MB. Ask the bank for shorter periods."


class SettlementForm(forms.Form):
    """A bank's file; and, for a processor's CSV, the mapping that names its columns."""

    file = forms.FileField(
        label="File from the bank or processor",
        max_length=200,
        help_text="camt.053, camt.054, pain.002, MT940, MT942, OFX or the settlement CSV, as it "
        "came, at most 16 MB. Which one it is, is recognised.",
        error_messages={
            "required": "Choose a file.",
            "empty": "This file is empty. Export it again.",
        },
    )
    mapping = forms.FileField(
        label="Mapping, for any other CSV",
        max_length=200,
        required=False,
        help_text="A small JSON file that says which column is the reference, the amount, the day. "
        "Leave it out for the formats above.",
        error_messages={"empty": "This mapping is empty."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def clean_file(self) -> Any:
        """Return the file, unless it is too large to be one of a bank."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file
