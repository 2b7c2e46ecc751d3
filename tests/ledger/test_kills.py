"""An import whose process is killed, at every chunk boundary and at any moment, ends as if not."""

import csv
import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.utils import timezone

from ledger import intake, jobs
from ledger.models import Batch, Job, Transfer, Work
from ledger.sample import bench
from tests import factories, surroundings
from tests.run import OURS

ROWS, WORKERS = 30_000, 60
CHUNKS = 6


@dataclass
class Prepared:
    """A database in which an import waits for its first step, to be copied for each try."""

    folder: Path
    name: str

    def url(self, copy: str) -> str:
        if settings.ON_SQLITE:
            return f"sqlite:///{self.folder}/{copy}.sqlite3"
        server = urlsplit(surroundings.postgres_url())
        return urlunsplit(server._replace(path=f"/{self.name}_{copy}"))

    def python(self, copy: str, *command: str) -> str:
        clean = {key: value for key, value in os.environ.items() if key not in OURS}
        given = {"DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": self.url(copy)}
        done = subprocess.run(
            [sys.executable, *command], check=True, text=True, stdout=subprocess.PIPE,
            cwd=surroundings.ROOT, env={**clean, **given, "PAID_VAR": str(self.folder / "var")},
        )  # fmt: skip
        return done.stdout

    def bring_in(self, how: str, seed: int = 0) -> dict:
        """Bring the file in, in a fresh copy; return what was left."""
        copy = f"{how}_{seed}"
        uploads, kept = self.folder / "var" / "uploads", self.folder / "kept"
        shutil.copytree(kept, uploads, dirs_exist_ok=True)
        if settings.ON_SQLITE:
            shutil.copyfile(self.folder / "first.sqlite3", self.folder / f"{copy}.sqlite3")
        else:
            on_the_server(f"CREATE DATABASE {self.name}_{copy} TEMPLATE {self.name}_first")
        try:
            return json.loads(self.python(copy, "-m", "tests.ledger.killed_import", how, str(seed)))
        finally:
            if not settings.ON_SQLITE:
                on_the_server(f"DROP DATABASE {self.name}_{copy} WITH (FORCE)")


def on_the_server(statement: str) -> None:
    with closing(psycopg.connect(surroundings.postgres_url(), autocommit=True)) as server:
        server.execute(statement)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kills")
    work, _ = bench.write_bench(folder, rows=ROWS, workers=WORKERS, seed=7)
    with work.open() as file:
        first = next(csv.DictReader(file))
    accounts = ",".join(f"bench-{number + 1:06d}" for number in range(WORKERS))
    one = Prepared(folder, f"test_kills_{os.getpid()}")
    if not settings.ON_SQLITE:
        on_the_server(f"CREATE DATABASE {one.name}_first")
    try:
        one.python("first", "manage.py", "migrate", "--verbosity", "0")
        source = first["source_system"]
        one.python(
            "first", "-m", "tests.ledger.killed_import", "prepare", str(work), source, accounts
        )
        shutil.copytree(folder / "var" / "uploads", folder / "kept")
        yield one
    finally:
        if not settings.ON_SQLITE:
            on_the_server(f"DROP DATABASE {one.name}_first WITH (FORCE)")


@pytest.fixture(scope="module")
def undisturbed(prepared):
    return prepared.bring_in("undisturbed")


@pytest.mark.django_db
def test_an_import_that_nothing_disturbs_leaves_all_of_the_file(undisturbed):
    assert undisturbed["deaths"] == 0
    assert (undisturbed["state"], undisturbed["job"]) == ("done", "done")
    assert undisturbed["counts"]["new"] == undisturbed["counts"]["rows"] == ROWS
    assert len(set(undisturbed["roots"])) == CHUNKS
    assert (undisturbed["wrong"], undisturbed["marks"], undisturbed["files"]) == ([], 0, [])


@pytest.mark.django_db
def test_killed_at_every_boundary_the_end_is_the_same(prepared, undisturbed):
    left = prepared.bring_in("boundaries")

    assert left.pop("deaths") > CHUNKS + 2  # the check, the chunks, the weeks, the end
    assert left == {name: value for name, value in undisturbed.items() if name != "deaths"}


@pytest.mark.django_db
def test_killed_at_random_moments_the_end_is_the_same(prepared, undisturbed):
    deaths, seed = 0, 0
    while deaths < 20:
        left = prepared.bring_in("moments", seed)
        deaths, seed = deaths + left.pop("deaths"), seed + 1
        assert left == {name: value for name, value in undisturbed.items() if name != "deaths"}


@pytest.mark.django_db
def test_of_two_who_run_one_import_the_first_loses(tmp_path, monkeypatch):
    """The first is held up for longer than its lease; what it was about to write is not written."""
    monkeypatch.setattr(intake, "CHUNK_ROWS", 50)
    work, _ = bench.write_bench(tmp_path, rows=200, workers=3)
    imported, _ = intake.receive(
        vendor=factories.vendor(), kind="work", path=work, name="w.csv", at=timezone.now()
    )
    job = intake.job_of(imported)
    seen = []

    def held_up(one):
        monkeypatch.setattr(jobs, "step_done", lambda job: None)
        assert jobs.run(job_id=job.pk, at=timezone.now()) is None  # the lease holds
        Job.objects.filter(pk=job.pk).update(lease_until=None)
        seen.append(jobs.run(job_id=job.pk, at=timezone.now()))
        seen.append([Batch.objects.count(), Work.objects.count(), Transfer.objects.count()])

    monkeypatch.setattr(jobs, "step_done", held_up)
    loser = jobs.run(job_id=job.pk, at=timezone.now())

    winner, facts = seen
    assert loser is None
    assert winner.state == "done"
    assert facts == [Batch.objects.count(), Work.objects.count(), Transfer.objects.count()]
    assert facts[:2] == [4, 200]
    job.refresh_from_db()
    assert (job.state, job.fence) == ("done", 2)
