"""Where pay goes: the rules for a payee's details, and how they are kept."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workers.models import Engagement, Payee, User

METHODS: dict[str, Promise] = {
    "iban": _("IBAN"),
    "account": _("bank account"),
    "wallet": _("wallet"),
}
BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
ADDRESS = re.compile(r"\+?[A-Za-z0-9][A-Za-z0-9@._ /-]{2,119}")
FORMULA = tuple("=+-@")  # what a spreadsheet would compute: no file of payments begins a cell so


class Details(NamedTuple):
    """Where one account's pay goes; the fields are those of models.Payee."""

    holder: str
    method: str
    address: str
    bic: str
    currency: str


class Wrong(ValueError):
    """A detail that cannot be: which one, its value, the rule and the mend."""

    def __init__(self, what: str, value: str, rule: str, mend: str) -> None:
        super().__init__(f"{what} {value!r}: {rule} {mend}")
        self.what, self.value, self.rule, self.mend = what, value, rule, mend


def check(details: Details) -> Details:
    """Return the details as they are kept: blanks of an IBAN gone, letters capital.

    An IBAN has the checksum of ISO 13616; an account number comes with a BIC (ISO 9362); a wallet
    is a telephone number or an id of the service. Raises Wrong for the first detail that cannot be.

    >>> check(Details("Amina K", "iban", "de89 3704 0044 0532 0130 00", "", "EUR")).address
    'DE89370400440532013000'
    """
    holder, method, bic = " ".join(details.holder.split()), details.method, details.bic.upper()
    if not 1 <= len(holder) <= 140 or not holder.isprintable() or holder.startswith(FORMULA):
        rule = "a holder has 1 to 140 characters and begins with none of = + - @."
        raise Wrong("holder", details.holder[:60], rule, "Mend it.")
    if method not in METHODS:
        raise Wrong("method", method, "pay goes to an iban, account or wallet.", "Write one.")
    if bic and not BIC.fullmatch(bic):
        raise Wrong("bic", details.bic, "a BIC has 8 or 11 letters and digits.", "Mend it.")
    address = " ".join(details.address.split())
    if method == "iban":
        address = address.replace(" ", "").upper()
        if not IBAN.fullmatch(address) or not is_checked(address):
            raise Wrong("address", details.address, "this IBAN's checksum is wrong.", "Ask again.")
    elif not ADDRESS.fullmatch(address):
        rule = "an address has 3 to 120 letters, digits and @ . _ / -, perhaps a + before them."
        raise Wrong("address", details.address[:60], rule, "Mend it.")
    if method == "account" and not bic:
        raise Wrong("bic", "", "an account number needs the bank's BIC.", "Add it.")
    return Details(holder, method, address, bic, details.currency)


def is_checked(iban: str) -> bool:
    """Tell whether an IBAN's two check digits are right (ISO 7064, MOD 97-10).

    >>> is_checked("DE89370400440532013000"), is_checked("DE88370400440532013000")
    (True, False)
    """
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


@transaction.atomic
def keep(*, details: Sequence[tuple[Engagement, Details]], by: User | None, at: datetime) -> int:
    """Keep where these accounts' pay goes, in place of what was known; return how many there are.

    Raises Wrong, and then nothing is changed.
    """
    rows = [
        Payee(engagement=engagement, changed_by=by, changed_at=at, **check(one)._asdict())
        for engagement, one in details
    ]
    Payee.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["engagement"],
        update_fields=[*Details._fields, "changed_by", "changed_at"],
    )
    return len(rows)
