"""The doctor: what it sees, how to mend it, and its exit status."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from config import doctor
from config.celery import app
from ledger import guards

ROOT = Path(__file__).resolve().parents[2]


def found(**given):
    return {finding.name: finding for finding in doctor.examine(app, **given)}


@pytest.mark.django_db
def test_a_complete_database_is_well():
    findings = found()

    assert findings["database"].ok
    assert findings["migrations"].seen == "all applied"
    assert findings["guards"].seen == "all in place"
    assert findings["clock"].ok


@pytest.mark.django_db
def test_a_clock_that_is_off_is_found():
    import time

    clock = found(now=lambda: time.time() + 3)["clock"]

    assert clock.seen == "3.0 s from the database's"
    assert clock.mend


@pytest.mark.django_db
def test_a_missing_guard_is_named():
    gone = sorted(guards._expected(connection.vendor))[0]
    with guards.lifted():
        seen = found()["guards"]

    assert gone in seen.seen
    assert "migrate" in seen.mend


def test_a_new_clone_is_told_to_migrate(tmp_path):
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    run = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--json"],
        cwd=ROOT,
        env={**kept, "DJANGO_SETTINGS_MODULE": "config.settings", "PAID_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    said = {part["name"]: part for part in json.loads(run.stdout)["parts"]}
    assert run.returncode == 5
    assert said["migrations"]["mend"] == ".venv/bin/python manage.py migrate"
    assert said["python"]["ok"]


def test_a_database_that_does_not_answer_is_said_at_once(tmp_path):
    run = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/x", "REDIS_URL": ""},
        capture_output=True,
        text=True,
        timeout=20,
    )

    assert run.returncode == 5
    assert "MISSING  database: connection failed" in run.stdout
    assert "mend: Start it" in run.stdout


@pytest.mark.parametrize(
    ("broker", "ok", "said"),
    [
        ("", True, "the demo serves them from where they lie"),
        ("redis://127.0.0.1:1/0", False, "make serve collects them first"),
    ],
)
def test_static_files_are_missing_only_where_they_have_to_be_collected(
    settings, tmp_path, broker, ok, said
):
    settings.IN_PLACE, settings.STATIC_ROOT, settings.REDIS_URL = False, tmp_path, broker

    found = doctor._static_files()

    assert found.ok is ok
    assert said in found.seen + found.mend
