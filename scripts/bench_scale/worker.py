"""What a clinic in which nothing is to do costs a round of the worker, among fifty of them.

Twice: rounds in which nothing at all is due, and rounds half a minute apart, as they are for a
worker that has as many clinics as it reaches in time; of those each other holds the tasks that are
done by the minute, too.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from cloud.channels.courier import Courier
from cloud.worker.loop import LATE_MS
from scripts.bench.figures import Row
from scripts.bench_scale.costs import Costs, computed_s
from scripts.bench_scale.scale import Scale
from tests.cloud.cluster import Cluster
from tests.cloud.workers import worker_of
from tests.cloud.worlds import World, add_clinic, make_identity, make_world

CLINICS, ROUNDS = 50, 10


def worker(cluster: Cluster, _scale: Scale, costs: Costs) -> Iterator[Row]:
    """Yield milliseconds of computing a clinic and round, on PostgreSQL and on SQLite."""
    with ExitStack() as open_:
        folder = Path(open_.enter_context(tempfile.TemporaryDirectory()))
        place = cluster.migrated()
        for name, url in (("PostgreSQL", place.app), ("SQLite", None)):
            own = folder / name
            own.mkdir()
            world = _world(own, url)
            on_server = (lambda: computed_s(cluster)) if url else (lambda: 0.0)
            for row in _rounds(world, on_server, name):
                if url and "apart" in row.name:
                    costs.note(f"idle_clinic_{row.name.rpartition(' ')[2]}_ms", row.figure)
                yield row
            world.database.close()
        cluster.drop(place)


def _world(folder: Path, url: str | None) -> World:
    world = make_world(folder, url)
    for number in range(1, CLINICS):
        add_clinic(world, make_identity(folder / f"of-{number}", f"clinic-{number:03}"))
    return world


def _rounds(world: World, on_server: Callable[[], float], database: str) -> Iterator[Row]:
    made = worker_of(world)
    for _ in range(3):
        made.round()
    courier = Courier(world.database, world.clock, lambda _: None)
    for make_round, apart_ms, words in (
        (made.round, 0, "nothing due"),
        (made.round, LATE_MS, "rounds 30 s apart"),
        (courier.round, 0, "courier"),
    ):
        for where, ms in _computed(world, make_round, on_server, apart_ms).items():
            yield Row(f"idle clinic, {database}, {words}, {where}", ms, "ms")


def _computed(
    world: World, make_round: Callable[[], object], on_server: Callable[[], float], apart_ms: int
) -> dict[str, float]:
    before = time.process_time(), on_server()
    for _ in range(ROUNDS):
        world.clock.now_ms += apart_ms
        make_round()
    after = time.process_time(), on_server()
    both = (1000 * (b - a) / (ROUNDS * CLINICS) for a, b in zip(before, after, strict=True))
    return dict(zip(("worker", "database"), both, strict=True))
