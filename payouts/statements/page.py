"""The statement as a web page: what the template shows, in the same words as the PDF."""

from dataclasses import dataclass
from typing import Any

from payouts.statements import opening
from payouts.statements.chart import chart
from payouts.statements.data import StatementData, sha256
from payouts.statements.debts import ageing
from payouts.statements.heading import heading
from payouts.statements.parts import Column, Section
from payouts.statements.sections import sections, work
from payouts.statements.smallprint import NO_EFFECT, proof, smallprint

WIDTH, HEIGHT, FLOOR_ROOM = 340.0, 176.0, 80.0  # of the picture, in its own units: a phone's width
LONG = 12  # a table with more rows than this is folded away


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its column: the first of a row is its heading."""

    text: str
    column: Column


@dataclass(frozen=True, slots=True)
class Line:
    """A row for the template."""

    first: Cell
    rest: tuple[Cell, ...]
    under: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A section for the template."""

    section: Section
    lines: tuple[Line, ...]
    folded: bool


def page_context(data: StatementData) -> dict[str, Any]:
    """Return what payouts/statement.html shows. Text is clean but not escaped: the template does.

    statement, heading, lead, detail, chart (None without weeks), picture (the picture in words),
    ageing and blocks (sections with tables), no_effect, sha256.
    """
    digest = sha256(data)
    later = (*sections(data), work(data), *smallprint(data), proof(data, digest))
    shape = chart(data.weeks, width=WIDTH, height=HEIGHT, margin=FLOOR_ROOM) if data.weeks else None
    return {
        "statement": data,
        "heading": heading(data),
        "lead": opening.lead(data),
        "detail": opening.detail(data),
        "chart": shape,
        "chart_title": opening.picture_title(data),
        "picture": opening.picture(data),
        "ageing": block(ageing(data)),
        "blocks": [block(section) for section in later],
        "no_effect": NO_EFFECT,
        "sha256": digest,
    }


def block(section: Section) -> Block:
    """Return a section with its cells beside their columns."""
    lines = []
    for row in section.rows:
        cells = [Cell(*pair) for pair in zip(row.cells, section.columns, strict=True)]
        lines.append(Line(cells[0], tuple(cells[1:]), row.under, row.strong))
    return Block(section, tuple(lines), folded=len(lines) > LONG)
