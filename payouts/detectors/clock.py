"""The instant that detectors ask about, which notes when asking later may give another answer.

While an account is judged, its clock notes each later instant that it is compared with. Up to the
earliest of them every comparison comes out as it did, so the same facts give the same findings: no
detector has to say what its findings wait for. What is reckoned from the clock cannot be followed;
then any later instant may give another answer.
"""

from collections.abc import Callable


class Clock(int):
    """An instant in UTC epoch milliseconds. changes_at_ms: None where time alone changes nothing.

    >>> clock = Clock(100)
    >>> clock > 90, clock > 130, 120 <= clock, clock.changes_at_ms
    (True, False, False, 120)
    >>> clock - 90, clock.changes_at_ms
    (10, 100)
    """

    changes_at_ms: int | None = None

    def note(self, at_ms: int) -> None:
        """Note that another answer may be given from this instant on, if it is not past."""
        at = int.__int__(self)
        if at_ms >= at and (self.changes_at_ms is None or at_ms < self.changes_at_ms):
            self.changes_at_ms = at_ms

    __hash__ = int.__hash__


def _compared(name: str) -> Callable[[Clock, object], object]:
    compare = getattr(int, name)

    def method(self: Clock, other: object) -> object:
        if isinstance(other, int):
            self.note(int.__int__(other))
        return compare(self, other)

    return method


def _reckoned(name: str) -> Callable[..., object]:
    reckon = getattr(int, name)

    def method(self: Clock, *others: object) -> object:
        self.note(int.__int__(self))
        return reckon(self, *others)

    return method


COMPARISONS = ("lt", "le", "gt", "ge", "eq", "ne")
SUMS = ("add", "sub", "mul", "floordiv", "mod", "truediv", "divmod", "pow", "and", "or", "xor")
OTHERS = ("neg", "abs", "float", "index", "round", "trunc", "format", "repr", "str")

for _name in COMPARISONS:
    setattr(Clock, f"__{_name}__", _compared(f"__{_name}__"))
for _name in (*SUMS, *(f"r{name}" for name in SUMS), *OTHERS):
    setattr(Clock, f"__{_name}__", _reckoned(f"__{_name}__"))
