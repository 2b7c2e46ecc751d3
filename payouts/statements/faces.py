"""The statement's two type faces, embedded in every PDF: Noto Sans regular and bold.

It has Latin, Greek and Cyrillic. A letter that it lacks (Arabic, Devanagari, Chinese, emoji) is
shown as one replacement sign for each; nothing is shaped: an accent that has no letter of its own
with it stands beside the letter, and no ligatures are formed. The page and the data file have the
text as it is. Figures are of one width, so numbers stand in columns.
"""

from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).with_name("fonts")
REGULAR, BOLD = "Statement", "Statement-Bold"
FILES = {REGULAR: "NotoSans-Regular.ttf", BOLD: "NotoSans-Bold.ttf"}
REPLACEMENT = "\ufffd"
INVISIBLE = frozenset("\u200b\u200c\u200d\ufe0e\ufe0f")
STAND_INS = {"\u2212": "\u2013"}  # the face has no minus sign: an en dash has its width and height


@cache
def face(name: str) -> TTFont:
    """Return a face, registered with ReportLab once a process: reading the file takes 10 ms."""
    font = TTFont(name, str(FOLDER / FILES[name]))
    pdfmetrics.registerFont(font)
    return font


def shown(text: str) -> str:
    """Return text as the PDF shows it: what the face lacks is replaced, joiners are dropped.

    >>> shown("Zo\\u00eb"), shown("\\u0639\\u0644\\u064a")
    ('Zoë', '\\ufffd\\ufffd\\ufffd')
    """
    if text.isascii():
        return text
    glyphs = face(REGULAR).face.charToGlyph
    if not INVISIBLE & (signs := set(text)) and all(ord(sign) in glyphs for sign in signs):
        return text
    return "".join(
        char if ord(char) in glyphs else STAND_INS.get(char, REPLACEMENT)
        for char in text
        if char not in INVISIBLE
    )


def width(name: str, text: str, size: float) -> float:
    """Return the width of shown text in points."""
    points: float = face(name).stringWidth(text, size)
    return points
