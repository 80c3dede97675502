"""The worker as a process: says that it is ready, and ends within a second when asked.

Two threads: rounds, which hold short transactions and never wait for a network; and the courier,
which sends what the rounds planned.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType

from cloud.channels.courier import Courier
from cloud.channels.sending import Sender
from cloud.clock import Clock
from cloud.db import Database
from cloud.keys import KeyRing
from cloud.settings import Settings
from cloud.times import Times
from cloud.worker.loop import Worker
from cloud.worker.tasks import KEYS, Means


def run(settings: Settings, clock: Clock) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    database = Database(settings.url)
    means = Means(KeyRing.load(settings, KEYS), Times(settings.time_zone))
    courier = Courier(database, clock, Sender(settings, clock))
    worker = Worker(database, clock, means, delivers=courier.lives)
    sending = threading.Thread(target=courier.run, args=(stop,), name="courier", daemon=True)
    sending.start()
    print('ready {"port": null}', flush=True)
    worker.run(stop)
    sending.join(1)
    database.close()
