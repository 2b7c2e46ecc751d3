"""Everything in one process, where there is no Redis: web server, Celery worker and clock.

The worker is a thread with the solo pool and a broker in memory: on trial that was fast where the
threads pool stalled. It must start in the process that serves, after any fork, and never under an
autoreloader, or messages go to a worker in another process. What is queued when the process ends
is lost, and that changes nothing: the Job rows say what is still to do.

`python -m config.embedded [--port 8000]` serves so; `manage.py demo` does, too.
"""

import argparse
import os
import signal
import threading
from collections.abc import Callable
from socket import gethostname

from celery import Celery, beat
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

HOST = "127.0.0.1"
PORTS_TRIED = 50

_started = threading.Lock()  # held from the first start on


def start(app: Celery) -> None:
    """Run a worker and the clock in threads of this process; a second call does nothing."""
    if not _started.acquire(blocking=False):
        return
    app.finalize()
    app.loader.import_default_modules()  # every task, before the first message
    threading.Thread(target=_work, args=(app,), name="celery-worker", daemon=True).start()
    beat.EmbeddedService(
        app, thread=True, scheduler_cls="celery.beat:Scheduler", max_interval=5
    ).start()


def _work(app: Celery) -> None:
    app.set_current()
    app.WorkController(
        app=app,
        hostname=f"embedded@{gethostname()}",
        pool="solo",
        concurrency=1,
        without_heartbeat=True,
        without_gossip=True,
        without_mingle=True,
    ).start()


def serve(port: int = 8000, ready: Callable[[str], object] = print) -> None:
    """Serve on this machine, worker included, until interrupted (Ctrl-C) or told to end (SIGTERM).

    port: the first one tried; the next free one is taken. `ready` is told the address once requests
    are accepted. Raises OSError when 50 ports in a row are taken.
    """
    from config.celery import app
    from config.wsgi import application

    server = _bind(port)
    server.set_app(application)
    start(app)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ready(f"http://{HOST}:{server.server_port}/")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


def _bind(port: int) -> ThreadedWSGIServer:
    """Return a server on the first free port from `port` on."""
    for candidate in range(port, port + PORTS_TRIED):
        try:
            return ThreadedWSGIServer((HOST, candidate), WSGIRequestHandler)
        except OSError as taken:
            last = taken
    raise OSError(f"no free port from {port} to {port + PORTS_TRIED - 1}: {last}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m config.embedded")
    parser.add_argument("--port", type=int, default=8000)
    serve(parser.parse_args().port)
