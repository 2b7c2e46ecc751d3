"""Celery's app for a worker or a beat whose clock is off by CLOCK_OFF_S seconds.

`celery -A tests.faults.clock_off worker`. The clock is shifted in each place where Celery, kombu's
Redis transport and the doors of the product read it, before any of them does.
"""

import os
import time
from datetime import UTC, datetime, tzinfo

OFF_S = float(os.environ["CLOCK_OFF_S"])
_right = time.time


def _wrong() -> float:
    return _right() + OFF_S


time.time = _wrong  # kombu takes it by name when it is imported: when a message was fetched

from celery.worker import request  # noqa: E402
from django.utils import timezone  # noqa: E402
from kombu.transport import redis  # noqa: E402

from tests.faults.sweeping import app  # noqa: E402

__all__ = ["app"]


class WrongDatetime(datetime):
    """A datetime that is now at another time."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "WrongDatetime":
        """Return the time of the wrong clock."""
        return cls.fromtimestamp(_wrong(), tz or UTC)


assert redis.time is _wrong
request.datetime = WrongDatetime  # whether a message has expired
timezone.now = WrongDatetime.now  # what the tasks read
app.now = WrongDatetime.now  # when beat's messages expire
