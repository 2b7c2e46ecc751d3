"""Many rows at once: into a table by COPY, or some hundreds a statement on SQLite; and out again.

Ids are given here, not by the insert, so that rows can name each other before they are written.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, count, islice
from typing import Any

from django.db import connection, models

from ledger import arrays

Meanwhile = Callable[[], bool]  # does a little, and tells whether there may be more to do
ROWS_A_STATEMENT = 400  # on SQLite, where a statement that fires triggers has a price of its own
ROWS_A_READ = 100  # taken from PostgreSQL at once, while it looks for the next


def insert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    meanwhile: Meanwhile | None = None,
) -> None:
    """Write `rows` into the table of `model`. columns: names as in the database.

    meanwhile: called again and again once PostgreSQL has all rows, as long as it is busy with them,
    until it says that nothing is left to do. It asks the database nothing. SQLite leaves no such
    time, so there it is not called.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            from ledger import copying

            copying.copy(cursor.cursor, table, columns, _types(model, columns), rows, meanwhile)
        else:
            # Django's own wrapper would rewrite every row's placeholders.
            into = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "
            _insert_sqlite(cursor.connection, into, rows)


def put(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]], if_there: str
) -> None:
    """Write rows of which some may be there already, by one statement.

    if_there: what follows ON CONFLICT, such as DO NOTHING. No value is None.
    """
    if not rows:
        return
    into = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            lists = ", ".join(f"%s::{one}[]" for one in _types(model, columns))
            cursor.execute(
                f"{into} SELECT * FROM unnest({lists}) ON CONFLICT {if_there}",
                [arrays.of_texts(map(str, values)) for values in zip(*rows, strict=True)],
            )
        else:
            marks = ", ".join("?" * len(columns))
            cursor.connection.executemany(f"{into} VALUES ({marks}) ON CONFLICT {if_there}", rows)


def select(query: str, parameters: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield what a query finds, as it is found: the database looks on while its rows are worked on.

    Raises django.db's errors, and RuntimeError for a query that is asked before the last row is
    taken: on PostgreSQL it would wait for itself. Who leaves before may give up the transaction.
    Where somebody watches the queries, all is found first: Django shows them only those of its own
    cursor.
    """
    watched = connection.queries_logged or connection.execute_wrappers
    streams = connection.vendor == "postgresql" and not watched
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if not streams:
            cursor.execute(query, parameters)
        with connection.execute_wrapper(_too_early):
            yield from (
                cursor.cursor.stream(query, parameters, size=ROWS_A_READ) if streams else cursor
            )


def _too_early(execute: Any, query: str, *rest: Any) -> None:
    raise RuntimeError(f"asked before the last row of another query was taken: {query:.200}")


def _types(model: type[models.Model], columns: Sequence[str]) -> list[str]:
    """Return what PostgreSQL calls the types of these columns, without their lengths."""
    types = {field.column: field.db_type(connection) for field in model._meta.local_fields}
    return [str(types[name]).partition("(")[0] for name in columns]


def _insert_sqlite(database: Any, insert_into: str, rows: Iterable[Sequence[Any]]) -> None:
    """Insert full blocks by one statement each, what is left row by row: few statements to keep."""
    rows = iter(rows)
    while block := list(islice(rows, ROWS_A_STATEMENT)):
        marks = f"({', '.join('?' * len(block[0]))})"
        if len(block) == ROWS_A_STATEMENT:
            database.execute(insert_into + ", ".join([marks] * len(block)), [*chain(*block)])
        else:
            database.executemany(insert_into + marks, block)


def ids(model: type[models.Model]) -> Iterator[int]:
    """Yield ids that no other row has or will get. Only under the vendor's lock."""
    if connection.vendor == "postgresql":
        return chain.from_iterable(_from_sequence(model) for _ in count())
    return iter(range(_highest(model) + 1, 1 << 62))


def _from_sequence(model: type[models.Model]) -> range:
    """Return the ids before the one that the sequence gives next, however far it steps."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT nextval(seq), (SELECT seqincrement FROM pg_sequence WHERE seqrelid = seq)
               FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS seq OFFSET 0) named""",
            [model._meta.db_table],
        )
        first, step = cursor.fetchone()
    return range(first, first + step)


def _highest(model: type[models.Model]) -> int:
    """Return the highest id ever given on SQLite, where a lock keeps all other writers out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        row = cursor.fetchone()
    return row[0] if row else 0
