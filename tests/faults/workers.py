"""Real Celery workers on a real Redis, to be killed: started, rung for, and ended with SIGKILL."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from celery import Celery
from django.conf import settings
from django.db import connection, transaction

from ledger import journal
from tests.surroundings import ROOT
from workers.models import Vendor

NAME = "a worker"  # by which PostgreSQL knows its connections
HELD_WITHIN_S = 60


def environment(redis_url: str, folder: Path) -> dict[str, str]:
    """Return the environment of a worker that works on this test's database."""
    database = settings.DATABASES["default"]
    login = f"{database['USER']}:{database['PASSWORD'] or ''}"
    login += f"@{database['HOST']}:{database['PORT']}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"postgres://{login}/{database['NAME']}",
        "REDIS_URL": redis_url,
        "PAID_VAR": str(folder),
        "PAID_HTTPS": "0",
        "PGAPPNAME": NAME,
        "PYTHONWARNINGS": "ignore",  # Celery warns of a worker run by root, as in a container
    }


SWEEPING = "tests.faults.sweeping"  # the product's own, but that its beat only sweeps


@contextmanager
def worker(
    redis_url: str,
    folder: Path,
    *,
    app: str = SWEEPING,
    pool: str = "prefork",
    processes: int = 2,
    clock: bool = False,
    **surroundings: str,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker with so many processes (one with the solo pool); with `clock`, beat beside it.

    app: the module of Celery's app. surroundings: more of its environment.
    """
    options = ["worker", "-P", pool, "-c", str(processes), "--without-mingle", "--without-gossip"]
    with _celery(app, options, environment(redis_url, folder) | surroundings) as process:
        if clock:
            with beat(redis_url, folder, app=app, **surroundings):
                yield process
        else:
            yield process


@contextmanager
def beat(
    redis_url: str, folder: Path, *, app: str = SWEEPING, name: str = "beat", **surroundings: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run the clock that asks for the sweep every five seconds. name: of the file it keeps."""
    options = ["beat", "-s", str(folder / name)]
    with _celery(app, options, environment(redis_url, folder) | surroundings) as process:
        yield process


@contextmanager
def _celery(app: str, options: list[str], env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "celery", "-A", app, "--quiet", *options, "-l", "WARNING"]
    with subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True) as process:
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that it started, at once."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def held_up(vendor: Vendor, is_so: Callable[[], bool]) -> Iterator[None]:
    """Hold up whoever works for a vendor, at a moment when it is so; kill them meanwhile.

    What they had not committed is gone at the end: a killed worker's connections are ended here,
    where PostgreSQL would take its time to miss it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        journal.lock(vendor)
        until(is_so, HELD_WITHIN_S)
        cursor.execute(
            "SELECT array_agg(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = %s",
            [NAME],
        )
        connected = cursor.fetchone()
        yield
        cursor.execute(
            "SELECT pg_terminate_backend(pid, %s) FROM unnest(%s) pid",
            [HELD_WITHIN_S * 1000, *connected],
        )


def kill_children(process: subprocess.Popen[bytes]) -> None:
    """Kill the processes that do a worker's work; the one that gives it out lives on."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True
    )
    for pid in listed.stdout.split():
        os.kill(int(pid), signal.SIGKILL)


@contextmanager
def sender(redis_url: str) -> Iterator[Callable[..., object]]:
    """Give the function that puts a message into the queue."""
    with Celery(broker=redis_url, set_as_current=False) as app:
        yield app.send_task


def ring(redis_url: str, job_id: int, times: int = 1) -> None:
    """Put messages for a job into the queue."""
    with sender(redis_url) as send:
        for _ in range(times):
            send("run_job", kwargs={"job_id": job_id})


def until(is_so, within_s: float) -> float:
    """Return after how many seconds it is so; AssertionError when it is not in time."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < within_s, f"still not so after {within_s} s"
        time.sleep(0.01)
    return time.monotonic() - began


def stand_by(seconds: float) -> None:
    """Let a fault last for so long."""
    time.sleep(seconds)
