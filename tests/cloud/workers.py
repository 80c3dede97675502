"""Workers over a test's world."""

from cloud.db import Database
from cloud.keys import KeyRing
from cloud.times import Times
from cloud.worker.loop import Worker
from cloud.worker.tasks import KEYS, Means
from tests.cloud.worlds import World


def worker_of(world: World, database: Database | None = None) -> Worker:
    """Return a worker with the keys that it has in earnest."""
    means = Means(KeyRing.load(world.settings, KEYS), Times(world.settings.time_zone))
    return Worker(database or world.database, world.clock, means)
