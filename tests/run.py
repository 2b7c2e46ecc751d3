"""The one test command: checks, then the tests on each database. `make test` runs it.

Prints what it runs and, at the end, what it left out and why. REQUIRE_ALL=1: left out is a failure.
Exit status 0 when everything that ran was well, else 1.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import surroundings  # noqa: E402

PYTHON = [sys.executable]
PRODUCTION = {
    "DEBUG": "0",
    "PAID_DEMO": "0",
    "PAID_HTTPS": "1",
    "ALLOWED_HOSTS": "paid.example",
    "SECRET_KEY": "only-checked-and-never-used-" + "0123456789abcdefghijklmnopqrstuvwxyz",
}
CHECKS: list[tuple[str, list[str], dict[str, str]]] = [
    ("lint", ["-m", "ruff", "check", "."], {}),
    ("format", ["-m", "ruff", "format", "--check", "."], {}),
    ("types", ["-m", "mypy", "."], {}),
    ("migrations", ["manage.py", "makemigrations", "--check", "--dry-run"], {}),
    ("deployment", ["manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
]
PYTEST = ["-m", "pytest", "--dist", "worksteal", "-n", os.environ.get("TEST_PROCESSES", "2")]
OURS = {"DATABASE_URL", "REDIS_URL", "PAID_DEMO", "PAID_HTTPS", "DEBUG", "ALLOWED_HOSTS"}


def main(arguments: list[str]) -> int:
    failed = [name for name, command, extra in CHECKS if not run(name, command, extra)]
    if "--checks-only" in arguments:
        return finish(failed, {})
    left_out = surroundings.missing()
    if not run("tests on SQLite", [*PYTEST, *arguments], {}):
        failed.append("tests on SQLite")
    if surroundings.postgres_answers():
        postgres = {"DATABASE_URL": surroundings.postgres_url()}
        second_pass = [*PYTEST, "--database-tests-only", *arguments]
        if not run("tests on PostgreSQL", second_pass, postgres):
            failed.append("tests on PostgreSQL")
    else:
        left_out["postgres"] = (
            "no PostgreSQL answers where databases may be made: set TEST_DATABASE_URL "
            "(postgres://user:password@host:port/name)"
        )
    return finish(failed, left_out)


def run(name: str, command: list[str], extra: dict[str, str]) -> bool:
    """Run Python with `command`, set as a fresh clone is, plus `extra`; tell if all was well."""
    print(f"\n=== {name}", flush=True)
    environment = {key: value for key, value in os.environ.items() if key not in OURS} | extra
    began = time.monotonic()
    status = subprocess.run([*PYTHON, *command], cwd=ROOT, env=environment).returncode
    verdict = "ok" if status == 0 else f"FAILED (exit {status})"
    print(f"--- {name}: {verdict}, {time.monotonic() - began:.1f} s", flush=True)
    return status == 0


def finish(failed: list[str], left_out: dict[str, str]) -> int:
    """Say what failed and what was left out; return the exit status."""
    print()
    for marker, reason in left_out.items():
        print(f"left out: {marker}: {reason}")
    if not left_out:
        print("left out: nothing")
    if left_out and os.environ.get("REQUIRE_ALL") == "1":
        failed = [*failed, "REQUIRE_ALL=1, but something was left out"]
    print(f"failed: {', '.join(failed)}" if failed else "all well")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
