"""The files of a run: what a bank or a payment service is told to pay. Made anew each time, the
same bytes each time.

Three forms: ours, which `import_payouts` reads back; one for payment services, in which the
amount that the recipient gets is fixed, so that no fee can eat into it; and ISO 20022. Beside them
a summary that says who let the run go.
"""

import csv
import hashlib
import io
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple
from xml.etree import ElementTree

from django.db.models import QuerySet
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ledger.money import coin_micros, format_amount
from ledger.rejects import inert
from payouts.models import PayItem, PayRun
from payouts.runs import summary
from workers.models import Vendor
from workers.payees import METHODS

BANK = ("iban", "account")
EVERY = tuple(METHODS)
PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"


class Form(NamedTuple):
    """One form of a payment file."""

    name: str | Promise
    suffix: str
    content_type: str
    methods: tuple[str, ...]  # of paying, for which it has a place
    write: Callable[[PayRun, Sequence[PayItem]], bytes]


def canonical(run: PayRun, items: Sequence[PayItem]) -> bytes:
    """Return the run as a canonical remittance file, with where each payment goes beside it."""
    sent = run.approved_at.isoformat() if run.approved_at else ""
    header = (
        "_line", "payment_reference", "worker_external_id", "source_system", "amount", "currency",
        "sent_at", "_holder", "_method", "_address", "_bic", "_paid_out", "_paid_out_currency",
    )  # fmt: skip
    return _csv(
        header,
        (
            (str(line), item.reference, inert(item.engagement.account), item.engagement.source,
             format_amount(item.amount_micros), run.currency, sent,
             item.holder, item.method, item.address, item.bic, *_said(item))
            for line, item in enumerate(items, 2)
        ),
    )  # fmt: skip


def fixed_for_the_recipient(run: PayRun, items: Sequence[PayItem]) -> bytes:
    """Return the run as a batch in which the recipient's amount is fixed; fees are the sender's."""
    header = (
        "reference", "recipient_name", "recipient_account_type", "recipient_account",
        "recipient_bic", "amount", "amount_currency", "amount_is", "fees_paid_by",
    )  # fmt: skip
    return _csv(
        header,
        (
            (item.reference, item.holder, item.method, item.address, item.bic,
             *_said(item), "received by recipient", "sender")
            for item in items
        ),
    )  # fmt: skip


def pain001(run: PayRun, items: Sequence[PayItem]) -> bytes:
    """Return the run as a customer credit transfer initiation, pain.001.001.09.

    One payment information block a currency, the charges borne by the debtor: what is instructed is
    in the recipient's currency, so the amount that arrives is fixed. items: to bank accounts only;
    wallets have no place in it.
    """
    document = ElementTree.Element("Document", xmlns=PAIN)
    message = ElementTree.SubElement(document, "CstmrCdtTrfInitn")
    by_currency: dict[str, list[PayItem]] = defaultdict(list)
    for item in items:
        by_currency[item.goes_out[1]].append(item)
    assert run.approved_at is not None
    _fill(
        ElementTree.SubElement(message, "GrpHdr"),
        ("MsgId", message_id(run)),
        ("CreDtTm", run.approved_at.strftime("%Y-%m-%dT%H:%M:%SZ")),
        ("NbOfTxs", str(len(items))),
        ("CtrlSum", _control_sum(by_currency)),
        ("InitgPty/Nm", run.vendor.name[:140]),
    )
    for currency, own in sorted(by_currency.items()):
        _information(ElementTree.SubElement(message, "PmtInf"), run, currency, own)
    ElementTree.indent(document)
    text: bytes = ElementTree.tostring(document, encoding="UTF-8", xml_declaration=True)
    return text + b"\n"


def _information(
    into: ElementTree.Element, run: PayRun, currency: str, items: Sequence[PayItem]
) -> None:
    assert run.approved_at is not None
    _fill(
        into,
        ("PmtInfId", block_id(run, currency)),
        ("PmtMtd", "TRF"),
        ("BtchBookg", "false"),  # a debit each in the bank's statement
        ("NbOfTxs", str(len(items))),
        ("CtrlSum", _control_sum({currency: items})),
        ("ReqdExctnDt/Dt", run.approved_at.date().isoformat()),
        ("Dbtr/Nm", run.vendor.name[:140]),
        ("DbtrAcct/Id/Othr/Id", run.vendor.slug[:34]),
        ("DbtrAgt/FinInstnId/Othr/Id", "NOTPROVIDED"),
        ("ChrgBr", "DEBT"),
    )
    for item in items:
        _transfer(ElementTree.SubElement(into, "CdtTrfTxInf"), run, item)


def _transfer(into: ElementTree.Element, run: PayRun, item: PayItem) -> None:
    _fill(into, ("PmtId/EndToEndId", item.reference))
    micros, currency = item.goes_out
    amount = ElementTree.SubElement(ElementTree.SubElement(into, "Amt"), "InstdAmt")
    amount.set("Ccy", currency)
    amount.text = _decimal(micros, currency)
    if item.bic:
        _fill(into, ("CdtrAgt/FinInstnId/BICFI", item.bic))
    account = "CdtrAcct/Id/IBAN" if item.method == "iban" else "CdtrAcct/Id/Othr/Id"
    _fill(
        into,
        ("Cdtr/Nm", item.holder),
        (account, item.address[:34]),
        ("RmtInf/Ustrd", f"Pay for work until {run.last_on.isoformat()}"),
    )


