"""The relay process: stored events to listeners, waiting jobs to the broker."""

import signal
import threading
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection

from wallet_project.kit import relay

# This process only sends: a broker that does not answer must not keep events and other jobs waiting.
BROKER_TIMEOUTS = {"socket_timeout": 2, "socket_connect_timeout": 1}


class Command(BaseCommand):
    help = "Deliver outbox events and send queued jobs until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        current_app.conf.broker_transport_options = {
            **current_app.conf.broker_transport_options,
            **BROKER_TIMEOUTS,
        }
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_signal: stop.set())
        signal.signal(signal.SIGINT, lambda *_signal: stop.set())
        while not stop.is_set():
            try:
                relay.run(keep_going=lambda: not stop.is_set(), pause=stop.wait)
            except (OperationalError, InterfaceError) as error:
                self.stderr.write(f"database away, trying again: {error}")
                connection.close()
                stop.wait(1)
