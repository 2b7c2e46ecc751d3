"""What all sides say to a question or a flag. Forms only check."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from payouts.forms import MOST_MICROS, Amount, wording
from payouts.reasons import LEAST_LETTERS
from payouts.templatetags.questions import CHOICES
from workers.posting import Form, Seen

AT_LEAST = format_lazy(
    _("At least {least} letters: what happened, and where that can be seen."), least=LEAST_LETTERS
)


class ExplainForm(Form):
    """The vendor's reason for a flag."""

    name = "explain"
    seen = Seen()
    words = wording(_("Your reason"), help_text=AT_LEAST)


class DecideForm(Form):
    """An auditor's reason, which closes a flag or a question."""

    name = "decide"
    seen = Seen()
    words = wording(_("Reason"), help_text=AT_LEAST)


class SeenForm(Form):
    """Nothing but how much of what happened before was read."""

    seen = Seen()


class AwardForm(SeenForm):
    """What a flag asked for when it was read, in micros."""

    micros = forms.IntegerField(min_value=1, max_value=MOST_MICROS, widget=forms.HiddenInput)


class SayForm(Form):
    """What the worker says in a question. Some of it goes without words."""

    name = "say"
    seen = Seen()
    words = wording(_("Words"), required=False)


class ReplyForm(Form):
    """The vendor's answer to a question, in words."""

    name = "reply"
    seen = Seen()
    words = wording(_("Your reason"))


class PayForm(Form):
    """The vendor's answer to a question: an amount that becomes owed."""

    name = "pay"
    seen = Seen()
    amount = Amount(error_messages={"required": _("Say how much: an amount above zero.")})
    words = wording(_("Words, if any"), rows=2, required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": currency}

    def clean_amount(self) -> int:
        """Return the amount, unless it is nothing."""
        micros: int = self.cleaned_data["amount"]
        if not micros:
            raise ValidationError(_("Say how much: an amount above zero."))
        return micros


class ChoiceForm(Form):
    """What is wrong with a line."""

    name = "choice"
    choice = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=list(CHOICES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong.")},
    )


class DraftForm(Form):
    """A question in the worker's words, sent or kept for later."""

    name = "draft"
    words = wording(
        _("In your words"),
        rows=6,
        required=False,
        help_text=_(
            "What happened, and what should be done? You need not say more than the line above."
        ),
    )
