"""What a vendor declares of how its pay leaves: accounts and fees. Forms only check."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workers import naming
from workers.payees import METHODS
from workers.posting import Form, Written


def first_day(help_text: Any) -> Written:
    """Return a field for the day from which something holds."""
    return Written(
        naming.day_written,
        label=_("From"),
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Say from which day on. Write it as YYYY-MM-DD.")},
    )


def reason(label: Any) -> forms.CharField:
    """Return a field for why it is so."""
    return forms.CharField(
        label=label, max_length=500, error_messages={"required": _("Say it in a few words.")}
    )


def decimal(label: Any) -> forms.CharField:
    """Return a field for a number that may be left out."""
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=40, widget=widget)


class AccountsForm(Form):
    """The accounts through which all pay goes out."""

    name = "accounts"
    accounts = forms.CharField(
        label=_("Accounts, one a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "As the bank's statements name them, with the currency behind a stroke: "
            "DE89 3704 0044 0532 0130 00/EUR. An account left out would make every missing payment "
            "look late. None at all takes the declaration back."
        ),
    )
    from_on = first_day(
        _("Only the first declaration may reach back. The first statement opens before this day.")
    )
    reason = reason(_("Why it is so"))


class FeeForm(Form):
    """What a way of paying costs the recipient."""

    name = "fee"
    method = forms.ChoiceField(label=_("Way of paying"), choices=list(METHODS.items()))
    currency = Written(
        naming.currency_named,
        label=_("Currency that arrives"),
        max_length=3,
        error_messages={"required": _("Say which. Use a code like USD, EUR or KES.")},
    )
    fixed = decimal(_("Of each payment"))
    percent = decimal(_("Per cent of the amount, besides"))
    least = decimal(_("At least"))
    from_on = first_day(_("Only the first fee of a way may reach back."))
    reason = reason(_("Where it is known from"))
