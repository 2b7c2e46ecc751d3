"""The catalogue of the checks, for those who are judged by them and those who judge with them.

docs/checks.md is what `manage.py catalogue` prints; a test holds the two together. What is said of
a check is said in its module: a first line, what it Flags and Leaves, its Stake and its Source. A
number that it goes by is named there by its constant, and printed here as its value.
"""

import re
from types import ModuleType

from ledger import agreed, agreeing, ending, reading
from ledger.periods import DAY_MS
from payouts.detectors import BY_CODE, OF_VENDORS, audience

PARTS = ("Flags", "Leaves", "Stake", "Source")
PART = re.compile(rf"^({'|'.join(PARTS)})(?=\s)", re.MULTILINE)
FIRST = re.compile(r"(W\d\d) ([^:]+): (.+)")
NAME = re.compile(r"\b[A-Z]+(?:_[A-Z]+)*\b")
UNITS = ((DAY_MS, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second"))

INTRODUCTION = """\
# The checks

`manage.py catalogue` prints this page from the checks themselves, so it is of the version that it
was printed by.

A flag is a question with evidence, not an accusation. It names the check and its version, whom and
what it is about, what is at stake, and since when. The same finding is the same flag however often
it is found. It closes by itself when the ledger answers it, or by an auditor's written reason. A
code is never used again for something else; a new version of a check makes new flags and rewrites
none.

**Stakes may be added up.** The same money, or the same time, counts once, however many flags are
about it: each check says what it claims, and where another one claims the same, the greater claim
counts. A week below the floor (W28) takes only what is left of its shortfall.

**What is not known is no finding.** Where a check lacks the records that it looks at, W32 says so,
once, and nothing is made of it.

Time without pay is worth the rate that was agreed by the hour or the floor, whichever is more. In
the sources, *chosen here* means that no law, standard or study names the figure or the rule: it is
the project's own, and open to better ones. Numbers such as D-014 are those of
[DECISIONS.md](../DECISIONS.md). Laws are named for what they say, not because they bind a vendor:
whether one does depends on places and contracts that the ledger does not judge.

## What holds where nothing was agreed

"""


def as_markdown() -> str:
    """Return the whole page: the introduction, the shared figures, a section a check by its code.

    Raises ValueError for a check whose module does not say all that the page tells.
    """
    sections = [section(module) for _, module in sorted(BY_CODE.items())]
    return INTRODUCTION + _shared() + "".join(sections)


def section(module: ModuleType) -> str:
    """Return what one check says of itself, with its numbers in place of their names."""
    name, summary, parts = said(module)
    numbers = parameters(module)
    told = {part: NAME.sub(lambda m: numbers.get(m[0], m[0]), text) for part, text in parts.items()}
    listed = ", ".join(f"`{name}` {value}" for name, value in numbers.items()) or "none of its own"
    lines = [
        f"\n## {module.CODE} {module.TITLE}\n",
        f"{name[:1].upper()}{name[1:]}: {summary}\n",
        *(f"- **{part}** {told[part]}" for part in PARTS[:3]),
        f"- **Parameters** {listed}.",
        f"- **Source** {parts['Source']}",
        f"- **Subject** {_subject(module)}; version {module.VERSION}.",
    ]
    return "\n".join(lines) + "\n"


def _subject(module: ModuleType) -> str:
    """Return what a check is about, and whom its flags are for: workers see those of accounts."""
    is_of_vendor = module in OF_VENDORS
    people = audience(module.CODE) - ({"worker"} if is_of_vendor else set())
    *others, last = (f"the {one}" for one in sorted(people, reverse=True))
    about = "a vendor as a whole" if is_of_vendor else "an account"
    return f"{about}; for {', '.join(others)} and {last}"


def said(module: ModuleType) -> tuple[str, str, dict[str, str]]:
    """Return a check's name, its summary and its parts, each on one line. Raises ValueError."""
    head, *rest = PART.split(module.__doc__ or "")
    first = FIRST.fullmatch(" ".join(head.split()))
    if first is None or first[1] != module.CODE or tuple(rest[::2]) != PARTS:
        raise ValueError(
            f"{module.__name__} begins with {head.strip()[:60]!r} and has {rest[::2]}; a check says"
            f" its code, its name, a colon and a sentence, then {', '.join(PARTS)}, once each, in"
            " this order. Mend its first lines."
        )
    parts = {part: " ".join(text.split()) for part, text in zip(rest[::2], rest[1::2], strict=True)}
    return first[2], first[3], parts


def parameters(module: ModuleType) -> dict[str, str]:
    """Return the constants that a check's first lines name, by name, in words."""
    named = dict.fromkeys(NAME.findall(module.__doc__ or ""))
    values = {name: getattr(module, name, None) for name in named}
    return {name: in_words(name, it) for name, it in values.items() if isinstance(it, int | tuple)}


def in_words(name: str, value: int | tuple[str, ...]) -> str:
    """Return a constant's value with the unit that its name ends in.

    >>> in_words("GRACE_MS", 259_200_000), in_words("REST_MS", 21_600_000)
    ('3 days', '6 hours')
    >>> in_words("PER_MILLE", 5), in_words("BANKING_DAYS", 3), in_words("LEAST", 20)
    ('0.5 %', '3 banking days', '20')
    >>> in_words("KINDS", ("meeting", "admin"))
    '`meeting`, `admin`'
    """
    if isinstance(value, tuple):
        return ", ".join(f"`{one}`" for one in value)
    match name.rpartition("_")[2]:
        case "MS":
            return _duration(value)
        case "PERCENT":
            return f"{value} %"
        case "MILLE":
            return f"{value / 10:g} %"
        case "DAYS":
            return f"{value} {name.lower().replace('_', ' ')}"
        case "TIMES":
            return f"{value} times"
        case "EPSILON":  # micros
            return f"{value / 1_000_000:g}"
    return f"{value:,}"


def _duration(value_ms: int) -> str:
    unit_ms, unit = next((unit_ms, unit) for unit_ms, unit in UNITS if not value_ms % unit_ms)
    number = value_ms // unit_ms
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _shared() -> str:
    rows = (
        ("Time to decide on work that was handed in", f"{agreed.UNAGREED.review_days} days"),
        ("Time from the decision to the payment", f"{agreed.UNAGREED.due_days} days"),
        ("Notice before a rate falls", f"{agreeing.NOTICE_DAYS} days"),
        ("Final settlement after an ending (W09, W10)", f"{ending.SETTLEMENT.days} days"),
        ("A vendor's time to answer a flag, at most", f"{agreed.ANSWER_DAYS} days"),
        ("Reading, where nobody measured it", f"{reading.WORDS_A_MINUTE} words a minute"),
        ("A page, where nobody counted words", f"{reading.WORDS_A_PAGE} words"),
    )
    table = "".join(f"| {what} | {value} |\n" for what, value in rows)
    return f"| what | value |\n|---|---|\n{table}"
