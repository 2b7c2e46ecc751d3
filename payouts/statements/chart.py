"""The statement's one picture: hourly pay per week against the floor line. Geometry only.

The PDF and the page draw the same shape, each at its own size. y goes down from the top; lengths
are in the unit of the width given. Bars start at zero. A week whose pay per hour is uncertain has
a solid bar up to what is certain and an open one up to what is possible.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from payouts.statements.figures import FloorWeek
from payouts.statements.words import amount, day_of_year, week

HEAD, FOOT, VALUE_ROOM = (
    20.0,
    32.0,
    15.0,
)  # room for the value above a bar, and for two lines below the axis
BAR_SHARE, BAR_MOST = 0.52, 56.0
WORDS_SLOT = 80.0
SPARSE_SLOT = 44.0  # below this width of a week only some are labelled


@dataclass(frozen=True, slots=True)
class Bar:
    """One week. `top` is where the solid bar ends, `high_top` the open one, `base` is zero."""

    x: float
    width: float
    top: float
    high_top: float
    value_y: float  # the baseline of the value
    base: float
    below: bool
    value: str  # "16.20", or "15.10–16.20", or "" where nothing is known
    label: str  # "5 – 11 Oct", or its first day where there is little room
    note: str  # "below the floor", "uncertain", "not known" or ""
    labelled: bool

    @property
    def label_y(self) -> float:
        """The baseline of the week under the bar, on the page."""
        return self.base + 13

    @property
    def note_y(self) -> float:
        """The baseline of the note under the week, on the page."""
        return self.base + 27

    @property
    def middle(self) -> float:
        """Where the bar's texts are centred."""
        return self.x + self.width / 2

    @property
    def height(self) -> float:
        """The solid bar's height."""
        return self.base - self.top

    @property
    def open_height(self) -> float:
        """The open bar's height, above the solid one."""
        return self.top - self.high_top


@dataclass(frozen=True, slots=True)
class FloorLine:
    """The floor over the weeks for which it was in force."""

    x1: float
    x2: float
    y: float
    label: str  # "floor 15.00"

    @property
    def label_x(self) -> float:
        """Where the last line's label begins, beside it."""
        return self.x2 + 5

    @property
    def label_y(self) -> float:
        """The baseline of that label."""
        return round(self.y + 4, 2)


@dataclass(frozen=True, slots=True)
class Chart:
    """The picture: bars, floor lines and the axis at `base`."""

    width: float
    height: float
    base: float
    bars: tuple[Bar, ...]
    floors: tuple[FloorLine, ...]


def chart(weeks: Sequence[FloorWeek], *, width: float, height: float, margin: float) -> Chart:
    """Return the picture of `weeks`; `margin` is left free at the right for the floor's label."""
    base = height - FOOT
    peak = max(
        [x for w in weeks for x in (w.hourly_high_micros, w.floor_micros) if x], default=1_000_000
    )
    scale = (base - HEAD) / peak
    slot = (width - margin) / max(len(weeks), 1)
    bars = tuple(_bar(w, i, slot, base, scale, len(weeks)) for i, w in enumerate(weeks))
    return Chart(width, height, base, bars, tuple(_floors(weeks, slot, base, scale)))


def _bar(test: FloorWeek, i: int, slot: float, base: float, scale: float, weeks: int) -> Bar:
    low, high = test.hourly_low_micros, test.hourly_high_micros
    bar = min(slot * BAR_SHARE, BAR_MOST)
    value = "" if low is None or high is None else amount(low)
    if low is not None and high is not None and low != high:
        value = f"{amount(low)}\u2013{amount(high)}"
    below = _("below the floor") if slot >= WORDS_SLOT else _("below")
    note = {"fail": below, "contested": _("uncertain"), "no_evidence": _("not known")}
    return Bar(
        x=_short(i * slot + (slot - bar) / 2),
        width=_short(bar),
        top=_short(base - (low or 0) * scale),
        high_top=_short(base - (high or 0) * scale),
        value_y=_value_y(base - (high or 0) * scale, base - (test.floor_micros or 0) * scale),
        base=base,
        below=test.verdict == "fail",
        value=value,
        label=week(test.starts_on, test.ends_on)
        if slot >= WORDS_SLOT
        else day_of_year(test.starts_on),
        note=note.get(test.verdict, "") if slot >= SPARSE_SLOT else "",
        labelled=slot >= SPARSE_SLOT or i % 3 == 0 or i == weeks - 1,
    )


def _value_y(bar_top: float, floor_y: float) -> float:
    """Return the value's baseline: just above its bar, but never across the floor line."""
    crossed = bar_top - VALUE_ROOM < floor_y < bar_top
    return _short((floor_y if crossed else bar_top) - 4)


def _floors(weeks: Sequence[FloorWeek], slot: float, base: float, scale: float) -> list[FloorLine]:
    """Return one line for each run of weeks with the same floor."""
    lines: list[FloorLine] = []
    last: int | None = None
    for i, test in enumerate(weeks):
        floor = test.floor_micros
        if floor is not None and floor == last:
            lines[-1] = FloorLine(
                lines[-1].x1, _short((i + 1) * slot), lines[-1].y, lines[-1].label
            )
        elif floor is not None:
            y = _short(base - floor * scale)
            label = _("floor %(amount)s") % {"amount": amount(floor)}
            lines.append(FloorLine(_short(i * slot), _short((i + 1) * slot), y, label))
        last = floor
    return lines


def _short(number: float) -> float:
    return round(number, 2)
