"""The worker as a process: says that it is ready, and ends within a second when asked."""

from __future__ import annotations

import signal
import threading
from types import FrameType

from cloud.clock import Clock
from cloud.db import Database
from cloud.keys import KeyRing
from cloud.settings import Settings
from cloud.worker.loop import Worker
from cloud.worker.tasks import KEYS


def run(settings: Settings, clock: Clock) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    database = Database(settings.url)
    worker = Worker(database, clock, KeyRing.load(settings, KEYS))
    print('ready {"port": null}', flush=True)
    worker.run(stop)
    database.close()
