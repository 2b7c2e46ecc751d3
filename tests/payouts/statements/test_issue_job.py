"""All statements of a month as background work: killed, doubled, failing; and the command."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from ledger import jobs
from ledger.models import Job
from payouts.models import Statement
from payouts.statements import gather, issue, render
from payouts.statements.data import from_json
from tests import bringing, factories
from tests.payouts.exports import bring_payouts, bring_work, payment, work
from tests.surroundings import ROOT

AT = datetime(2026, 11, 4, 8, tzinfo=UTC)
PEOPLE = 8


class Death(BaseException):
    """The process ends here: nothing catches it, nothing is tidied up."""


@pytest.fixture
def vendor(tmp_path):
    bringing.floor_since_2010()
    one = factories.vendor("Aster Labelling")
    bring_work(one, tmp_path, *(work(f"w{i}", n) for i in range(PEOPLE) for n in range(2)))
    bring_payouts(one, tmp_path, *(payment(f"w{i}") for i in range(PEOPLE)))
    return one


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(gather, "ACCOUNTS", 3)


def start(vendor, at=AT):
    return issue.start(vendor=vendor, period="2026-10", by=None, at=at)


def what_is_issued():
    return list(Statement.objects.order_by("serial").values_list("number", "engagement", "sha256"))


def assert_all_issued_once(vendor):
    rows = what_is_issued()
    assert [number for number, _, _ in rows] == [
        f"ASTER-LABELLING-2026-{serial:06}" for serial in range(1, PEOPLE + 1)
    ]
    assert len({engagement for _, engagement, _ in rows}) == PEOPLE


@pytest.mark.django_db
def test_a_job_tells_how_far_it_is(vendor, small_chunks, monkeypatch):
    seen = []
    monkeypatch.setattr(jobs, "step_done", lambda job: seen.append((job.done, job.total)))
    jobs.run(job_id=start(vendor).pk, at=AT)

    assert seen == [(3, PEOPLE), (6, PEOPLE), (8, PEOPLE), (8, PEOPLE)]
    assert_all_issued_once(vendor)


@pytest.mark.django_db
@pytest.mark.parametrize("steps", range(1, 5))
def test_a_job_that_dies_after_any_step_goes_on_from_there(
    vendor, small_chunks, monkeypatch, steps
):
    job, done = start(vendor), []

    def die(job):
        done.append(job.cursor)
        if len(done) == steps:
            raise Death

    monkeypatch.setattr(jobs, "step_done", die)
    with pytest.raises(Death):
        jobs.run(job_id=job.pk, at=AT)
    Job.objects.update(lease_until=None)
    ended = jobs.run(job_id=job.pk, at=AT + timedelta(hours=1))

    assert ended.state == "done"
    assert (ended.cursor["new"], len(done)) == (PEOPLE, 4)
    assert_all_issued_once(vendor)
    assert set(Statement.objects.values_list("issued_at", flat=True)) == {AT}


@pytest.mark.django_db
def test_a_step_that_fails_half_way_uses_no_number(vendor, small_chunks, monkeypatch):
    job = start(vendor)
    number = issue._numbered

    def fail(*given):
        if given[4] == 5:  # the second of the second chunk
            raise DatabaseError("the connection is gone")
        return number(*given)

    with monkeypatch.context() as broken:
        broken.setattr(issue, "_numbered", fail)
        with pytest.raises(DatabaseError):
            jobs.run(job_id=job.pk, at=AT)
    assert Statement.objects.count() == 3

    Job.objects.update(lease_until=None)
    jobs.run(job_id=job.pk, at=AT)

    assert_all_issued_once(vendor)


@pytest.mark.django_db
def test_a_doubled_message_changes_nothing(vendor):
    job = start(vendor)
    jobs.run(job_id=job.pk, at=AT)
    before = what_is_issued()

    assert jobs.run(job_id=job.pk, at=AT) is None
    assert what_is_issued() == before


@pytest.mark.django_db
def test_who_asks_again_gets_the_job_that_is_at_it(vendor):
    assert start(vendor) == start(vendor, AT + timedelta(minutes=1))


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_give_each_number_once(vendor, small_chunks):
    """The second is made by hand: `start` would give back the first."""
    first = start(vendor)
    second = jobs.add(kind=issue.KIND, key="by hand", vendor=vendor, params=first.params, at=AT)

    def run(pk):
        try:
            jobs.run(job_id=pk, at=AT)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job.pk]) for job in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert set(Job.objects.filter(kind=issue.KIND).values_list("state", flat=True)) == {"done"}
    assert_all_issued_once(vendor)


KILLED = """
import django, os, signal, sys
django.setup()
from datetime import UTC, datetime
from ledger import jobs
from payouts import tasks
from payouts.statements import gather
gather.ACCOUNTS = 3
steps = []
def die(job):
    steps.append(job)
    if len(steps) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
