"""What people type to sign in and to claim an account. Forms only check; claims.py writes."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from workers import naming
from workers.posting import Form

CODE = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
NEW_PASSWORD = {"autocomplete": "new-password"}


class SignInForm(Form, AuthenticationForm):
    """Name and password. One answer for a wrong name and a wrong password, in the same time."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _(
            "Name and password do not go together. Check both: capitals and small letters count."
        ),
        "inactive": _("Name and password do not go together. Check both."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Name")


class CodeForm(Form):
    """The code for an account."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Ten letters and digits, like K7QX2-M9RTD. It works once."),
        widget=forms.TextInput(attrs=CODE),
        error_messages={"required": _("Type the code that you were given.")},
    )


class JoinForm(CodeForm):
    """A new pseudonym, and the code for its first account. Nothing else is asked."""

    pseudonym = forms.CharField(
        label=_("Name to sign in by"),
        max_length=60,
        help_text=_("Any name; it need not be your own. Letters, digits and . _ + - @, no blanks."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        error_messages={"required": _("Choose a name to sign in by.")},
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1000,
        help_text=lazy(lambda: " ".join(password_validators_help_texts()), str)(),
        widget=forms.PasswordInput(attrs=NEW_PASSWORD),
        error_messages={"required": _("Choose a password.")},
    )
    field_order = ("code", "pseudonym", "password")

    def clean_pseudonym(self) -> str:
        """Return the name in one spelling, or say what is wrong with it."""
        try:
            return naming.sign_in_name(self.cleaned_data["pseudonym"])
        except naming.Unknown as error:
            raise forms.ValidationError(f"{error.rule.capitalize()} {error.mend}") from error

    def clean(self) -> dict[str, Any]:
        """Hold the password to the rules, the name not being part of it."""
        from workers.models import User

        cleaned = super().clean() or self.cleaned_data
        if {"pseudonym", "password"} <= cleaned.keys():
            try:
                validate_password(cleaned["password"], User(username=cleaned["pseudonym"]))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned
