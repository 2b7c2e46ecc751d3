"""Statements per second beside bare ReportLab drawing of the same page content.

    python -m tests.benchmarks.statement_speed [--rounds 15] [--each 10]

The limit draws the same strings, rules and boxes at the same places with the same faces on a bare
canvas (setFont, drawString, rect, line), with nothing left to work out. Both run in this process,
in turns; the medians are compared. The goal is 0.5.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from io import BytesIO

import django
from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from payouts.statements import faces, pdf
from payouts.statements.data import StatementData
from payouts.statements.sheet import Sheet, Style
from tests.payouts.statements import builders


class Recorder(Sheet):
    """A sheet that also notes what is drawn, page by page."""

    def __init__(self, title: str) -> None:
        self.calls: list[tuple[int, tuple[object, ...]]] = []
        super().__init__(title)

    def _note(self, *call: object) -> None:
        page = next(i for i, ops in enumerate(self.pages) if ops is self.ops)
        self.calls.append((page, call))

    def text(self, x: float, y: float, text: str, style: Style) -> None:
        self._note("text", x, y, self.shown(text), style)
        super().text(x, y, text, style)

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self._note("box", x, y, width, height, colour)
        super().box(x, y, width, height, colour)

    def dashes(self, x1: float, x2: float, y: float, colour: str, weight: float) -> None:
        self._note("dashes", x1, x2, y, colour, weight)
        super().dashes(x1, x2, y, colour, weight)


def colour(code: str) -> Color:
    return Color(*map(float, code.split()))


def recorded(data: StatementData) -> list[list[tuple[object, ...]]]:
    """Return the drawing calls of each page, colours ready made."""
    sheet = Recorder("recorded")
    pdf.draw(data, sheet)
    pages: list[list[tuple[object, ...]]] = [[] for _ in sheet.pages]
    for page, call in sheet.calls:
        if call[0] == "text":
            style = call[4]
            assert isinstance(style, Style)
            call = (*call[:4], style.face, style.size, colour(style.ink))
        else:
            call = tuple(colour(x) if isinstance(x, str) and " " in x else x for x in call)
        pages[page].append(call)
    return pages


def bare(pages: list[list[tuple[object, ...]]]) -> bytes:
    """Draw recorded pages on a bare canvas: a face or colour is set only where it changes."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, pageCompression=1,
                    initialFontName=faces.REGULAR)  # fmt: skip
    for calls in pages:
        font: tuple[object, object] | None = None
        fill = None
        for call in calls:
            if call[0] == "text":
                _, x, y, text, face, size, ink = call
                if (face, size) != font:
                    font = (face, size)
                    canvas.setFont(face, size)
                if ink is not fill:
                    fill = ink
                    canvas.setFillColor(ink)
                canvas.drawString(x, y, text)
            elif call[0] == "box":
                _, x, y, width, height, ink = call
                if ink is not fill:
                    fill = ink
                    canvas.setFillColor(ink)
                canvas.rect(x, y, width, height, stroke=0, fill=1)
            else:
                _, x1, x2, y, ink, weight = call
                canvas.saveState()
                canvas.setStrokeColor(ink)
                canvas.setLineWidth(weight)
                canvas.setDash(4, 3)
                canvas.line(x1, y, x2, y)
                canvas.restoreState()
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def seconds(work: Callable[[], bytes], times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times


def compare(data: StatementData, *, rounds: int, each: int) -> dict[str, float]:
    """Return statements per second of both, and their ratio, by the medians of the rounds."""
    pages = recorded(data)
    bare(pages), pdf.render(data)
    ours, limits = [], []
    for _ in range(rounds):
        limits.append(seconds(lambda: bare(pages), each))
        ours.append(seconds(lambda: pdf.render(data), each))
    limit, own = statistics.median(limits), statistics.median(ours)
    return {
        "pages": len(pages),
        "bytes": len(pdf.render(data)),
        "per_second": round(1 / own, 1),
        "bare_per_second": round(1 / limit, 1),
        "ratio": round(limit / own, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--each", type=int, default=10)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()  # a statement's words are translated
    for name, data in (
        ("a month of 60 pieces", builders.month()),
        ("a month of 20 pieces", builders.month(pieces=20)),
        ("2,000 pieces", builders.month(pieces=2_000)),
    ):
        each = options.each if len(data.lines) < 1_000 else 1
        print(name, json.dumps(compare(data, rounds=options.rounds, each=each)))


if __name__ == "__main__":
    main()
