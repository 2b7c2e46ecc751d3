"""The field :86: of an MT940: free text, or text with marks, of which banks have three ways.

`?20…?29` and `?60…?63` text, `?31` account, `?32`, `?33` name, `?34` the reason (German banks);
`EREF+`, `SVWZ+` inside that text; `/EREF/…/NAME/…/` (Dutch banks); anything else is text.
"""

import re
from dataclasses import replace

from payouts.settlement import values
from payouts.settlement.entries import BOOKED, RETURNED, Entry

SUBFIELD = re.compile(r"\?([0-9]{2})")
WIDTH = 27  # a subfield that is full goes on in the next one
WORD = re.compile(
    r"(?:^|(?<=[\n ]))(EREF|KREF|MREF|BREF|RREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|COAM|OAMT|PURP)\+"
)
SLASHED = re.compile(r"/(EREF|IBAN|NAME|REMI|TRCD|RTRN|CSID|MARF|BENM|ORDP|ISDT|BIC|TRTP)/")
RETURN_CODES = ("059", "108", "109", "159", "181", "184", "459")
RETURN_WORDS = re.compile(r"\b(RETOURE|R-TRANSAKTION|RUECKUEBERWEISUNG|RUECKLASTSCHRIFT)\b")
CHARGE_CODES = ("805", "808")


def told(entry: Entry, text: str) -> Entry:
    """Return the entry with what its :86: says."""
    if SUBFIELD.search(text):
        return _marked(entry, text)
    flat = text.replace("\n", "")
    if SLASHED.search(flat):
        return _slashed(entry, flat)
    return replace(entry, text=values.shown(f"{entry.text} {text}"))


def _marked(entry: Entry, text: str) -> Entry:
    code, *pieces = SUBFIELD.split(text.replace("\n", ""))
    parts: dict[str, str] = {}
    for number, said in zip(pieces[::2], pieces[1::2], strict=True):
        parts.setdefault(number, said)
    purpose = ""
    for number in sorted(parts):
        if "20" <= number <= "29" or "60" <= number <= "63":
            ends = "" if len(parts[number]) >= WIDTH else "\n"
            purpose += parts[number] + ends
    words = _words(purpose)
    code = code.strip()[:3]
    booking = parts.get("00", "")
    is_return = code in RETURN_CODES or RETURN_WORDS.search(booking.upper())
    return replace(
        entry,
        status=RETURNED if is_return and entry.status == BOOKED else entry.status,
        end_to_end_id=values.reference(words.get("EREF", "")) or entry.end_to_end_id,
        references=_more(entry, words.get("KREF", ""), words.get("MREF", "")),
        name=values.shown(parts.get("32", "") + parts.get("33", ""), 140),
        account=values.account_number(words.get("IBAN", "") or parts.get("31", "")),
        text=values.shown(f"{booking} {words.get('SVWZ') or purpose}"),
        reason_code=values.shown(parts.get("34", ""), 35) if is_return else "",
        is_charge=entry.is_charge or code in CHARGE_CODES,
    )


def _words(purpose: str) -> dict[str, str]:
    """Return what stands behind each mark like EREF+; a line end closes what is no text."""
    found: dict[str, str] = {}
    marks = list(WORD.finditer(purpose))
    for at, mark in enumerate(marks):
        end = marks[at + 1].start() if at + 1 < len(marks) else len(purpose)
        said = purpose[mark.end() : end]
        found[mark[1]] = said if mark[1] == "SVWZ" else said.split("\n")[0]
    return found


def _slashed(entry: Entry, text: str) -> Entry:
    pieces = SLASHED.split(text)
    parts = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    return replace(
        entry,
        status=RETURNED if "RTRN" in parts and entry.status == BOOKED else entry.status,
        end_to_end_id=values.reference(parts.get("EREF", "").strip("/")),
        references=_more(entry, parts.get("MARF", "").strip("/")),
        name=values.shown(parts.get("NAME", "").strip("/"), 140),
        account=values.account_number(parts.get("IBAN", "")),
        text=values.shown(parts.get("REMI", "").strip("/") or entry.text),
        reason_code=values.shown(parts.get("RTRN", "").strip("/"), 35),
    )


def _more(entry: Entry, *texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*entry.references, *filter(None, map(values.reference, texts)))))
