"""Workers and beat look for a broker that is gone every few seconds, for as long as it takes."""

import socket

import pytest
from kombu.exceptions import OperationalError

from config.broker import MOST_S
from config.celery import app


def test_the_wait_for_a_broker_that_is_gone_stays_short():
    with socket.socket() as taken:  # bound and not listening: nothing answers there
        taken.bind(("127.0.0.1", 0))
        waits = []
        with (
            app.connection_for_read(f"redis://127.0.0.1:{taken.getsockname()[1]}/0") as broker,
            pytest.raises(OperationalError),
        ):
            broker.ensure_connection(lambda error, wait: waits.append(wait), MOST_S + 1)

    assert waits[:2] == [1, 2]
    assert max(waits) == waits[-1] == MOST_S
