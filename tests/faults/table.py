"""How long a scan takes from the end of a fault until it is done: `python -m tests.faults.table`.

Real workers on PostgreSQL and Redis. The tests themselves assert what comes out, not how soon.
"""

import os
import subprocess
import sys

from tests import surroundings


def main() -> int:
    """Run the tests of faults, and print the table at their end."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", "redis", "tests/faults"]
    env = {**os.environ, "DATABASE_URL": surroundings.postgres_url()}
    return subprocess.run(command, cwd=surroundings.ROOT, env=env).returncode


if __name__ == "__main__":
    sys.exit(main())
