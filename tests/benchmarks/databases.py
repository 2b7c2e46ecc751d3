"""Databases to measure in: made empty by `migrate`, gone afterwards. Nothing of the user's is used.

A measured call runs in a process of its own (`call`), so that its time and memory are its own.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tests import surroundings
from tests.run import OURS

KINDS = ("SQLite", "PostgreSQL")


@contextmanager
def empty(kind: str, folder: Path, name: str) -> Iterator[str]:
    """Make a database and give its address. kind: one of KINDS; name: letters, digits and _."""
    if kind == "SQLite":
        path = folder / f"bench-{name}.sqlite3"
        try:
            yield _migrated(f"sqlite:///{path}", folder)
        finally:
            for file in folder.glob(f"{path.name}*"):
                file.unlink()
        return
    name = f"bench_{name}_{os.getpid()}"
    _on_the_server(f"CREATE DATABASE {name}")
    try:
        server = urlsplit(surroundings.postgres_url())
        yield _migrated(urlunsplit(server._replace(path=f"/{name}")), folder)
    finally:
        _on_the_server(f"DROP DATABASE {name} WITH (FORCE)")


def kinds_here() -> list[str]:
    """Return the kinds of database that there are."""
    return [kind for kind in KINDS if kind == "SQLite" or surroundings.postgres_answers()]


def call(module: str, database: str, folder: Path, **parameters: Any) -> dict[str, Any]:
    """Run `python -m tests.benchmarks.MODULE` on a database; return what it prints as JSON.

    The parameters go in as JSON. Raises CalledProcessError when it fails.
    """
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", json.dumps(parameters)]
    done = subprocess.run(
        command,
        cwd=surroundings.ROOT,
        env=_environment(database, folder),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _migrated(database: str, folder: Path) -> str:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=surroundings.ROOT,
        env=_environment(database, folder),
        check=True,
    )
    return database


def _environment(database: str, folder: Path) -> dict[str, str]:
    """Return the environment of a fresh clone, but for the database and where uploads go."""
    clean = {key: value for key, value in os.environ.items() if key not in OURS}
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings", "PAID_VAR": str(folder / "var")}
    return clean | settings | {"DATABASE_URL": database}


def _on_the_server(statement: str) -> None:
    import psycopg

    with psycopg.connect(surroundings.postgres_url(), autocommit=True) as connection:
        connection.execute(statement)
