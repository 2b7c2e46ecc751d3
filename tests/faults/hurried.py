"""Celery's app for a beat that asks for the day's scan every second."""

from config.celery import EXPIRES, app

__all__ = ["app"]


@app.on_after_configure.connect
def _hurry(sender, **_):
    sender.conf.beat_schedule = {
        "scan_all": {"task": "scan_all", "schedule": 1.0, "options": EXPIRES}
    }
