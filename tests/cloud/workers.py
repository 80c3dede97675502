"""Workers over a test's world."""

from collections.abc import Callable

from cloud.db import Database
from cloud.keys import KeyRing
from cloud.times import Times
from cloud.worker.loop import Worker
from cloud.worker.tasks import KEYS, Means
from tests.cloud.worlds import World


def worker_of(
    world: World, database: Database | None = None, tells: Callable[[str], None] = lambda _: None
) -> Worker:
    """Return a worker with the keys that it has in earnest; ``tells`` is its courier's."""
    means = Means(KeyRing.load(world.settings, KEYS), Times(world.settings.time_zone))
    return Worker(database or world.database, world.clock, means, tells=tells)
