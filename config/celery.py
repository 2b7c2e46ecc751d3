"""Celery: the engine that scales out. A message is only the bell; the Job row is the truth.

Each value below was tried against killed workers, a killed Redis and slow tasks. With the defaults
a task whose worker dies is lost, or comes back after 100 seconds instead of 5.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

VISIBILITY_TIMEOUT_S = 3600  # a task not acknowledged by then is handed out again

REDIS_TRANSPORT = {
    "visibility_timeout": VISIBILITY_TIMEOUT_S,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 30,
}
MEMORY_TRANSPORT = {"polling_interval": 0.02}  # the default of 1 s is the latency of every task


def configuration(redis_url: str) -> dict[str, object]:
    """Return Celery's settings: with Redis, or in this process's memory when the URL is empty."""
    return {
        "broker_url": redis_url or "memory://localhost/",
        "broker_transport_options": REDIS_TRANSPORT if redis_url else MEMORY_TRANSPORT,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,  # 100 tries are used up when Redis is gone an hour
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_ignore_result": True,
        "task_time_limit": VISIBILITY_TIMEOUT_S // 2 - 60,
        "task_publish_retry_policy": {"max_retries": 1, "interval_start": 0.1, "interval_max": 0.2},
        "task_serializer": "json",
        "accept_content": ["json"],
        "worker_prefetch_multiplier": 1,
        "worker_max_tasks_per_child": 1000,
        "worker_soft_shutdown_timeout": 30,
        "worker_hijack_root_logger": False,
        "enable_utc": True,
        "timezone": "UTC",
        "beat_schedule": BEAT_SCHEDULE,
    }


# Whoever asks first takes the day's slot; asking every hour makes up for a clock that was off. A
# message that nobody fetched is thrown away in the end; not before the clocks of two machines could
# be that far apart, or the messages of a beat that is two hours late would never be worked off.
EXPIRES = {"expires": 3 * 3600}
BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "sweep": {"task": "sweep", "schedule": 5.0, "options": EXPIRES},
    "release_all": {
        "task": "release_all",
        "schedule": crontab(minute=2),
        "options": EXPIRES,
    },
    # After the day's scan, which has asked about what was left undecided.
    "lapse_all": {
        "task": "lapse_all",
        "schedule": crontab(minute=37, hour="4-23"),
        "options": EXPIRES,
    },
    "scan_all": {"task": "scan_all", "schedule": crontab(minute=7), "options": EXPIRES},
    "escalate": {"task": "escalate", "schedule": crontab(minute=17), "options": EXPIRES},
    "escalate_flags": {
        "task": "escalate_flags",
        "schedule": crontab(minute=22),
        "options": EXPIRES,
    },
}

app = Celery("paid", amqp="config.broker:Broker")


@app.on_configure.connect
def _from_django(sender: Celery, **_: object) -> None:
    from django.conf import settings  # read late: Django imports this module while it starts

    sender.conf.update(configuration(settings.REDIS_URL))


app.autodiscover_tasks()
