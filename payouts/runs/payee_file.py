"""Reads where pay goes from a CSV: one row an account. Checked whole, kept only if all is well."""

from datetime import datetime
from pathlib import Path

from ledger.importers import fields
from ledger.importers.columns import Bound, Column
from ledger.importers.fields import FieldError
from ledger.importers.reading import Source
from workers import payees
from workers.models import Engagement, User, Vendor
from workers.payees import Details, Wrong

MOST_SAID = 20  # bad rows named in the error

COLUMNS = (
    Column("worker_external_id", True, "text", "The worker's account.", "w-17", fields.identifier),
    Column("source_system", True, "code", "The tool of the account.", "my_tool", fields.code),
    Column("holder", True, "text", "Whose bank account or wallet it is.", "Amina K", str),
    Column("method", True, "iban, account or wallet", "What the address is.", "iban", str),
    Column("address", True, "text", "The IBAN, account number or wallet id.", "DE89…", str),
    Column("bic", False, "8 or 11 letters", "The bank; needed with an account.", "", str),
    Column("currency", True, "ISO 4217", "What the recipient gets.", "EUR", fields.currency),
)


class BadRows(ValueError):
    """Rows that cannot be kept; nothing of the file was."""


def bring_in(*, vendor: Vendor, path: Path, by: User | None, at: datetime) -> int:
    """Keep the payees of a file; return how many.

    Raises UnreadableFile for what is no such file, BadRows with the line, value, rule and mend of
    each row that is wrong; then nothing is kept.
    """
    known = {
        (source, account): Engagement(pk=pk, vendor=vendor)
        for pk, source, account in Engagement.objects.filter(vendor=vendor).values_list(
            "pk", "source", "account"
        )
    }
    found: dict[int, tuple[Engagement, Details]] = {}
    bad: list[str] = []
    with path.open("rb") as file:
        source = Source(file)
        bound = Bound(COLUMNS, source.header, "A file of payees")
        for line, _, cells in source.records():
            if not any(cell.strip() for cell in cells):
                continue
            try:
                engagement, details = _row(bound, cells, known)
                if engagement.pk in found:
                    raise Wrong("worker_external_id", cells[0], "is there twice.", "Keep one row.")
                found[engagement.pk] = (engagement, details)
            except (FieldError, Wrong) as error:
                bad.append(f"line {line}: {error}")
    if bad:
        more = f" … and {len(bad) - MOST_SAID} more" if len(bad) > MOST_SAID else ""
        raise BadRows("; ".join(bad[:MOST_SAID]) + more)
    return payees.keep(details=list(found.values()), by=by, at=at)


def _row(
    bound: Bound, cells: list[str], known: dict[tuple[str, str], Engagement]
) -> tuple[Engagement, Details]:
    if len(cells) != bound.width:
        raise Wrong("row", str(len(cells)), f"has {bound.width} cells.", "Mend the row.")
    account, source, holder, method, address, bic, currency = bound.pick([*cells, ""])
    name = (fields.code(source), fields.identifier(account))
    if name not in known:
        raise Wrong(
            "worker_external_id", account, f"no such account on {name[0]}.", "Bring in its work."
        )
    details = Details(holder, method.strip(), address, bic.strip(), fields.currency(currency))
    return known[name], payees.check(details)
