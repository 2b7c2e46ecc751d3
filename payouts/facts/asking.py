"""Pieces of SQL that every reader of facts needs, for both databases."""

import json
from collections.abc import Collection

from django.db import connection

from ledger.moves import REVERSE

# When a transfer happened, None counting as always. A reversal takes back what it names whenever it
# was posted: a record that was undone later was not true before either. Looked up row by row, for
# reversals alone: joined, PostgreSQL reads the whole table once a chunk.
HAPPENED = """COALESCE(
    CASE WHEN t.reverses_id IS NULL THEN t.happened_at_ms
    ELSE (SELECT undone.happened_at_ms FROM ledger_transfer undone WHERE undone.id = t.reverses_id)
    END, %(as_of)s) <= %(as_of)s"""

# Not by `reverses_id IS NULL`, which the rule book makes the same: where PostgreSQL has not counted
# how many those are, it takes them for few and reads all of them by that column's index.
IS_NO_REVERSAL = f"t.move <> '{REVERSE}'"


def among(ids: Collection[int], name: str = "ids") -> tuple[str, list[int] | str]:
    """Return SQL for "is one of these", and what to give for it as the parameter `name`.

    As bigint: a list of small numbers would be sent as integers of four bytes, which PostgreSQL
    cannot look up in a hash of eight, and it would compare every row with every number.
    """
    if connection.vendor == "postgresql":
        return f"= ANY(%({name})s::bigint[])", list(ids)
    return f"IN (SELECT value FROM json_each(%({name})s))", json.dumps(list(ids))


def among_names(names: Collection[str]) -> tuple[str, list[str] | str]:
    """Return SQL for "is one of these texts", and what to give for it as the parameter `names`."""
    if connection.vendor == "postgresql":
        return "= ANY(%(names)s::text[])", list(names)
    return "IN (SELECT value FROM json_each(%(names)s))", json.dumps(list(names))


def is_newest(work: str = "w") -> str:
    """Return SQL that is true of the newest revision of an attempt, where it is not void."""
    return (
        f"NOT {work}.void AND NOT EXISTS (SELECT 1 FROM ledger_work newer"
        f" WHERE newer.corrects_id = {work}.id)"
    )
