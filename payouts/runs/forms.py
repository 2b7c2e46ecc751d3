"""What is said of a pay run: which month it pays, why somebody is left out. Forms only check."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from payouts.runs.drafting import REASON_LENGTH
from workers.posting import Form


class MonthForm(Form):
    """One of the months that are offered, each as (2026-10, Oct 2026)."""

    name = "month"
    period = forms.ChoiceField(
        error_messages={
            "required": _("Choose a month."),
            "invalid_choice": _("“%(value)s” is not a month of the list. Choose one of it."),
        }
    )

    def __init__(
        self, *args: Any, months: Sequence[tuple[str, str]], label: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        period: Any = self.fields["period"]
        period.choices, period.label = months, label


class DraftForm(MonthForm):
    """Which debts a run pays: of work up to the end of a month, in one currency."""

    name = "run"
    currency = forms.ChoiceField(label=pgettext_lazy("currency", "in"))

    def __init__(self, *args: Any, currencies: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, label=_("Pay what is owed up to the end of"), **kwargs)
        currency: Any = self.fields["currency"]
        currency.choices = [(code, code) for code in currencies]
        if len(currencies) == 1:
            del self.fields["currency"]


class LeaveOutForm(Form):
    """Why an account is left out of a run."""

    name = "out"
    reason = forms.CharField(
        label=_("Why; it stays owed"),
        max_length=REASON_LENGTH,
        error_messages={"required": _("Say why. The money stays owed, and the worker may ask.")},
    )


class AnswerForm(Form):
    """Why a run may go although a check found something. Nothing at all takes the answer back."""

    name = "answer"
    reason = forms.CharField(
        label=_("Why the run may go all the same"), max_length=REASON_LENGTH, required=False
    )
