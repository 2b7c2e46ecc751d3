"""The processes that run it: all in one, or side by side."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from config import serve
from tests.surroundings import free_port, wait_for_port

ROOT = Path(__file__).resolve().parents[2]
EMBEDDED = """
import os, sys, threading, time
import django; django.setup()
from config import embedded
from config.celery import app
done = threading.Event()
app.task(done.set, name="ring")
def ready(url):
    began = time.monotonic()
    app.send_task("ring")
    print(url, done.wait(60), flush=True)
embedded.serve(int(sys.argv[1]), ready)
"""


def environment(tmp_path, **extra):
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    return {**kept, "DJANGO_SETTINGS_MODULE": "config.settings", "PAID_VAR": str(tmp_path), **extra}


def test_one_process_serves_and_works_on_the_next_free_port(tmp_path, unused_port_pair):
    taken, listener = unused_port_pair
    command = [sys.executable, "-c", EMBEDDED, str(taken)]
    with (
        listener,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(tmp_path, PAID_DEMO="1"),
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        try:
            url, rang = process.stdout.readline().split()
            with pytest.raises(urllib.error.HTTPError) as answer:
                urllib.request.urlopen(f"{url}no-such-page")
            answer.value.close()
        finally:
            process.send_signal(signal.SIGTERM)  # a shell's background jobs ignore SIGINT

    assert rang == "True"
    assert int(re.search(r":(\d+)/", url)[1]) > taken
    assert answer.value.code == 404
    assert process.returncode == 0


@pytest.fixture
def unused_port_pair():
    """A port that somebody listens on, and the listener."""
    import socket

    listener = socket.create_server(("127.0.0.1", 0))
    return listener.getsockname()[1], listener


def test_serving_says_which_addresses_are_missing(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "config.serve"],
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
    )

    assert run.returncode == 2
    assert "DATABASE_URL is not set" in run.stderr
    assert "REDIS_URL is not set" in run.stderr


def test_when_one_process_dies_the_others_are_ended():
    sleep = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
    script = (
        "import sys; from config.serve import supervise; "
        f"sys.exit(supervise({{'a': {sleep!r}, 'b': [sys.executable, '-c', '1/0']}}))"
    )

    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120
    )

    assert run.returncode == 1
    assert "b ended by itself" in run.stderr


def test_a_signal_ends_all_of_them():
    sleep = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
    script = (
        "import sys; from config.serve import supervise; "
        f"sys.exit(supervise({{'a': {sleep!r}, 'b': {sleep!r}}}))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert [process.stdout.readline() for _ in range(2)] == ["up\n", "up\n"]
        process.terminate()
        assert process.wait(timeout=60) == 0


def test_no_log_says_who_looked():
    for command in serve.commands("127.0.0.1:8000", web=2, workers=2).values():
        assert not [word for word in command if "access-log" in word]


@pytest.mark.redis
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_web_worker_and_clock_start_and_stop_as_one(tmp_path, redis_url):
    from django.db import connection

    named = connection.settings_dict
    user = f"{named['USER']}:{named['PASSWORD']}" if named["PASSWORD"] else named["USER"]
    address = f"postgres://{user}@{named['HOST']}:{named['PORT']}/{named['NAME']}"
    port = free_port()
    extra = {"DATABASE_URL": address, "REDIS_URL": redis_url, "PAID_HTTPS": "0"}
    doctor = [sys.executable, "manage.py", "doctor"]
    with subprocess.Popen(
        [sys.executable, "-m", "config.serve", "--port", str(port), "--workers", "1"],
        cwd=ROOT,
        env=environment(tmp_path, **extra),
    ) as process:
        try:
            wait_for_port(port)
            until = time.monotonic() + 60
            while time.monotonic() < until:
                said = subprocess.run(
                    doctor, cwd=ROOT, env=environment(tmp_path, **extra), capture_output=True
                )
                if said.returncode == 0:
                    break
        finally:
            process.terminate()

    assert said.returncode == 0, said.stdout.decode()
    assert process.returncode == 0
