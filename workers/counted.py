"""How many there are of something, in the English of commands."""


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count and what is counted. many: where it is not `one` with an s.

    >>> counted(1, "week"), counted(1_200, "week"), counted(0, "piece of work", "pieces of work")
    ('1 week', '1,200 weeks', '0 pieces of work')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
