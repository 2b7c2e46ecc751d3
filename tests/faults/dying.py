"""Celery's app for a worker whose process dies after each step that it got done.

`celery -A tests.faults.dying worker`. Each death is a line in the file named by DEATHS. Chunks and
parts are small, and a dead one's job is free soon, so that there are many boundaries to die at.
"""

import os
import signal
from datetime import timedelta
from pathlib import Path

from celery.signals import worker_process_init

from config.celery import app

__all__ = ["app"]


@worker_process_init.connect
def _die_after_each_step(**_):
    from ledger import jobs
    from payouts import scan_jobs
    from payouts.facts import accounts

    accounts.ACCOUNTS, scan_jobs.CHUNKS_A_PART = 1, 2
    jobs.LEASE = timedelta(milliseconds=100)
    jobs.step_done = _die


def _die(job):
    with Path(os.environ["DEATHS"]).open("a") as deaths:
        deaths.write(f"{job.key}\n")
    os.kill(os.getpid(), signal.SIGKILL)
