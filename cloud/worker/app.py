"""The worker as a process: says that it is ready, and ends within seconds when asked.

What the courier has under way then is sent and written down, or given back to the others.

Two threads, which hold short transactions and never wait for a network: rounds; and the courier,
which has sent what the rounds planned, or found due.
"""

from __future__ import annotations

import gc
import signal
import threading
from types import FrameType

from cloud.channels.courier import ENDING_S, Courier
from cloud.channels.sending import Sender
from cloud.clock import Clock
from cloud.db import Database
from cloud.keys import KeyRing
from cloud.logs import log
from cloud.settings import Settings
from cloud.times import Times
from cloud.vault.opening import open_vault
from cloud.vault.owners import Purpose
from cloud.worker.loop import Worker
from cloud.worker.tasks import KEYS, Means

SENDING_S = 2 * ENDING_S
"""How long the courier may take to end; what it still has then ends with its leases."""


def run(settings: Settings, clock: Clock) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    database = Database(settings.url, open_vault(settings))
    means = Means(
        KeyRing.of_process(settings, KEYS, tuple(Purpose)),
        Times(settings.time_zone),
        settings.kept_days,
    )
    courier = Courier(database, clock, Sender(settings, clock))
    worker = Worker(database, clock, means, delivers=courier.lives, tells=courier.tell)
    sending = threading.Thread(target=courier.run, args=(stop,), name="courier", daemon=True)
    sending.start()
    # What stands now stands until the end: walking it once more there takes half a second.
    gc.freeze()
    print('ready {"port": null}', flush=True)
    worker.run(stop)
    _give_back(worker)
    sending.join(SENDING_S)
    database.close()


def _give_back(worker: Worker) -> None:
    try:
        worker.give_back()
    except Exception as problem:  # the leases end by themselves
        log.error("leases not given back", problem=type(problem).__name__)
