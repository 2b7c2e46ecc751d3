"""The record of a vendor's payments: how far it is complete, and through which accounts it pays."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Min, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ledger.agreeing import refuse_the_past
from ledger.grounds import Disagreed, require_said
from ledger.importers import fields
from ledger.models import Import, WorkWeek
from payouts.leaving import knowing
from payouts.leaving.chains import Stated
from payouts.leaving.knowing import Account, Declared, Known
from payouts.models import PayingAccounts, SettlementFile
from payouts.settlement import values
from workers import payees
from workers.models import User, Vendor

MOST_ACCOUNTS = 50
SHORTEST, LONGEST = 4, 40  # characters of an account's number


def known(vendor: Vendor) -> Known:
    """Return up to which day no payment of a vendor is missing in the record."""
    return known_of([vendor])[vendor.pk]


def known_of(vendors: Iterable[Vendor]) -> dict[int, Known]:
    """Return it for each of these vendors, by id. Two queries, four where accounts are declared.

    Statements are read, by one more, only where others count than last time: who looks at a run
    does not go through all that the banks ever said.
    """
    by_id = {vendor.pk: vendor for vendor in vendors}
    ids = list(by_id)
    by_word = dict(
        Import.objects.filter(vendor__in=ids, kind="payouts", state="done")
        .values_list("vendor_id").annotate(Max("complete_until")).order_by("vendor_id")
    )  # fmt: skip
    declared: dict[int, list[Declared]] = defaultdict(list)
    for row in PayingAccounts.objects.filter(vendor__in=ids).order_by("from_on"):
        accounts = tuple((number, currency) for number, currency in row.accounts)
        declared[row.vendor_id].append(Declared(row.from_on, accounts))
    extents, begun = _extents(declared), _first_weeks(declared)
    begins = {pk: pk in begun and begun[pk] < declared[pk][0].from_on for pk in ids}
    names = {
        pk: _named(by_id[pk], by_word.get(pk), begins[pk], declared[pk], extents[pk])
        for pk in declared
    }
    remembered = cache.get_many(names.values())
    anew = [pk for pk in ids if names.get(pk) not in remembered]
    statements = _statements([pk for pk in anew if pk in names])
    found = {
        pk: knowing.known(
            by_word=by_word.get(pk),
            work_before=begins[pk],
            declarations=declared[pk],
            statements=statements[pk],
        )
        for pk in anew
    }
    cache.set_many({names[pk]: found[pk] for pk in anew if pk in names}, timeout=None)
    return {pk: found[pk] if pk in found else remembered[names[pk]] for pk in ids}


def _named(vendor: Vendor, *rests_on: Any) -> str:
    """Return the name under which an answer is remembered: of all that it rests on.

    Its gaps are told in words, so the reader's language is part of it.
    """
    said = hashlib.sha256(repr((vendor.uuid, get_language(), *rests_on)).encode()).hexdigest()
    return f"payments-known-{said}"


def _extents(vendor_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return how many files ever counted for each vendor, and how many were taken back since.

    Neither number ever falls, so both stay only as long as the same files count. At most one query.
    """
    found: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    if vendor_ids:
        counted = ("done", *SettlementFile.GONE)
        files = SettlementFile.objects.filter(vendor__in=list(vendor_ids), state__in=counted)
        rows = (
            files.values_list("vendor_id")
            .annotate(ever=Count("pk"), gone=Count("pk", filter=Q(state__in=SettlementFile.GONE)))
            .order_by("vendor_id")
        )
        found |= {pk: (ever, taken_back) for pk, ever, taken_back in rows}
    return found


def _statements(
    vendor_ids: Collection[int],
) -> dict[int, dict[Account, list[Stated]]]:
    """Return the statements that banks' files gave, by vendor and account. At most one query."""
    found: dict[int, dict[Account, list[Stated]]] = defaultdict(lambda: defaultdict(list))
    if vendor_ids:
        files = SettlementFile.objects.filter(vendor__in=list(vendor_ids), state="done")
        for pk, told in files.values_list("vendor_id", "statements").iterator(500):
            for one in told:
                if one.get("opened_on") and one.get("closed_on"):
                    found[pk][one["account"], one["currency"]].append(_stated(one))
    return found


