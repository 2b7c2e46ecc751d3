"""What there is around the tests: PostgreSQL, Redis, Chromium and the real files."""

import os
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def postgres_url() -> str:
    """Return where tests may make a database: TEST_DATABASE_URL, or the usual local address."""
    return os.environ.get("TEST_DATABASE_URL") or DEFAULT_POSTGRES


def chromium_path() -> str | None:
    """Return the path of the system's Chromium, or None."""
    named = os.environ.get("CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser")


def real_data() -> Path:
    """Return the folder of real export files: REAL_DATA, or shared/data beside the project."""
    return Path(os.environ.get("REAL_DATA") or ROOT.parent / "shared" / "data")


def missing() -> dict[str, str]:
    """Return what tests ask for by a marker and is not here: marker -> reason, with the mend."""
    reasons = {}
    if not shutil.which("redis-server"):
        reasons["redis"] = "there is no program redis-server: install Redis"
    if not chromium_path():
        reasons["browser"] = "there is no program chromium: install it, or set CHROMIUM to its path"
    if not (real_data() / "oracle.json").is_file():
        reasons["real"] = f"no real export files in {real_data()}: set REAL_DATA to their folder"
    return reasons


def postgres_answers() -> bool:
    """Tell whether a PostgreSQL answers where tests may make a database."""
    import psycopg

    try:
        with psycopg.connect(postgres_url(), connect_timeout=30) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            return bool(row and row[0])
    except psycopg.Error:
        return False


def free_port() -> int:
    """Return a port that nobody listens on just now.

    Never one of those that the system gives to outgoing connections: while a server is down,
    whoever tries to reach it could be given its port, and even be connected with itself.
    """
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("none of 100 ports between 20000 and 32000 is free")


class RedisServer:
    """A Redis on a port of its own that keeps nothing: what was queued is gone when it dies."""

    def __init__(self, folder: str) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1"]
        self._command += ["--save", "", "--appendonly", "no", "--dir", folder]
        self.start()

    def start(self) -> None:
        """Start it, and return when it answers."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        wait_for_port(self.port)
        if self._process.poll() is not None:  # it is another server that answers there
            raise OSError(f"redis-server ended with status {self._process.returncode}")

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Run an empty Redis that keeps nothing."""
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(folder)
        try:
            yield server
        finally:
            server.kill()


def wait_for_port(port: int, within_s: float = 60) -> None:
    """Return when somebody listens on the port; raise TimeoutError when nobody does in time."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on port {port} after {within_s} s")


@contextmanager
def chromium():
    """Run the system's Chromium without a window, and give Playwright's browser."""
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        try:
            yield browser
        finally:
            browser.close()
