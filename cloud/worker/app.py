"""The worker as a process: says that it is ready, and ends within seconds when asked.

What the courier has under way then is sent and written down, or given back to the others.

Two threads: rounds, which hold short transactions and never wait for a network; and the courier,
which sends what the rounds planned, or found due.
"""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Callable
from types import FrameType

from cloud.channels.courier import Courier
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

SENDING_S = 5.0
"""How long a message that is under way may take once the worker is asked to end."""


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
    _give_back(worker.give_back)
    sending.join(SENDING_S)
    if sending.is_alive():
        _give_back(courier.give_back)
    database.close()


def _give_back(give_back: Callable[[], None]) -> None:
    try:
        give_back()
    except Exception as problem:  # the leases end by themselves
        log.error("leases not given back", problem=type(problem).__name__)
