"""The limit of an import: the rows that it left behind, copied into an empty database, measured.

Parameters: source, the address of the database that was imported into; our own database is empty.
The copy has the same tables, indexes and constraints, made by `migrate`; only our triggers are off.
The rows are read beforehand in the form that is cheapest to write: text blocks for COPY, tuples for
executemany. One transaction a table. Prints what `run` returns.
"""

import json
import sys
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import django

django.setup()

from django.db import connection, models, transaction  # noqa: E402

from ledger import guards  # noqa: E402
from ledger.models import (  # noqa: E402
    Batch,
    Import,
    Leaf,
    Payment,
    Stream,
    Transfer,
    WageFloor,
    Work,
    WorkWeek,
)
from tests.benchmarks.measuring import Meter  # noqa: E402
from workers.models import Engagement, Vendor  # noqa: E402

REFERRED_TO: list[type[models.Model]] = [Vendor, WageFloor, Import, Engagement]  # not measured
MEASURED: list[type[models.Model]] = [Batch, Leaf, Work, Payment, Transfer, Stream, WorkWeek]


def run(source: str) -> dict[str, Any]:
    """Copy all tables. Returns seconds, cpu_seconds and the rows of each measured table."""
    guards.remove()
    copy = _copy_postgres if connection.vendor == "postgresql" else _copy_sqlite
    for model in REFERRED_TO:
        copy(source, model._meta.db_table)
    used: Counter[str] = Counter()
    for model in MEASURED:
        used.update(copy(source, model._meta.db_table))
    return {**used, "rows": {model.__name__: model._default_manager.count() for model in MEASURED}}


def _copy_postgres(source: str, table: str) -> dict[str, float]:
    import psycopg

    with (
        psycopg.connect(source) as other,
        other.cursor().copy(f"COPY {table} TO STDOUT") as out,
    ):
        blocks = _joined(out)
    meter = Meter()
    with (
        transaction.atomic(),
        connection.cursor() as writer,
        writer.copy(f"COPY {table} FROM STDIN") as into,
    ):
        for block in blocks:
            into.write(block)
    return meter.read()


def _joined(rows: Any, size: int = 1 << 17) -> list[bytes]:
    blocks, held = [], bytearray()
    for row in rows:
        held += row
        if len(held) >= size:
            blocks.append(bytes(held))
            held.clear()
    return [*blocks, bytes(held)]


def _copy_sqlite(source: str, table: str) -> dict[str, float]:
    import sqlite3

    other = sqlite3.connect(urlsplit(source).path[1:])
    rows = other.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()
    other.close()
    if not rows:
        return {}
    marks = ", ".join("?" * len(rows[0]))
    with connection.cursor() as cursor:
        meter = Meter()
        with transaction.atomic():
            cursor.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    return meter.read()


if __name__ == "__main__":
    print(json.dumps(run(**json.loads(sys.argv[1]))))
