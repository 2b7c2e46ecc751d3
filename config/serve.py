"""Serve as in production: web server, Celery worker and clock, started and stopped as one.

`make serve` runs it. It needs PostgreSQL and Redis. SIGTERM and Ctrl-C end all three; when one of
them dies the others are ended too, so that whoever watches this process sees it and starts anew.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
GRACE_S = 30  # to finish what is running; a job that is killed then goes on at the next start
NEEDED = {
    "DATABASE_URL": "where PostgreSQL is: postgres://user:password@host:5432/paid",
    "REDIS_URL": "where Redis is: redis://host:6379/0",
}


def commands(bind: str, web: int, workers: int) -> dict[str, list[str]]:
    """Return what runs side by side: name -> command.

    No access log: who looked at what is nobody's business on a server that a vendor may run.
    """
    celery = [sys.executable, "-m", "celery", "-A", "config", "--quiet"]
    schedule = Path(os.environ.get("PAID_VAR") or ROOT / "var") / "beat"
    gunicorn = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", bind]
    return {
        "web": [*gunicorn, "--workers", str(web), "--no-control-socket"],
        "worker": [*celery, "worker", "--concurrency", str(workers), "--without-mingle"],
        "clock": [*celery, "beat", "--schedule", str(schedule), "--loglevel", "WARNING"],
    }


def missing(environment: dict[str, str]) -> list[str]:
    """Return a line for each setting that is not there, with what belongs in it."""
    return [
        f"{name} is not set: {what}" for name, what in NEEDED.items() if not environment.get(name)
    ]


def prepare() -> bool:
    """Collect the static files, and tell whether the database is as the code expects it."""
    manage = [sys.executable, "manage.py"]
    quiet = ["--noinput", "--verbosity", "0"]
    if subprocess.run([*manage, "collectstatic", *quiet], cwd=ROOT).returncode:
        return False
    if subprocess.run([*manage, "migrate", "--check"], cwd=ROOT).returncode:
        print("The database is not ready: .venv/bin/python manage.py migrate", file=sys.stderr)
        return False
    return True


def supervise(each: dict[str, list[str]]) -> int:
    """Run the commands until a signal comes (return 0) or one of them ends (return 1)."""
    asked: list[int] = []

    def ask(number: int, frame: FrameType | None) -> None:
        asked.append(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, ask)
    running = {
        name: subprocess.Popen(command, cwd=ROOT, start_new_session=True)
        for name, command in each.items()
    }
    try:
        while not asked:
            ended = [name for name, process in running.items() if process.poll() is not None]
            if ended:
                print(f"{ended[0]} ended by itself; stopping the rest", file=sys.stderr, flush=True)
                return 1
            time.sleep(0.2)
        return 0
    finally:
        stop(list(running.values()))


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask all to end, wait for them together, and kill what has not ended in time."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + GRACE_S
    for process in processes:
        try:
            process.wait(timeout=max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def main() -> int:
    parser = argparse.ArgumentParser(prog="make serve", description=__doc__)
    parser.add_argument("--bind", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--web", type=int, default=2, help="web processes")
    parser.add_argument("--workers", type=int, default=2, help="Celery processes")
    chosen = parser.parse_args()
    if lines := missing(dict(os.environ)):
        print(*lines, sep="\n", file=sys.stderr)
        print("To try it without either: make demo", file=sys.stderr)
        return 2
    if not prepare():
        return 1
    return supervise(commands(f"{chosen.bind}:{chosen.port}", chosen.web, chosen.workers))


if __name__ == "__main__":
    sys.exit(main())
