"""Celery's door: what beat asks for is there, and a worker knows every kind of job."""

import pytest
from django.utils import timezone

from config.celery import BEAT_SCHEDULE, app
from ledger import jobs
from payouts import scanning, tasks
from payouts.models import Scan
from tests import factories


def test_beat_asks_for_tasks_that_exist():
    app.loader.import_default_modules()

    assert {entry["task"] for entry in BEAT_SCHEDULE.values()} <= set(app.tasks)


def test_a_worker_knows_every_kind_of_job():
    assert {"import", "undo", "scan"} <= set(jobs.KINDS)


@pytest.mark.django_db
def test_the_daily_task_starts_a_scan_of_every_vendor_once():
    factories.vendor("Aster Labelling")
    factories.vendor("Birch Data")

    assert [tasks.scan_all(), tasks.scan_all()] == [2, 0]
    assert Scan.objects.filter(finished_at=None).count() == 2


@pytest.mark.django_db
def test_a_message_for_a_job_that_is_done_changes_nothing():
    scan = scanning.start(vendor=factories.vendor(), as_of=timezone.now(), at=timezone.now())
    job_id = scanning.job_of(scan).pk

    tasks.run_job(job_id=job_id)
    first = list(Scan.objects.values())
    tasks.run_job(job_id=job_id)

    assert list(Scan.objects.values()) == first
    assert first[0]["finished_at"] is not None
    assert tasks.sweep() == 0
