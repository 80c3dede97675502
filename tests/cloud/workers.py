"""Workers over a test's world."""

import time
from collections.abc import Callable

from cloud.channels.courier import Courier
from cloud.db import Database
from cloud.keys import KeyRing
from cloud.times import Times
from cloud.worker.loop import Worker
from cloud.worker.tasks import KEYS, Means
from tests.cloud.worlds import World

WITHIN_S = 30.0


def deliver(courier: Courier) -> int:
    """Have the courier send all that it was told of, and note it; return how many were sent."""
    sent, until_s = courier.round(), time.monotonic() + WITHIN_S
    while courier.is_busy:
        assert time.monotonic() < until_s, "it comes to no end"
        sent += courier.settle(WITHIN_S) + courier.round()
    return sent


def worker_of(
    world: World, database: Database | None = None, tells: Callable[[str], None] = lambda _: None
) -> Worker:
    """Return a worker with the keys that it has in earnest; ``tells`` is its courier's."""
    means = Means(KeyRing.load(world.settings, KEYS), Times(world.settings.time_zone))
    return Worker(database or world.database, world.clock, means, tells=tells)
