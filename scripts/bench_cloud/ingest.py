"""Items a second of the phones' API beside those of a bare endpoint, by turns in one process.

Both are driven as ASGI applications, without sockets. What is sent is the ledger of a phone that
was without a network for weeks: real records, chained, with the band's signed head at the end.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from starlette.testclient import TestClient

from cloud.ingest.app import create_app
from cloud.ingest.gate import Gate
from cloud.serving import settle
from scripts.bench.figures import Row, median
from scripts.bench_cloud.bare import bare_app
from scripts.bench_cloud.ledgers import RECORDS_OF_A_SESSION, add_sessions, long_ledger
from scripts.bench_cloud.stages import shares
from scripts.bench_cloud.uploads import body_of
from tests.cloud.cluster import Cluster
from tests.cloud.phone import Phone
from tests.cloud.worlds import Band, World, make_world

LARGE, EVERYDAY = 10_000, 50
ROUNDS, EVERYDAY_ROUNDS = 5, 60
RATIO_AT_LEAST = 0.5


def ingest() -> Iterator[Row]:
    """Yield speeds and ratios on SQLite and on PostgreSQL, whose disk is written through."""
    with tempfile.TemporaryDirectory() as folder:
        bare = f"sqlite+pysqlite:///{Path(folder) / 'bare.sqlite'}"
        yield from _rows("SQLite", lambda: make_world(Path(tempfile.mkdtemp(dir=folder))), bare)
    cluster = Cluster(fsync=True)
    try:
        with tempfile.TemporaryDirectory() as folder:

            def world() -> World:
                return make_world(Path(tempfile.mkdtemp(dir=folder)), cluster.migrated().app)

            yield from _rows("PostgreSQL", world, cluster.empty().owner)
    finally:
        cluster.remove()


def _rows(database: str, world: Callable[[], World], bare_url: str) -> Iterator[Row]:
    with TestClient(bare_app(bare_url)) as bare:
        large = [_large(world(), bare) for _ in range(ROUNDS)]
        everyday = _everyday(world(), bare)
    yield from _compared(f"{LARGE} items on {database}", LARGE, large, RATIO_AT_LEAST)
    yield from shares(f"{LARGE} items on {database}", world(), LARGE)
    yield from _compared(f"{EVERYDAY} items on {database}", EVERYDAY, everyday, None)


def _compared(
    name: str, size: int, rounds: list[tuple[float, float]], at_least: float | None
) -> Iterator[Row]:
    ours, bare = (median([size / each[which] for each in rounds]) for which in (0, 1))
    ratios = sorted(each[1] / each[0] for each in rounds)
    beside = f"rounds {ratios[0]:.2f} to {ratios[-1]:.2f}"
    yield Row(f"{name}, verified and folded", ours, "item/s")
    yield Row(f"{name}, bare endpoint", bare, "item/s")
    yield Row(f"{name}, ratio", median(ratios), "", at_least=at_least, beside=beside)


def _large(world: World, bare: TestClient) -> tuple[float, float]:
    """Seconds that a whole ledger took here and there; each round has a clinic of its own."""
    with TestClient(create_app(world.settings, world.clock)) as client:
        phone = _enrolled(world, client)
        band = long_ledger(world, phone, EVERYDAY - 1, room=LARGE // RECORDS_OF_A_SESSION)
        _both(phone, band, 1, bare)  # neither's first upload is measured
        first = len(band.data) + 1
        add_sessions(band, len(band.data) + LARGE - 1)
        client.app.state.ingest.gate = Gate()  # type: ignore[attr-defined]
        pair = _both(phone, band, first, bare)
    world.database.close()
    return pair


def _everyday(world: World, bare: TestClient) -> list[tuple[float, float]]:
    """The same for what a day brings, again and again."""
    rounds = []
    with TestClient(create_app(world.settings, world.clock)) as client:
        phone = _enrolled(world, client)
        band = long_ledger(world, phone, EVERYDAY - 1)
        for _ in range(EVERYDAY_ROUNDS):
            rounds.append(_both(phone, band, len(band.data) - EVERYDAY + 2, bare))
            world.clock.now_ms += 86_400_000
            add_sessions(band, len(band.data) + EVERYDAY - 1)
    world.database.close()
    return rounds


def _enrolled(world: World, client: TestClient) -> Phone:
    phone = Phone(world, client)
    assert phone.enrol(world.enrol()[1]).status_code == 200
    return phone


def _both(phone: Phone, band: Band, first: int, bare: TestClient) -> tuple[float, float]:
    request = phone.signed("POST", "/v1/items", body_of(band, first))
    settle()  # as the server does when it starts
    began = time.perf_counter()
    answer = phone.send(request)
    ours = time.perf_counter() - began
    assert {each["answer"] for each in answer.json()["answers"]} == {"accepted"}, answer.text[:500]
    headers = {"content-type": "application/json"}
    began = time.perf_counter()
    assert bare.post("/items", content=request.content, headers=headers).status_code == 200
    return ours, time.perf_counter() - began
