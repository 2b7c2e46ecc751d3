"""The only door for user text into a statement: names, reasons, references, project names.

Nothing here knows markup, and nothing draws paragraphs from it: text comes out as characters to
be shown, each in its place. The cap comes first, so that no input can make the work long.
"""

import unicodedata
from collections.abc import Callable

NAME_CAP = 80
ID_CAP = 120
REASON_CAP = 300
MARKS_CAP = 3  # accents on one letter; more only hides the lines above and below
JOINERS = "\u200c\u200d"  # ZWNJ, ZWJ: Persian and Indic spelling needs them
ELLIPSIS = "\u2026"
WORK_PER_CHAR = 4  # how much longer than its cap a text may be before it is cut unread

PDF_ESCAPES = str.maketrans({"\\": r"\\", "(": r"\(", ")": r"\)"})


def clean(text: str, cap: int = NAME_CAP) -> str:
    """Return user text fit to be shown on one line: at most `cap` characters.

    Control and format characters (bidi overrides among them) are dropped but for the joiners,
    every kind of blank becomes one blank, the rest is NFC. What is longer ends in an ellipsis.

    >>> clean("Ali\\u202e <b>\\x00 Kamau"), clean("abcdef", cap=4)
    ('Ali <b> Kamau', 'abc…')
    """
    if len(text) <= cap and text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = _normal(text[: cap * WORK_PER_CHAR])
    if len(kept) > cap or (len(text) > cap * WORK_PER_CHAR):
        kept = kept[: cap - 1].rstrip() + ELLIPSIS
    return kept


def _normal(text: str) -> str:
    """Return text without what must not be shown, blanks folded, in NFC."""
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        if char.isspace() or category in ("Zl", "Zp", "Zs"):
            char = " "
        elif category in ("Cc", "Cs", "Cn", "Co") or (category == "Cf" and char not in JOINERS):
            continue
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks <= MARKS_CAP:
            kept.append(char)
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def fitted(text: str, room: float, width: Callable[[str], float]) -> str:
    """Return text cut to `room`, ending in an ellipsis if it was cut; its width by `width`.

    Halves its way to the cut: about eight measurements for the longest text that clean() lets by.
    """
    if width(text) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + ELLIPSIS) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS


def wrapped(text: str, room: float, width: Callable[[str], float], most: int) -> list[str]:
    """Return text as at most `most` lines no wider than `room`; the last may end in an ellipsis.

    A word wider than a line is broken where the line ends.
    """
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most - 1 and width(rest) > room:
        cut = _break(rest, room, width)
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*lines, fitted(rest, room, width)]


def _break(text: str, room: float, width: Callable[[str], float]) -> int:
    """Return how many characters go on the first line: at least one."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip()) <= room:
            low = middle
        else:
            high = middle - 1
    blank = text.rfind(" ", 0, low + 1)
    return blank if blank > 0 else low


def literal(text: str) -> str:
    """Return ASCII text as what stands between the brackets of a PDF string.

    >>> literal("a (b) \\\\")
    'a \\\\(b\\\\) \\\\\\\\'
    """
    return text.translate(PDF_ESCAPES)