def _stated(one: dict[str, Any]) -> Stated:
    return Stated(
        date.fromisoformat(one["opened_on"]),
        date.fromisoformat(one["closed_on"]),
        one["opening"],
        one["closing"],
        one["number"],
        one["flaw"],
        _day_ends(one.get("day_ends")),
    )


def _day_ends(told: list[tuple[str, int]] | None) -> tuple[tuple[date, int], ...] | None:
    """Return balances by day as they are kept; None for files that were read without them."""
    if told is None:
        return None
    return tuple((date.fromisoformat(on), micros) for on, micros in told)


def _first_weeks(vendor_ids: Collection[int]) -> dict[int, date]:
    """Return the Monday of each vendor's first week with work. At most one query."""
    if not vendor_ids:
        return {}
    weeks = WorkWeek.objects.filter(vendor__in=list(vendor_ids))
    return dict(weeks.values_list("vendor_id").annotate(Min("starts_on")).order_by("vendor_id"))


def declare(
    *,
    vendor: Vendor,
    accounts: Sequence[tuple[str, str]],
    from_on: date,
    reason: str,
    decided_by: str,
    by: User | None = None,
    at: datetime,
) -> PayingAccounts:
    """Declare that from a day on all pay goes out through these accounts, and through no other.

    accounts: (number, currency); none at all takes the word back from that day on. Only the first
    declaration may reach back. Raises Disagreed.
    """
    kept = sorted(set(_checked(accounts)))
    if len(kept) > MOST_ACCOUNTS:
        raise Disagreed(
            _("%(number)s accounts") % {"number": len(kept)},
            _("at most %(number)s") % {"number": MOST_ACCOUNTS},
            _("Name those of pay."),
            about="accounts",
        )
    rule = _("a declaration says why and who decided it")
    require_said(rule, reason=reason, decided_by=decided_by)
    if PayingAccounts.objects.filter(vendor=vendor).exists():
        refuse_the_past(from_on, at)
    elif not kept:
        rule = _("the first declaration names accounts")
        raise Disagreed(_("no account"), rule, _("Name them."), about="accounts")
    try:
        with transaction.atomic():
            return PayingAccounts.objects.create(
                vendor=vendor,
                accounts=[list(one) for one in kept],
                from_on=from_on,
                decided_by=decided_by.strip()[:120],
                reason=reason.strip()[:500],
                recorded_at=at,
                recorded_by=by,
            )
    except IntegrityError as error:
        raise Disagreed(
            _("from %(day)s") % {"day": from_on},
            _("accounts were declared from that day on already"),
            _("Choose a later day."),
            about="from_on",
        ) from error


def written(text: str, currency: str) -> tuple[str, str]:
    """Return (number, currency) of an account that is written "NUMBER" or "NUMBER/CURRENCY".

    >>> written("DE89 3704 0044 0532 0130 00/eur", "USD")
    ('DE89 3704 0044 0532 0130 00', 'eur')
    """
    number, _stroke, code = text.strip().rpartition("/") if "/" in text else (text.strip(), "", "")
    return number, code or currency


def _checked(accounts: Iterable[tuple[str, str]]) -> Iterator[Account]:
    for number, code in accounts:
        kept = values.account_number(number)
        if not SHORTEST <= len(kept) <= LONGEST or not any(map(str.isdigit, kept)):
            rule = _("an account's number has %(least)s to %(most)s letters and digits")
            raise Disagreed(
                repr(number[:60]),
                rule % {"least": SHORTEST, "most": LONGEST},
                _("Write it as the bank's statements do."),
                about="accounts",
            )
        if payees.IBAN.fullmatch(kept) and not payees.is_checked(kept):
            rule = _("this IBAN's checksum is wrong")
            raise Disagreed(number[:60], rule, _("Copy it again."), about="accounts")
        try:
            yield kept, fields.currency(code.strip().upper())
        except fields.FieldError as error:
            mend = _("Write it like DE89…/EUR.")
            raise Disagreed(error.value, error.rule, mend, about="accounts") from None
