"""Setting sections down the pages: headings, sentences, tables that go on overleaf."""

from functools import lru_cache

from payouts.statements import faces, safe
from payouts.statements.opening import Sentence
from payouts.statements.parts import Column, Row, Section
from payouts.statements.sheet import (
    BOTTOM,
    HAIR,
    LEFT,
    MUTED,
    RIGHT,
    ROOM,
    RULE,
    TEXT,
    TOP,
    WARN,
    Sheet,
    Style,
)

TITLE = Style(faces.BOLD, 12)
BODY = Style(faces.REGULAR, 9)
HEAD = Style(faces.REGULAR, 7.5, MUTED)
CELL, SUM = Style(faces.REGULAR, 8.5), Style(faces.BOLD, 8.5)
UNDER = Style(faces.REGULAR, 7, MUTED)
LEADING, UNDER_LEADING, PADDING = 11.5, 9.5, 3.6
GUTTER = 9.0
FIGURE_GAP = 9.0  # more room between a figure flush right and words flush left
CELL_LINES = 3
KEEP = 132.0  # a table's heading does not stand without this much below it
KEEP_WORDS, KEEP_ROW = 60.0, 27.0
AFTER = 12.0
UNDER_LINES = 3


Measured = tuple[list[tuple[str, ...]], tuple[str, ...], float]


@lru_cache(maxsize=1024)
def lines_of(text: str, room: float, face: str, size: float, most: int) -> tuple[str, ...]:
    """Return shown text as lines no wider than `room` points."""
    return tuple(safe.wrapped(text, room, lambda part: faces.width(face, part, size), most))


class Flow:
    """A sheet, and how far down its page it is written."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.y = TOP

    def need(self, height: float) -> bool:
        """Turn the page unless `height` fits; say whether it was turned."""
        if self.y - height >= BOTTOM:
            return False
        self.sheet.turn()
        self.y = TOP
        return True

    def paragraph(self, text: str, style: Style, leading: float, most: int = 12) -> None:
        """Set text over the full width."""
        for line in lines_of(self.sheet.shown(text), ROOM, style.face, style.size, most):
            self.need(leading)
            self.y -= leading
            self.sheet.text(LEFT, self.y, line, style)

    def sentence(self, said: Sentence, size: float, leading: float) -> None:
        """Set a sentence with its weights; a run with weight is not broken."""
        colour = WARN if said.tone == "warn" else TEXT
        x = LEFT
        self.y -= leading
        for word in words_of(said):
            pieces = [
                (
                    self.sheet.shown(text),
                    Style(faces.BOLD if strong else faces.REGULAR, size, colour),
                )
                for text, strong in word
            ]
            wide = sum(faces.width(s.face, t, s.size) for t, s in pieces)
            if x > LEFT and x + wide > RIGHT:
                x = LEFT
                self.y -= leading
            for text, style in pieces:
                self.sheet.text(x, self.y, text, style)
                x += faces.width(style.face, text, style.size)
            x += faces.width(faces.REGULAR, " ", size)

    def section(self, section: Section) -> None:
        """Set a section: it begins on this page if its heading and some rows fit."""
        self.need(min(KEEP, KEEP_WORDS + KEEP_ROW * len(section.rows)))
        self.y -= 16
        self.sheet.text(LEFT, self.y, section.title, TITLE)
        self.y -= 3
        for sentence in section.intro:
            self.paragraph(sentence, BODY, 13)
            self.y -= 2
        if section.rows:
            self.table(section)
        elif section.empty:
            self.paragraph(section.empty, BODY, 13)
        for sentence in section.after:
            self.paragraph(sentence, UNDER, AFTER)
        self.y -= 20

    def table(self, section: Section) -> None:
        """Set a table; its head is repeated on each page."""
        places = _places(section)
        self._head(section, places)
        last = len(section.rows) - 1
        for i, row in enumerate(section.rows):
            cells, under, height = self._measured(row, places)
            after = AFTER * len(section.after) if i == last else 0
            if self.need(height + after):
                self.sheet.text(LEFT, self.y - 9, f"{section.title}, continued", HEAD)
                self.y -= 12
                self._head(section, places)
            self._row(row, cells, under, height, places)
        self.sheet.rule(LEFT, RIGHT, self.y, RULE)
        self.y -= 2

    def _head(self, section: Section, places: list["Place"]) -> None:
        self.y -= 14
        for place, column in zip(places, section.columns, strict=True):
            if place.number:
                self.sheet.right(place.end, self.y, column.label, HEAD)
            elif column.label:
                self.sheet.text(place.x, self.y, column.label, HEAD)
        self.y -= 4.5
        self.sheet.rule(LEFT, RIGHT, self.y, RULE)

    def _measured(self, row: Row, places: list["Place"]) -> Measured:
        """Return the row's cells and its small text as lines, and its height."""
        face = faces.BOLD if row.strong else faces.REGULAR
        cells: list[tuple[str, ...]] = []
        most = 1
        for cell, place in zip(row.cells, places, strict=True):
            text = self.sheet.shown(cell)
            if faces.width(face, text, CELL.size) <= place.room or place.solid(text):
                cells.append((text,))
                continue
            lines = lines_of(text, place.room, face, CELL.size, CELL_LINES)
            most = max(most, len(lines))
            cells.append(lines)
        under: tuple[str, ...] = ()
        if row.under:
            under_room = RIGHT - places[0].under_x
            under = self._small(self.sheet.shown(row.under), under_room)
        height = most * LEADING + len(under) * UNDER_LEADING + 2 * PADDING
        return cells, under, height

    def _small(self, text: str, room: float) -> tuple[str, ...]:
        if faces.width(UNDER.face, text, UNDER.size) <= room:
            return (text,)
        return lines_of(text, room, UNDER.face, UNDER.size, UNDER_LINES)

    def _row(
        self,
        row: Row,
        cells: list[tuple[str, ...]],
        under: tuple[str, ...],
        height: float,
        places: list["Place"],
    ) -> None:
        style = SUM if row.strong else CELL
        top = self.y - PADDING - 8.5
        for lines, place in zip(cells, places, strict=True):
            y = top
            for line in lines:
                if place.number:
                    place.figure(self.sheet, y, line, style)
                elif line:
                    self.sheet.text(place.x, y, line, style)
                y -= LEADING
        self.y -= height
        y = self.y + PADDING + 2 + len(under) * UNDER_LEADING
        for line in under:
            y -= UNDER_LEADING
            self.sheet.text(places[0].under_x, y, line, UNDER)
        self.sheet.rule(LEFT, RIGHT, self.y, HAIR, 0.4)