jobs.step_done = die
jobs.run(job_id=int(sys.argv[1]), at=datetime.now(UTC))
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_process_leaves_what_another_can_finish(vendor, tmp_path):
    job = start(vendor)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(job.pk), "2"], cwd=ROOT, env=environment(tmp_path)
    )
    assert killed.returncode == -9
    assert Statement.objects.count() == 6

    Job.objects.update(lease_until=None)
    jobs.run(job_id=job.pk, at=AT)

    assert_all_issued_once(vendor)


RENDERED = """
import django, hashlib, sys
django.setup()
from payouts.models import Statement
from payouts.statements import render
for statement in Statement.objects.order_by("serial"):
    print(hashlib.sha256(render.pdf_of(statement)).hexdigest())
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "surroundings",
    [
        pytest.param({"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"}, id="far east"),
        pytest.param({"TZ": "America/Adak", "PYTHONHASHSEED": "77", "LC_ALL": "C"}, id="far west"),
    ],
)
def test_another_process_renders_the_same_bytes(vendor, tmp_path, surroundings):
    jobs.run(job_id=start(vendor).pk, at=AT)
    here = [
        hashlib.sha256(render.pdf_of(one)).hexdigest()
        for one in Statement.objects.order_by("serial")
    ]
    there = subprocess.run(
        [sys.executable, "-c", RENDERED],
        cwd=ROOT,
        env=environment(tmp_path) | surroundings,
        capture_output=True,
        text=True,
        check=True,
    )

    assert there.stdout.split() == here


def environment(folder):
    """Return the environment of a process that works on this test's database."""
    database = connection.settings_dict
    url = f"sqlite:///{database['NAME']}"
    if not settings.ON_SQLITE:
        login = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
        url = f"postgres://{login}/{database['NAME']}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": url,
        "PAID_VAR": str(folder),
        "PAID_HTTPS": "0",
    }


def command(out: Path, *more: str, vendor: str = "Aster Labelling", period: str = "2026-10") -> str:
    said = StringIO()
    call_command(
        "statements", "--vendor", vendor, "--period", period, "--out", str(out), *more, stdout=said
    )
    return said.getvalue()


@pytest.mark.django_db
def test_the_command_writes_a_pdf_and_a_data_file_for_each_worker(vendor, tmp_path):
    out = tmp_path / "statements"
    said = json.loads(command(out, "--json"))

    assert (said["new"], said["written"], said["out"]) == (PEOPLE, PEOPLE, str(out))
    names = [f"ASTER-LABELLING-{datetime.now(UTC).year}-{n:06}" for n in range(1, PEOPLE + 1)]
    wanted = [f"{name}.{end}" for name in names for end in ("json", "pdf")]
    assert sorted(path.name for path in out.iterdir()) == wanted
    for name in names:
        row = Statement.objects.get(number=name)
        assert (out / f"{name}.json").read_text(encoding="utf-8") == row.data
        assert from_json(row.data).number == name
        assert (out / f"{name}.pdf").read_bytes() == render.pdf_of(row)


@pytest.mark.django_db
def test_the_command_again_says_that_nothing_is_new(vendor, tmp_path):
    command(tmp_path)

    said = command(tmp_path)

    assert "nothing has changed, so none is new" in said
    assert f"{PEOPLE} statements are in {tmp_path}" in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"vendor": "Aster"}, "Known: Aster Labelling", id="an unknown vendor"),
        pytest.param({"period": "10/2026"}, "write it as YYYY-MM", id="a period that is none"),
    ],
)
def test_the_command_says_what_it_expects(vendor, tmp_path, given, said):
    with pytest.raises(CommandError, match=said):
        command(tmp_path, **given)


@pytest.mark.django_db
def test_the_command_says_when_there_was_no_work(vendor, tmp_path):
    assert "no work in 2026-01" in command(tmp_path, period="2026-01")
