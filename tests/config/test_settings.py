"""The settings are safe when nothing is set, and the demo answers on this machine only."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.keys import kept_key

ROOT = Path(__file__).resolve().parents[2]
ASK = "import json, config.settings as s; print(json.dumps({k: getattr(s, k) for k in %r}))"
OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS")


def settings_with(tmp_path, names, **environment):
    """Return the settings of a fresh process in which only these variables are set."""
    kept = {k: v for k, v in os.environ.items() if k not in OURS and not k.startswith("PAID_")}
    run = subprocess.run(
        [sys.executable, "-c", ASK % (names,)],
        cwd=ROOT,
        env={**kept, "PAID_VAR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
    )
    return json.loads(run.stdout) if run.returncode == 0 else run.stderr


def test_with_nothing_set_everything_is_closed(tmp_path):
    names = ["DEBUG", "PAID_DEMO", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "ALLOWED_HOSTS"]

    assert settings_with(tmp_path, names) == {
        "DEBUG": False,
        "PAID_DEMO": False,
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_SECURE": True,
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost", "[::1]"],
    }


def test_the_demo_is_refused_for_a_public_name(tmp_path):
    said = settings_with(tmp_path, ["PAID_DEMO"], PAID_DEMO="1", ALLOWED_HOSTS="paid.example")

    assert "PAID_DEMO is for this machine only" in said


def test_a_path_with_blanks_and_signs_holds_the_database(tmp_path):
    folder = tmp_path / "a clone? 100% #1"

    database = settings_with(folder, ["DATABASES"])["DATABASES"]["default"]

    assert database["NAME"] == str(folder / "paid.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_an_address_switches_to_postgresql_with_a_pool(tmp_path):
    database = settings_with(tmp_path, ["DATABASES"], DATABASE_URL="postgres://me:pw@db:5433/paid")

    assert database["DATABASES"]["default"]["HOST"] == "db"
    assert database["DATABASES"]["default"]["OPTIONS"]["pool"]["max_size"] == 8


def test_a_key_is_made_once_and_kept_from_others(tmp_path):
    path = tmp_path / "secret_key"

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: kept_key(path), range(40)))

    assert len(keys) == 1
    assert len(keys.pop()) == 86
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


@pytest.mark.parametrize(
    ("redis_url", "broker"),
    [
        pytest.param("", "memory://localhost/", id="without Redis, in this process"),
        pytest.param("redis://r:6379/0", "redis://r:6379/0", id="with Redis, there"),
    ],
)
def test_the_broker_follows_the_address(redis_url, broker):
    from config.celery import configuration

    assert configuration(redis_url)["broker_url"] == broker
