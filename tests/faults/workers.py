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

from tests.surroundings import ROOT


def environment(redis_url: str, folder: Path) -> dict[str, str]:
    """Return the environment of a worker that works on this test's database."""
    database = settings.DATABASES["default"]
    login = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"postgres://{login}/{database['NAME']}",
        "REDIS_URL": redis_url,
        "PAID_VAR": str(folder),
        "PAID_HTTPS": "0",
        "PYTHONWARNINGS": "ignore",  # Celery warns of a worker run by root, as in a container
    }


@contextmanager
def worker(
    redis_url: str, folder: Path, *, pool: str = "prefork", clock: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker with two processes (one with the solo pool); with `clock`, beat beside it."""
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "--quiet", "worker"]
    command += ["-P", pool, "-c", "2", "--without-mingle", "--without-gossip", "-l", "WARNING"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(redis_url, folder), start_new_session=True
    ) as process:
        try:
            if clock:
                with beat(redis_url, folder):
                    yield process
            else:
                yield process
        finally:
            kill(process)


@contextmanager
def beat(redis_url: str, folder: Path) -> Iterator[None]:
    """Run the clock that asks for the sweep every ten seconds."""
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "--quiet", "beat"]
    command += ["-s", str(folder / "beat"), "-l", "WARNING"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(redis_url, folder), start_new_session=True
    ) as process:
        try:
            yield
        finally:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that it started, at once."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


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
