"""What workers write down in their own record. Forms only check."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ledger.money import format_amount, parse_micros
from ledger.periods import datetime_of, ms_of, zone_of
from payouts.disputes.asking import MOST_WORDS
from payouts.evidence.log import Said
from payouts.models import Entry
from workers.models import Engagement
from workers.posting import Form

MINUTES = "%Y-%m-%dT%H:%M"
MOST_MICROS = 10**15  # a thousand million units
MOST_EXPORT = 20_000_000  # bytes


class Moment(forms.DateTimeField):
    """A day and a time on the clock of a zone that is known later; the zone is put on then."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=[MINUTES, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTES),
            error_messages={
                "required": _("Give the day and the time."),
                "invalid": _("This is not a day and a time. Use YYYY-MM-DD HH:MM."),
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        """Return the time as it was typed, without a zone."""
        moment = super().to_python(value)
        return moment and moment.replace(tzinfo=None)


class Amount(forms.CharField):
    """An amount of money, as micros; None where nothing was typed."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=30, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return whole micros, 0 or more."""
        text = super().clean(value)
        if not text:
            return None
        try:
            micros = parse_micros(text)
        except ValueError:
            micros = -1
        if not 0 <= micros <= MOST_MICROS:
            said = {"text": text}
            raise ValidationError(_("“%(text)s” is not an amount. Write it like 12.50.") % said)
        return micros


def wording(label: Any, *, rows: int = 4, **kwargs: Any) -> forms.CharField:
    """Return a field for what somebody says."""
    return forms.CharField(
        label=label,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": _("Write a few words.")},
        **kwargs,
    )


class AccountForm(Form):
    """Which of the worker's accounts; not asked of those who have one."""

    account = forms.ModelChoiceField(
        queryset=Engagement._base_manager.none(),
        to_field_name="pseudonym",
        empty_label=None,
        error_messages={"invalid_choice": _("Choose one of your accounts.")},
    )

    def __init__(self, *args: Any, accounts: "QuerySet[Engagement]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["account"]
        field.label = _("Account")
        field.queryset = accounts  # type: ignore[attr-defined]
        field.label_from_instance = (  # type: ignore[attr-defined]
            lambda one: f"{one.account} · {one.vendor.name}"
        )
        if len(accounts) == 1:
            field.required = False
            field.widget = forms.HiddenInput()
            field.initial = accounts[0].pseudonym

    def engagement(self, accounts: "QuerySet[Engagement]") -> Engagement:
        """Return the account that was chosen, or the only one."""
        return self.cleaned_data.get("account") or accounts[0]


class StartForm(AccountForm):
    """Start a clock."""

    name = "start"
    what = forms.CharField(label=_("What are you working on?"), required=False, max_length=120)


class TimeForm(Form):
    """Time that was worked."""

    name = "time"
    started_at = Moment(label=_("From"))
    ended_at = Moment(label=_("To"))
    what = forms.CharField(
        label=_("What did you do?"),
        required=False,
        max_length=120,
        help_text=_("The task, or reading instructions, training, waiting."),
    )
    external_id = forms.CharField(
        label=_("Number of the task on the platform, if you have it"),
        required=False,
        max_length=200,
    )
    promised = Amount(label=_("Pay that was offered for it, if you know"), required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def said(self, engagement: Engagement) -> Said:
        """Return what was typed, on the clock of the account's vendor."""
        given, zone = self.cleaned_data, zone_of(engagement.vendor.zone)

        def instant(moment: datetime) -> int:
            return ms_of(moment.replace(tzinfo=zone))

        return Said(
            instant(given["started_at"]),
            instant(given["ended_at"]),
            given["what"],
            given["external_id"],
            given["promised"],
            engagement.vendor.currency if given["promised"] is not None else "",
            given["note"],
        )


class EntryForm(AccountForm, TimeForm):
    """Time that was worked, typed by hand."""


class CorrectionForm(TimeForm):
    """An entry as it should have been; its account stays."""

    @staticmethod
    def initial_of(entry: Entry) -> dict[str, Any]:
        """Return what the form shows of an entry that is to be edited."""
        zone = zone_of(entry.engagement.vendor.zone)

        def there(at_ms: int | None) -> datetime | None:
            return (
                None if at_ms is None else datetime_of(at_ms).astimezone(zone).replace(tzinfo=None)
            )

        promised = entry.promised_micros
        return {
            "started_at": there(entry.started_at_ms),
            "ended_at": there(entry.ended_at_ms),
            "what": entry.what,
            "external_id": entry.external_id,
            "promised": "" if promised is None else format_amount(promised),
            "note": entry.note,
        }


class OwnExportForm(AccountForm):
    """A file that the worker kept of the platform."""

    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_("CSV, at most 20 MB. It is read into your private record and not kept."),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("This file is empty. Export it again."),
        },
    )

    def clean_file(self) -> Any:
        """Return the file, unless it is too large to be read while you wait."""
        file = self.cleaned_data["file"]
        if file.size > MOST_EXPORT:
            raise ValidationError(_("This file has more than 20 MB. Export fewer months."))
        return file


class ReleaseForm(Form):
    """What the worker adds to an entry that is released."""

    name = "release"
    words = wording(_("Anything to add?"), required=False)


class PictureForm(Form):
    """A picture, of which the fingerprint is kept."""

    name = "picture"
    picture = forms.FileField(
        label=_("Picture"),
        max_length=1000,
        error_messages={
            "required": _("Choose a picture."),
            "empty": _("This file is empty. Choose a picture."),
        },
    )
