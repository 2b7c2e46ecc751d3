"""How long it takes to read what has to be read for work, where nobody measured it. Pure.

Reading is 238 words a minute: the mean of adults' silent reading (DOMAIN.md W22). A page has 500
words where only pages are counted. Each estimate says what it rests on.
"""

from collections.abc import Iterable, Sequence
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
    kind: str
    at_ms: int


class Estimate(NamedTuple):
    """Unpaid time of reading one version, estimated. basis: what the figure rests on, in words."""

    version: Version
    time_ms: int
    basis: str


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
    >>> estimate(guide, read_before=False).time_ms, estimate(guide, read_before=False).basis
    (600000, '2380 words, read at 238 words a minute')
    """
    words, said = words_of(one, read_before=read_before)
    time_ms = -(-words * MINUTE_MS // WORDS_A_MINUTE)
    return Estimate(one, time_ms, f"{said}, read at {WORDS_A_MINUTE} words a minute")


def unpaid(
    versions: Iterable[Version], *, worked: Sequence[Worked], measured: Sequence[Measured]
) -> list[Estimate]:
    """Return what one account has read by all appearance, and nobody measured.

    An account read a version that is required if it had work of that project (and type of task)
    while the version was in force. Where a row measures such time from when the version before
    ended until the version ends, that row says how long it took: nothing is estimated beside it.
    """
    found = []
    for one in versions:
        own = [
            work
            for work in worked
            if work.project == one.project and one.task_type in ("", work.task_type)
        ]
        in_force = any(
            work.last_ms >= one.from_ms and (one.until_ms is None or work.first_ms < one.until_ms)
            for work in own
        )
        if not (one.required and in_force):
            continue
        first_ms = 0 if one.version == 1 else one.from_ms
        shown = any(
            row.project == one.project
            and row.kind in MEASURED_AS[one.kind]
            and first_ms <= row.at_ms
            and (one.until_ms is None or row.at_ms < one.until_ms)
            for row in measured
        )
        if not shown:
            before = any(work.first_ms < one.from_ms for work in own)
            found.append(estimate(one, read_before=before))
    return found
