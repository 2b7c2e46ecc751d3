"""Long lists as PostgreSQL takes them cheapest: one text that it reads as an array itself.

A list of Python's own is quoted element by element on the way, which cost more than the query.
Ids go as bigint (DECISIONS.md D-044): write `%s::bigint[]` or `%s::text[]`.
"""

from collections.abc import Iterable


def of_ids(ids: Iterable[int]) -> str:
    """Return whole numbers as an array's text.

    >>> of_ids([3, 15])
    '{3,15}'
    """
    return f"{{{','.join(map(str, ids))}}}"


def of_texts(texts: Iterable[str]) -> str:
    r"""Return texts as an array's text, whatever they hold.

    >>> of_texts(["a b", "NULL"]), of_texts(['"', "\\"]), of_texts([])
    ('{"a b","NULL"}', '{"\\"","\\\\"}', '{}')
    """
    found = list(texts)
    inside = '","'.join(found)
    if "\\" in inside or inside.count('"') > 2 * len(found) - 2:
        inside = '","'.join([text.replace("\\", "\\\\").replace('"', '\\"') for text in found])
    return f'{{"{inside}"}}' if found else "{}"
