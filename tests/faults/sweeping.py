"""Celery's app for a beat that only sweeps: no test hangs on the minute at which it runs."""

from config.celery import BEAT_SCHEDULE, app

__all__ = ["app"]


@app.on_after_configure.connect
def _only_sweep(sender, **_):
    sender.conf.beat_schedule = {"sweep": BEAT_SCHEDULE["sweep"]}
