"""Is everything there that the product needs? What was seen, and how to mend what is missing."""

import os
import shutil
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from celery import Celery
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from kombu.exceptions import KombuError

from ledger import guards

FREE_BYTES = 1_000_000_000  # what an import of a million rows may need
CLOCK_OFF_S = 2.0
MANAGE = ".venv/bin/python manage.py "


class Finding(NamedTuple):
    """`mend` is empty when all is well."""

    name: str
    seen: str
    mend: str = ""

    @property
    def ok(self) -> bool:
        return not self.mend


def examine(celery: Celery, now: Callable[[], float] = time.time) -> list[Finding]:
    """Return one finding a part, in the order in which a newcomer would mend them."""
    findings = [_python(), _disk(), _secret_key(), _static_files(), _fonts()]
    database = _database()
    findings.append(database)
    if database.ok:
        findings += [_migrations(), _guards(), _clock(now)]
    return [*findings, _broker(celery), _worker(celery)]


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    old = sys.version_info < (3, 11)
    return Finding("python", version, "Install Python 3.11 or later." if old else "")


def _disk() -> Finding:
    free = shutil.disk_usage(settings.VAR_DIR).free
    seen = f"{free / 1e9:.1f} GB free in {settings.VAR_DIR}"
    if not os.access(settings.VAR_DIR, os.W_OK):
        return Finding("disk", f"{settings.VAR_DIR} cannot be written", "chown or set PAID_VAR.")
    return Finding("disk", seen, "Make room: 1 GB at least." if free < FREE_BYTES else "")


def _secret_key() -> Finding:
    if os.environ.get("SECRET_KEY"):
        long_enough = len(settings.SECRET_KEY) >= 50
        mend = "" if long_enough else "Set SECRET_KEY to 50 random characters or more."
        return Finding("secret key", f"SECRET_KEY, {len(settings.SECRET_KEY)} characters", mend)
    return Finding("secret key", f"kept in {settings.VAR_DIR / 'secret_key'}")


def _static_files() -> Finding:
    if settings.IN_PLACE:
        return Finding("static files", "served from where they lie")
    if (settings.STATIC_ROOT / "staticfiles.json").is_file():
        return Finding("static files", f"collected in {settings.STATIC_ROOT}")
    if not settings.REDIS_URL:
        return Finding("static files", "not collected; the demo serves them from where they lie")
    mend = f"make serve collects them first; for another server: {MANAGE}collectstatic --noinput"
    return Finding("static files", "not collected", mend)


def _fonts() -> Finding:
    folder = settings.BASE_DIR / "payouts" / "statements" / "fonts"
    fonts = sorted(path.name for path in folder.glob("*.ttf"))
    mend = "" if fonts else f"Bring back {folder}: git checkout -- payouts/statements/fonts"
    return Finding("fonts", ", ".join(fonts) or "none", mend)


def _database() -> Finding:
    probe = connection.copy()
    probe.settings_dict["OPTIONS"].pop("pool", None)  # a pool would try again, for 10 seconds
    try:
        probe.ensure_connection()
    except Error as refused:
        mend = "Start it, or mend DATABASE_URL; unset, it is SQLite in var/."
        return Finding("database", str(refused).strip().splitlines()[0], mend)
    finally:
        probe.close()
    version = ".".join(str(part) for part in connection.get_database_version())
    return Finding("database", f"{connection.display_name} {version}")


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    seen = f"{waiting} not applied" if waiting else "all applied"
    return Finding("migrations", seen, MANAGE + "migrate" if waiting else "")


def _guards() -> Finding:
    missing = guards.missing()
    seen = f"{len(missing)} missing: {', '.join(missing[:3])} …" if missing else "all in place"
    return Finding("guards", seen, MANAGE + "migrate" if missing else "")


def _clock(now: Callable[[], float]) -> Finding:
    """Leases are counted by the database's clock, and instants by ours: they must agree."""
    ask = {"postgresql": "SELECT clock_timestamp()", "sqlite": "SELECT julianday('now')"}
    with connection.cursor() as cursor:
        cursor.execute(ask[connection.vendor])
        (theirs,) = cursor.fetchone()
    seconds = theirs.timestamp() if isinstance(theirs, datetime) else (theirs - 2440587.5) * 86400
    off = abs(seconds - now())
    mend = "Set both clocks by NTP." if off > CLOCK_OFF_S else ""
    return Finding("clock", f"{off:.1f} s from the database's", mend)


def _broker(celery: Celery) -> Finding:
    if not settings.REDIS_URL:
        return Finding("broker", "none: tasks run inside the web process")
    try:
        with celery.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=0)
    except (OSError, KombuError) as refused:
        return Finding("broker", str(refused), "Start Redis, or mend REDIS_URL.")
    return Finding("broker", "Redis answers")


def _worker(celery: Celery) -> Finding:
    if not settings.REDIS_URL:
        return Finding("worker", "inside the web process")
    mend = "make serve, or: .venv/bin/python -m celery -A config worker"
    try:
        answers = celery.control.ping(timeout=1.5)
    except (OSError, KombuError):
        return Finding("worker", "not asked: the broker is gone", mend)
    names = ", ".join(sorted(name for answer in answers for name in answer))
    return Finding("worker", names or "none answers", "" if names else mend)
