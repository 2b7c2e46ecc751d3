"""What is lost of a payment on its way at the worker's cost, as the vendor declares it.

By method of paying and the currency that arrives. What nobody declared is not known, and not zero.
"""

from datetime import date, datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ledger.agreeing import refuse_the_past
from ledger.grounds import Disagreed, require_said
from ledger.money import ceil_div, format_amount, parse_micros
from payouts.models import PayoutFee
from workers.models import User, Vendor
from workers.payees import METHODS

ALL = 1_000_000  # millionths
Way = tuple[str, str]  # method, currency that arrives


class Fee(NamedTuple):
    """A fee as a rule: the fixed sum and the share together, and at least so much. Micros."""

    fixed_micros: int
    share_millionths: int
    least_micros: int

    def of(self, micros: int) -> int:
        """Return what is lost of an amount: a fraction of a micro up, never more than all of it.

        >>> Fee(500_000, 10_000, 2_000_000).of(100_000_000), Fee(500_000, 10_000, 0).of(100_000_000)
        (2000000, 1500000)
        >>> Fee(500_000, 0, 0).of(300_000)
        300000
        """
        share = ceil_div(micros * self.share_millionths, ALL)
        return min(micros, max(self.least_micros, self.fixed_micros + share))

    def __str__(self) -> str:
        """Return it in words: '0.50 and 1.50 per cent, at least 2.00'."""
        percent = format_amount(self.share_millionths * 100)
        fixed, least = format_amount(self.fixed_micros), format_amount(self.least_micros)
        return f"{fixed} and {percent} per cent, at least {least}"


def in_force(vendor: Vendor, on: date) -> dict[Way, Fee]:
    """Return the fees that are known on a day, by method and currency. One query."""
    rows = PayoutFee.objects.filter(vendor=vendor, from_on__lte=on).order_by("from_on")
    return {
        (row.method, row.currency): Fee(row.fixed_micros, row.share_millionths, row.least_micros)
        for row in rows
    }


def set_fee(
    *,
    vendor: Vendor,
    method: str,
    currency: str,
    fee: Fee,
    from_on: date,
    reason: str,
    decided_by: str,
    by: User | None = None,
    at: datetime,
) -> PayoutFee:
    """Declare what a way of paying costs the recipient from a day on. Raises Disagreed.

    currency: a code of ISO 4217. Only the first fee of a way may reach back.
    """
    _require_possible(method, fee)
    rule = _("a fee says where it is known from and who declared it")
    require_said(rule, reason=reason, decided_by=decided_by)
    of_way = PayoutFee.objects.filter(vendor=vendor, method=method, currency=currency)
    if of_way.exists():
        refuse_the_past(from_on, at)
    try:
        with transaction.atomic():
            return PayoutFee.objects.create(
                vendor=vendor,
                method=method,
                currency=currency,
                **fee._asdict(),
                from_on=from_on,
                decided_by=decided_by.strip()[:120],
                reason=reason.strip()[:500],
                recorded_at=at,
                recorded_by=by,
            )
    except IntegrityError as error:
        raise Disagreed(
            _("%(method)s in %(currency)s from %(day)s")
            % {"method": method, "currency": currency, "day": from_on},
            _("a fee begins that day already"),
            _("Choose a later day."),
            about="from_on",
        ) from error


def _require_possible(method: str, fee: Fee) -> None:
    if method not in METHODS:
        raise Disagreed(
            method[:20],
            _("pay goes to one of %(methods)s") % {"methods": ", ".join(METHODS)},
            _("Choose one."),
            about="method",
        )
    if min(fee) < 0 or fee.share_millionths > ALL:
        rule = _("a fee is 0 or more, and no more than all of the amount")
        mend = _("Write it like 0.50, and 1.5 per cent.")
        raise Disagreed(str(fee), rule, mend, about="percent")


def written(fixed: str, percent: str, least: str) -> Fee:
    """Return a fee as somebody wrote it, "" for what was left out. Raises Disagreed.

    That a way costs nothing is said, and does not follow from saying nothing.
    """
    if not (fixed.strip() or percent.strip() or least.strip()):
        rule = _("a fee is said, also where it is zero")
        mend = _("Give a fixed part, a share or a least; 0 for none.")
        raise Disagreed(_("no amount"), rule, mend, about="fixed")
    return Fee(_micros("fixed", fixed), millionths(percent), _micros("least", least))


def millionths(percent: str) -> int:
    """Return a share that is written in per cent, in millionths. Raises Disagreed.

    >>> millionths("1.5"), millionths("")
    (15000, 0)
    """
    whole, _point, fraction = (percent.strip() or "0").partition(".")
    if not (whole + fraction).isascii() or not (whole + fraction).isdigit() or len(fraction) > 4:
        rule = _("a share is per cent in digits, with at most 4 decimals")
        raise Disagreed(percent[:20], rule, _("Write it like 1.5."), about="percent")
    return int(whole) * 10_000 + int(fraction.ljust(4, "0"))


def _micros(part: str, text: str) -> int:
    """Return an amount that is part of a fee. Raises Disagreed."""
    try:
        micros = parse_micros(text.strip() or "0")
    except ValueError:
        micros = -1
    if micros < 0:
        rule = _("an amount is 0 or more, in digits, with at most 12 before and 6 after the point")
        raise Disagreed(text[:40], rule, _("Write it like 0.50."), about=part)
    return micros
