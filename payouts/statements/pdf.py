"""The statement as a PDF: page 1 in plain words with one picture, then tables.

A function of the data and the reader's language alone: neither clock, time zone nor hash seed
reaches the bytes. Not tagged (ReportLab cannot), so the page is the accessible form.
"""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from payouts.statements import faces, opening
from payouts.statements.chart import Bar, Chart, chart
from payouts.statements.data import StatementData, sha256
from payouts.statements.debts import ageing
from payouts.statements.flow import TITLE, Flow
from payouts.statements.heading import heading
from payouts.statements.safe import fitted
from payouts.statements.sections import sections, work
from payouts.statements.sheet import (
    BAR,
    LEFT,
    LINE,
    MUTED,
    OPEN_BAR,
    RIGHT,
    ROOM,
    RULE,
    TOP,
    WARN,
    WARN_BAR,
    Sheet,
    Style,
)
from payouts.statements.smallprint import NO_EFFECT, proof, smallprint

KIND = Style(faces.BOLD, 9, MUTED)
PERIOD = Style(faces.BOLD, 26)
STRONG = Style(faces.BOLD, 9)
FACT, WARNING = Style(faces.REGULAR, 9, MUTED), Style(faces.BOLD, 9, WARN)
VALUE, LABEL = Style(faces.BOLD, 9), Style(faces.REGULAR, 8, MUTED)
NOTE, FLOOR = Style(faces.BOLD, 7.5, WARN), Style(faces.BOLD, 8, LINE)
CHART_HEIGHT, FLOOR_ROOM = 148.0, 62.0


def render(data: StatementData) -> bytes:
    """Return the statement as a PDF document, every face embedded; always the same bytes.

    Takes user text of any kind and length: it is cleaned, capped and shown as plain characters.
    """
    return draw(data, Sheet(_("Pay statement %(number)s") % {"number": heading(data).number}))


def draw(data: StatementData, sheet: Sheet) -> bytes:
    """Draw the statement on an empty sheet and return the document."""
    digest = sha256(data)
    flow = Flow(sheet)
    _first_page(data, flow)
    sheet.turn()
    flow.y = TOP
    for section in (*sections(data), work(data), *smallprint(data), proof(data, digest)):
        flow.section(section)
    if sheet.replaced:
        missing = _(
            "%(sign)s stands for a letter that this document's type does not have. The page and "
            "the data file have it."
        )
        flow.paragraph(missing % {"sign": faces.REPLACEMENT}, FACT, 13)
    number = _fit(sheet, heading(data).number, ROOM * 0.4, FACT)
    return sheet.finish(left=number, right=f"sha256 {digest[:16]}")


def _fit(sheet: Sheet, text: str, room: float, style: Style) -> str:
    return fitted(sheet.shown(text), room, lambda part: faces.width(style.face, part, style.size))


def _first_page(data: StatementData, flow: Flow) -> None:
    _top(data, flow)
    flow.y -= 20
    for said in opening.lead(data):
        flow.sentence(said, 15, 21)
        flow.y -= 3
    flow.y -= 5
    for said in opening.detail(data):
        flow.sentence(said, 9.5, 14)
    flow.y -= 26
    if data.weeks:
        flow.sheet.text(LEFT, flow.y, opening.picture_title(data), TITLE)
        flow.y -= 8
        _picture(flow, chart(data.weeks, width=ROOM, height=CHART_HEIGHT, margin=FLOOR_ROOM))
        flow.y -= CHART_HEIGHT + 8
    flow.section(ageing(data))
    wrong = (_("Something wrong?"), NO_EFFECT, _("The last page says how."))
    flow.paragraph(" ".join(map(str, wrong)), FACT, 13)


def _top(data: StatementData, flow: Flow) -> None:
    """Set who, what and when."""
    head, sheet = heading(data), flow.sheet
    half = ROOM * 0.62
    sheet.text(LEFT, TOP, _("Pay statement"), KIND)
    sheet.right(RIGHT, TOP, _fit(sheet, head.number, half, FACT), FACT)
    sheet.text(LEFT, TOP - 34, _fit(sheet, head.period, ROOM, PERIOD), PERIOD)
    y = TOP - 52
    sheet.text(LEFT, y, _fit(sheet, head.span, half, FACT), FACT)
    sheet.right(RIGHT, y, head.issued, FACT)
    y -= 24
    of, by = pgettext("statement", "For"), pgettext("statement", "From")
    inset = max(34, *(faces.width(FACT.face, label, FACT.size) + 8 for label in (of, by)))
    for label, name, more in (
        (of, head.worker, head.account),
        (by, head.payer, head.payer_more),
    ):
        name = _fit(sheet, name, ROOM * 0.4, STRONG)
        sheet.text(LEFT, y, label, FACT)
        sheet.text(LEFT + inset, y, name, STRONG)
        x = LEFT + inset + faces.width(STRONG.face, name, STRONG.size) + 8
        if more:
            sheet.text(x, y, _fit(sheet, more, RIGHT - x, FACT), FACT)
        y -= 14
    if head.correction:
        sheet.text(LEFT, y - 4, _fit(sheet, head.correction, ROOM, WARNING), WARNING)
        y -= 18
    flow.y = y


def _picture(flow: Flow, shape: Chart) -> None:
    """Draw the picture with its top at the flow's y."""
    sheet, top = flow.sheet, flow.y
    for bar in shape.bars:
        _bar(sheet, bar, top)
    sheet.rule(LEFT, RIGHT - FLOOR_ROOM, top - shape.base, RULE, 0.6)
    for i, line in enumerate(shape.floors):
        y = top - line.y
        sheet.dashes(LEFT + line.x1, LEFT + line.x2, y, LINE, 1.1)
        if i == len(shape.floors) - 1:
            sheet.text(LEFT + line.x2 + 6, y - 2.8, line.label, FLOOR)
    for bar in shape.bars:
        _words_of_bar(sheet, bar, top)


def _bar(sheet: Sheet, bar: Bar, top: float) -> None:
    x = LEFT + bar.x
    if bar.open_height > 0:
        sheet.box(x, top - bar.top, bar.width, bar.open_height, OPEN_BAR)
    if bar.height > 0:
        colour = WARN_BAR if bar.below else BAR
        sheet.box(x, top - bar.base, bar.width, bar.height, colour)


def _words_of_bar(sheet: Sheet, bar: Bar, top: float) -> None:
    def centred(y: float, text: str, style: Style) -> None:
        x = LEFT + bar.middle - faces.width(style.face, text, style.size) / 2
        sheet.text(x, y, text, style)

    if not bar.labelled:
        return
    if bar.value:
        centred(top - bar.value_y, bar.value, VALUE)
    centred(top - bar.base - 12, bar.label, LABEL)
    if bar.note:
        centred(top - bar.base - 23, bar.note, NOTE if bar.below else LABEL)
