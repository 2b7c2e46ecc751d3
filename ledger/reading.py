"""How long it takes to read what has to be read for work, where nobody measured it. Pure.

Reading is 238 words a minute: the mean of adults' silent reading of English non-fiction (Brysbaert,
Journal of Memory and Language 109, 2019). A page has 500 words where only pages are counted: our
own figure (DECISIONS.md D-066). Each estimate says what it rests on.
"""

from collections import defaultdict
from collections.abc import Container, Sequence
from typing import NamedTuple

WORDS_A_MINUTE = 238
WORDS_A_PAGE = 500
MINUTE_MS = 60_000
MEASURED_AS = {  # the kinds of work that show that the time was measured
    "instructions": frozenset({"instructions"}),
    "training": frozenset({"training", "qualification"}),
}


class Version(NamedTuple):
    """One version of instructions or of a course; the fields are those of models.Course.

    from_ms: when it came; until_ms: when the next version did, None while it is the newest.
    """

    id: int
    project: str
    task_type: str
    name: str
    version: int
    kind: str
    words: int | None
    pages: int | None
    fresh_words: int | None
    required: bool
    from_ms: int
    until_ms: int | None


class Worked(NamedTuple):
    """The work of one account in a project, by type of task: when it first and last began."""

    project: str
    task_type: str
    first_ms: int
    last_ms: int


class Measured(NamedTuple):
    """A row of instructions, training or qualification of one account; it began at `at_ms`."""

    project: str
    task_type: str
    kind: str
    at_ms: int


class Estimate(NamedTuple):
    """Time of reading one version, estimated. basis: what the figure rests on, in words."""

    time_ms: int
    basis: str


class Read(NamedTuple):
    """A version that one account has read by all appearance.

    at_ms: when it first had to. read_before: it had work when the version before was in force, so
    that this one is a change. measured_by: the places, in `measured`, of the rows that say how long
    that took; where there are any, the estimate does not count.
    """

    version: Version
    at_ms: int
    read_before: bool
    measured_by: tuple[int, ...]
    estimate: Estimate

    @property
    def is_measured(self) -> bool:
        """Whether rows say how long it took."""
        return bool(self.measured_by)


def words_of(one: Version, *, read_before: bool) -> tuple[int, str]:
    """Return how many words are to be read of a version, and how that is known.

    read_before: the account had work when the version before was in force. Of a new version it
    reads the words that are new; all of it where nobody counted those.
    """
    whole = one.words if one.words is not None else (one.pages or 0) * WORDS_A_PAGE
    said = f"{whole} words"
    if one.words is None:
        said = f"{one.pages} pages of {WORDS_A_PAGE} words"
    if one.version > 1 and read_before:
        if one.fresh_words is not None:
            return one.fresh_words, f"{one.fresh_words} new words"
        return whole, f"{said}, as nobody counted which are new"
    return whole, said


def estimate(one: Version, *, read_before: bool) -> Estimate:
    """Return the time of reading a version; a fraction of a millisecond goes up.

    >>> guide = Version(1, "boats", "", "guide", 1, "instructions", 2380, None, None, True, 0, None)
    >>> estimate(guide, read_before=False)
    Estimate(time_ms=600000, basis='2380 words, read at 238 words a minute')
    """
    words, said = words_of(one, read_before=read_before)
    time_ms = -(-words * MINUTE_MS // WORDS_A_MINUTE)
    return Estimate(time_ms, f"{said}, read at {WORDS_A_MINUTE} words a minute")


def read_by(
    versions: Sequence[Version], *, worked: Sequence[Worked], measured: Sequence[Measured]
) -> list[Read]:
    """Return what one account has read by all appearance. versions: all of a vendor's.

    An account read a version that is required if it had work of that project while the version was
    in force, and of its type of task where it names one: a change of what others do is none.
    """
    names: defaultdict[str, set[str]] = defaultdict(set)
    for one in versions:
        names[one.project].add(one.name)
    found = []
    for one in versions:
        own = [
            work
            for work in worked
            if work.project == one.project and one.task_type in ("", work.task_type)
        ]
        in_force = [
            work for work in own if work.last_ms >= one.from_ms and not _is_over(one, work.first_ms)
        ]
        if not (one.required and in_force):
            continue
        before = one.version > 1 and any(work.first_ms < one.from_ms for work in own)
        at_ms = max(one.from_ms, min(work.first_ms for work in in_force))
        others = names[one.project] - {one.name}
        shown = tuple(at for at, row in enumerate(measured) if _shows(row, one, others))
        found.append(Read(one, at_ms, before, shown, estimate(one, read_before=before)))
    return found


def _is_over(one: Version, at_ms: int) -> bool:
    return one.until_ms is not None and one.until_ms <= at_ms


def _shows(row: Measured, one: Version, others: Container[str]) -> bool:
    """Tell whether a row is time of reading a version: of its project and kind, in its days.

    The first version may be read before its first day. A row that names another text of the
    project (others), as its type of task, is of that one.
    """
    first_ms = 0 if one.version == 1 else one.from_ms
    in_its_days = first_ms <= row.at_ms and not _is_over(one, row.at_ms)
    of_its_kind = row.project == one.project and row.kind in MEASURED_AS[one.kind]
    return of_its_kind and in_its_days and row.task_type not in others