def summarised(run: PayRun, items: Sequence[PayItem]) -> bytes:
    """Return the summary of a run as text, with the hashes of its other files."""
    hashes = []
    for form in FORMS.values():
        own = [item for item in items if item.method in form.methods]
        if own and form.write is not summarised:
            hashes.append((str(form.name), hashlib.sha256(form.write(run, own)).hexdigest()))
    return "\n".join([*summary.lines(run, items, hashes), ""]).encode()


FORMS = {
    "csv": Form(_("canonical CSV"), "csv", "text/csv; charset=utf-8", EVERY, canonical),
    "recipient": Form(_("recipient's amount fixed"), "csv", "text/csv; charset=utf-8", EVERY,
                      fixed_for_the_recipient),
    "pain001": Form("ISO 20022 pain.001.001.09", "xml", "application/xml", BANK, pain001),
    "summary": Form(_("summary, to be kept"), "txt", "text/plain; charset=utf-8", EVERY,
                    summarised),
}  # fmt: skip


@translation.override(None)  # the same bytes whoever asks
def written(run: PayRun, form: str) -> bytes:
    """Return the file of a sent run. form: a key of FORMS. Raises ValueError for another run."""
    if run.state != "sent":
        raise ValueError(f"Run {run.number} is {run.state}; its files are there once it is sent.")
    items = list(_payments(run, form).select_related("engagement", "run").order_by("pk"))
    if not items:
        raise ValueError(f"None of the payments of run {run.number} has a place in this file.")
    return FORMS[form].write(run, items)


def payments_in(run: PayRun) -> list[tuple[str, str | Promise, int]]:
    """Return (key, name, number of payments) of each form that has a place for some of them."""
    counted = ((key, form.name, _payments(run, key).count()) for key, form in FORMS.items())
    return [(key, name, count) for key, name, count in counted if count]


def message_id(run: PayRun) -> str:
    """Return what a bank knows the pain.001 of a run by."""
    return f"{_own(run.vendor)}{run.number}"


def block_id(run: PayRun, currency: str) -> str:
    """Return what a bank knows the payments of one currency in that file by."""
    return f"{message_id(run)}-{currency}"


def _own(vendor: Vendor) -> str:
    return f"{vendor.slug[:20].upper()}-R"


def paid_under(vendor: Vendor, names: Collection[str]) -> dict[str, list[PayItem]]:
    """Return the payments of each file or block of a sent run that has one of these names.

    One query; none where no name is like those of a vendor's files.
    """
    like_ours = re.compile(re.escape(_own(vendor)) + "([0-9]{1,9})(-[A-Z]{3})?")
    numbers = {int(found[1]) for name in names if (found := like_ours.fullmatch(name))}
    if not numbers:
        return {}
    runs = PayRun.objects.filter(vendor=vendor, number__in=numbers, state="sent")
    items = PayItem.objects.filter(run__in=runs, left_out="", method__in=BANK)
    paid: dict[str, list[PayItem]] = defaultdict(list)
    for item in items.select_related("run__vendor").order_by("pk"):
        for name in (message_id(item.run), block_id(item.run, item.goes_out[1])):
            if name in names:
                paid[name].append(item)
    return paid


def _payments(run: PayRun, form: str) -> "QuerySet[PayItem]":
    return run.items.filter(left_out="", method__in=FORMS[form].methods)


def _fill(into: ElementTree.Element, *values: tuple[str, str]) -> None:
    """Append elements with text; a path of several names makes the ones between, or goes on in
    the last one where that has the name."""
    for path, text in values:
        element = into
        for name in path.split("/"):
            last = element[-1] if len(element) else None
            is_same = last is not None and last.tag == name and name != path.split("/")[-1]
            element = last if is_same else ElementTree.SubElement(element, name)  # type: ignore[assignment]
        element.text = text


def _control_sum(by_currency: Mapping[str, Sequence[PayItem]]) -> str:
    """Return the sum of all amounts, whatever their currencies, as ISO 20022 defines it."""
    sums = {code: sum(one.goes_out[0] for one in own) for code, own in by_currency.items()}
    if len(sums) == 1:
        ((currency, micros),) = sums.items()
        return _decimal(micros, currency)
    return format_amount(sum(sums.values()))


def _said(item: PayItem) -> tuple[str, str]:
    micros, currency = item.goes_out
    return format_amount(micros), currency


def _decimal(micros: int, currency: str) -> str:
    """Return whole coins as ISO 20022 writes them: no more decimals than the currency has."""
    coin = coin_micros(currency)
    if micros % coin:
        raise ValueError(f"{micros} micros {currency} are not whole coins")
    text = format_amount(micros)
    return text if coin <= 10_000 else text.split(".")[0]


def _csv(header: Sequence[str], rows: Iterator[tuple[str, ...]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(row)
    return out.getvalue().encode()
