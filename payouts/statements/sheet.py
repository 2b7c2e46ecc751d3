"""Paper: A4 pages of text, rules and boxes on a ReportLab canvas, as raw drawing operators.

Positions and sizes are points from the bottom left. Only text, lines and filled boxes can be
drawn: no links, no images, no scripts. The same drawing gives the same bytes.
"""

from io import BytesIO
from typing import NamedTuple

from django.utils.translation import get_language, gettext
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from payouts.statements import faces
from payouts.statements.safe import literal

WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 56.0, WIDTH - 56.0, HEIGHT - 58.0, 62.0
ROOM = RIGHT - LEFT
FOOTER_Y = 34.0
SOURCE = "en"  # the language where nobody has chosen one


def ink(code: str) -> str:
    """Return a colour "#rrggbb" as the three numbers that PDF wants.

    >>> ink("#ff0000")
    '1 0 0'
    """
    return " ".join(f"{int(code[i : i + 2], 16) / 255:.3g}" for i in (1, 3, 5))


TEXT, MUTED = ink("#1b1f24"), ink("#525c67")
WARN, WARN_BAR = ink("#7a4b00"), ink("#d99a2b")
BAR, OPEN_BAR, LINE = ink("#7d9fc4"), ink("#dbe5f0"), ink("#0b57a4")
HAIR, RULE = ink("#dde2e8"), ink("#7d8793")


class Style(NamedTuple):
    """How text looks: face, size in points, colour."""

    face: str
    size: float
    ink: str = TEXT


SMALL = Style(faces.REGULAR, 7, MUTED)


class Sheet:
    """Pages being drawn. Text goes through faces.shown, so that nothing in it can fail."""

    def __init__(self, title: str) -> None:
        """title: of the document, already cleaned; readers show it in the window's bar."""
        for name in faces.FILES:
            faces.face(name)
        self.buffer = BytesIO()
        self.canvas = Canvas(
            self.buffer,
            pagesize=A4,
            invariant=1,
            pageCompression=1,
            lang=get_language() or SOURCE,
            initialFontName=faces.REGULAR,
        )
        self.canvas.setTitle(title)
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        self.pages: list[list[str]] = []
        self.replaced = False
        self._parts: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._plain: dict[str, str] = {}
        self.turn()

    def turn(self) -> None:
        """Begin a page."""
        self.ops: list[str] = []
        self.pages.append(self.ops)
        self._font: tuple[str, float] | None = None
        self._fill = self._stroke = ""

    def shown(self, text: str) -> str:
        """Return text as it will stand on the page."""
        if text.isascii():
            return text
        seen = faces.shown(text)
        self.replaced = self.replaced or faces.REPLACEMENT in seen
        return seen

    def text(self, x: float, y: float, text: str, style: Style) -> None:
        """Draw shown text from x, y (its baseline)."""
        begin = f"BT 1 0 0 1 {x:.2f} {y:.2f} Tm"
        if style.ink != self._fill:
            self._fill = style.ink
            self.ops.append(f"{style.ink} rg")
        for font, string in self._encoded(style.face, text):
            if (font, style.size) != self._font:
                self._font = (font, style.size)
                begin += f" {font} {style.size:g} Tf"
            begin += f" ({string}) Tj"
        self.ops.append(begin + " ET")

    def right(self, x: float, y: float, text: str, style: Style) -> None:
        """Draw shown text that ends at x."""
        self.text(x - faces.width(style.face, text, style.size), y, text, style)

    def rule(self, x1: float, x2: float, y: float, colour: str, weight: float = 0.5) -> None:
        """Draw a level line."""
        self.box(x1, y - weight / 2, x2 - x1, weight, colour)

    def dashes(self, x1: float, x2: float, y: float, colour: str, weight: float) -> None:
        """Draw a dashed level line."""
        line = f"{x1:.2f} {y:.2f} m {x2:.2f} {y:.2f} l S"
        self.ops.append(f"q {colour} RG {weight:g} w [4 3] 0 d {line} Q")

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Fill a box whose lower left corner is x, y."""
        if colour != self._fill:
            self._fill = colour
            self.ops.append(f"{colour} rg")
        self.ops.append(f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def finish(self, *, left: str, right: str) -> bytes:
        """Put the footer on every page and return the PDF's bytes."""
        total = len(self.pages)
        for i, ops in enumerate(self.pages, start=1):
            self.ops, self._font, self._fill = ops, None, ""
            self.text(LEFT, FOOTER_Y, left, SMALL)
            page = gettext("page %(number)s of %(all)s") % {"number": i, "all": total}
            middle = WIDTH / 2 - faces.width(SMALL.face, page, SMALL.size) / 2
            self.text(middle, FOOTER_Y, page, SMALL)
            self.right(RIGHT, FOOTER_Y, right, SMALL)
            self.canvas._code.extend(ops)
            self.canvas.showPage()
        self.canvas.save()
        return self.buffer.getvalue()

    def _encoded(self, face: str, text: str) -> list[tuple[str, str]]:
        """Return text as (font's name in this document, string) pieces.

        ASCII keeps its own codes in the first subset of a face, so it needs no looking up.
        """
        if text.isascii():
            font = self._plain.get(face)
            if font is None:
                doc = self.canvas._doc
                faces.face(face).splitString(" ", doc)
                font = self._plain[face] = faces.face(face).getSubsetInternalName(0, doc)
            return [(font, literal(text))]
        parts = self._parts.get((face, text))
        if parts is None:
            font_of, doc = faces.face(face), self.canvas._doc
            parts = self._parts[face, text] = [
                (font_of.getSubsetInternalName(subset, doc), self.canvas._escape(piece))
                for subset, piece in font_of.splitString(self.shown(text), doc)
            ]
        return parts
