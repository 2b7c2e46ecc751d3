"""Many rows into one table at once: COPY on PostgreSQL, some hundreds a statement on SQLite.

Ids are given here, not by the insert, so that rows can name each other before they are written.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from django.db import connection, models

BLOCK = 2000  # ids taken from the sequence at a time; those not used are left out
ROWS_A_STATEMENT = 400  # on SQLite, where a statement that fires triggers has a price of its own


def insert(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Write `rows` into the table of `model`. columns: names as in the database."""
    table, names = model._meta.db_table, ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                write = copy.write_row
                for row in rows:
                    write(row)
        else:
            # Django's own wrapper would rewrite every row's placeholders.
            _insert_sqlite(cursor.connection, f"INSERT INTO {table} ({names}) VALUES ", rows)


def _insert_sqlite(database: Any, insert_into: str, rows: Iterable[Sequence[Any]]) -> None:
    """Insert full blocks by one statement each, what is left row by row: few statements to keep."""
    rows = iter(rows)
    while block := list(islice(rows, ROWS_A_STATEMENT)):
        marks = f"({', '.join('?' * len(block[0]))})"
        if len(block) == ROWS_A_STATEMENT:
            database.execute(insert_into + ", ".join([marks] * len(block)), [*chain(*block)])
        else:
            database.executemany(insert_into + marks, block)


def ids(model: type[models.Model], block: int = BLOCK) -> Iterator[int]:
    """Yield ids that no other row has or will get. Only under the vendor's lock."""
    if connection.vendor == "postgresql":
        return chain.from_iterable(iter(lambda: _from_sequence(model, block), None))
    return iter(range(_highest(model) + 1, 1 << 62))


def _from_sequence(model: type[models.Model], block: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT nextval(named.seq) FROM generate_series(1, %s),
                   (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS seq OFFSET 0) named""",
            [block, model._meta.db_table],
        )
        return [number for (number,) in cursor.fetchall()]


def _highest(model: type[models.Model]) -> int:
    """Return the highest id ever given on SQLite, where a lock keeps all other writers out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        row = cursor.fetchone()
    return row[0] if row else 0