class Place:
    """Where a column stands, and how its figures are aligned."""

    __slots__ = ("decimals", "end", "number", "room", "under_x", "x")

    def __init__(self, x: float, end: float, column: Column, decimals: int, under_x: float) -> None:
        self.x, self.end, self.room = x, end, end - x
        self.number = column.kind == "number"
        self.decimals = decimals
        self.under_x = under_x

    def solid(self, text: str) -> bool:
        """True for a figure that must be neither broken nor cut."""
        return self.number and " " not in text

    def figure(self, sheet: Sheet, y: float, text: str, style: Style) -> None:
        """Draw a figure flush right, its point under the points above; smaller where it must be."""
        wide = faces.width(style.face, text, style.size)
        if wide > self.room:
            style = style._replace(size=round(style.size * self.room / wide, 2))
            wide = self.room
        end = self.end
        if self.decimals > 2 and "." in text and " " not in text:
            missing = self.decimals - len(text) + text.index(".") + 1
            end -= min(missing * 0.572 * style.size, self.room - wide)
        sheet.text(end - wide, y, text, style)


def words_of(said: Sentence) -> list[list[tuple[str, bool]]]:
    """Return a sentence as words that may be parted; a word is pieces with and without weight."""
    words: list[list[tuple[str, bool]]] = [[]]
    for text, strong in said.runs:
        for i, part in enumerate([text] if strong else text.split(" ")):
            if i:
                words.append([])
            if part:
                words[-1].append((part, strong))
    return [word for word in words if word]


def _places(section: Section) -> list[Place]:
    """Return where the section's columns stand: shares of the width, a gutter between."""
    places: list[Place] = []
    x = LEFT
    under_x = LEFT + ROOM * section.columns[0].share / 100 if section.dense else LEFT
    last = len(section.columns) - 1
    for i, column in enumerate(section.columns):
        wide = ROOM * column.share / 100
        inset = FIGURE_GAP if i and column.kind != "number" and places[-1].number else 0
        end = x + wide if i == last else x + wide - GUTTER
        decimals = 0
        if column.kind == "number":
            cells = (row.cells[i] for row in section.rows)
            decimals = max(
                (len(c) - c.index(".") - 1 for c in cells if "." in c and " " not in c), default=0
            )
        places.append(Place(x + inset, end, column, decimals, under_x))
        x += wide
    return places
