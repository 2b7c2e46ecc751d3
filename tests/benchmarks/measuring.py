"""What a process used: seconds on the clock, seconds of processor, and the most memory it held."""

import resource
import time
from pathlib import Path

from django.db import connection

TICKS_PER_S = 100  # of /proc/PID/stat, on every Linux


class Meter:
    """Runs from where it is made, in this process."""

    def __init__(self) -> None:
        self._began = self._now()

    def read(self) -> dict[str, float]:
        """Return seconds on the clock, and of processor: our own and the server process's."""
        wall, own, server = (
            now - began for now, began in zip(self._now(), self._began, strict=True)
        )
        return {"seconds": wall, "cpu_seconds": own + server, "server_seconds": server}

    @staticmethod
    def _now() -> tuple[float, float, float]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return time.perf_counter(), used.ru_utime + used.ru_stime, _server_cpu_s()


def peak_mb() -> float:
    """Return the most resident memory that this process has held, in MB of 1,000,000 bytes.

    Not by getrusage: there a process inherits the peak of the one that started it.
    """
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1_000_000


def _server_cpu_s() -> float:
    """Return what the PostgreSQL process of our connection used; 0 where it cannot be seen."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0.0
    name, _, rest = stat.partition(") ")
    if "postgres" not in name:
        return 0.0
    user, system = rest.split()[11:13]
    return (int(user) + int(system)) / TICKS_PER_S
