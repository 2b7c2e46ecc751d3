"""Connections to the broker that look for it again every few seconds, however long it was gone.

Celery's own wait grows to half a minute and has no setting: work would stand still for that long
after Redis is back.
"""

from typing import Any

import kombu
from celery.app.amqp import AMQP

AGAIN_AFTER_S, MOST_S = 1, 4


class Connection(kombu.Connection):
    """A connection that waits a second longer each time, and never more than MOST_S seconds."""

    def ensure_connection(self, *args: Any, **options: Any) -> Any:
        """Wait until there is a connection, as workers and beat do, and return it."""
        waits = {
            "interval_start": AGAIN_AFTER_S,
            "interval_step": AGAIN_AFTER_S,
            "interval_max": MOST_S,
        }
        return super().ensure_connection(*args, **{**waits, **options})  # type: ignore[no-untyped-call]


class Broker(AMQP):  # type: ignore[misc]
    """Celery's messaging, over such connections."""

    Connection = Connection
    BrokerConnection = Connection
