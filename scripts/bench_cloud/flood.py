"""One phone floods, and another clinic's phone sends what its day brought: does it wait for it?

The server is a process of its own with its database, PostgreSQL, whose disk is written through.
Calm and flood take turns, so that whatever else the machine does falls on both; each pair of turns
has a phone of its own in the calm clinic, for one alone would come too often. The flooding phone
signs whole ledgers as fast as it can, over several connections, and never waits when it's told to.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from cloud.clock import SystemClock
from mobile.sync.signing import RequestSigner
from scripts.bench.figures import Row, median, percentile
from scripts.bench_cloud.ledgers import RECORDS_OF_A_SESSION, add_sessions, long_ledger
from scripts.bench_cloud.serving import serving
from scripts.bench_cloud.uploads import body_of
from shared.trust.keys import SoftwareKey
from tests.cloud.cluster import Cluster
from tests.cloud.phone import Phone
from tests.cloud.worlds import PURPOSES, Band, World, add_clinic, certify, make_identity, make_world

PHASES, UPLOADS, APART_S = 8, 30, 0.15
CONNECTIONS, FLOOD_ITEMS = 4, 10_000
SLOWER_AT_MOST = 1.5
BEHIND = 19
"""A flood comes from elsewhere: what it costs to make takes none of the server's processors."""


def flood() -> Iterator[Row]:
    """Yield another clinic's p95 with and without the flood, and their ratio."""
    cluster = Cluster(fsync=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            url = cluster.migrated().app
            calm_world = make_world(Path(folder), url, devices=PHASES, vaults=PHASES)
            calm_world.clock.now_ms = SystemClock().wall_ms()
            with serving(calm_world.settings) as server:
                yield from _rows(calm_world, _beside(calm_world, Path(folder)), server.url)
            calm_world.database.close()
    finally:
        cluster.remove()


def _rows(calm_world: World, flood_world: World, url: str) -> Iterator[Row]:
    with httpx2.Client(base_url=url, timeout=60) as client:
        flooding = _enrolled(flood_world, client, flood_world.identity.device_id)
        phones = [_enrolled(calm_world, client, each) for each in calm_world.identity.devices]
        calm = [(phone, _sent(calm_world, phone)) for phone in phones]
        body = body_of(long_ledger(flood_world, flooding, FLOOD_ITEMS - 1), 1)
        quiet: list[float] = []
        loud: list[float] = []
        told: list[int] = []
        for phase in range(2 * PHASES):
            if phase % 2 == 0:
                quiet += _uploads(*calm[phase // 2])
                continue
            with _flood(flooding, body, url) as statuses:
                loud += _uploads(*calm[phase // 2])
            told += statuses
    taken, refused = told.count(200), told.count(429)
    beside = f"{len(loud)} uploads; the flood: {taken} taken in, {refused} told to wait"
    before, after = (1000 * percentile(each, 95) for each in (quiet, loud))
    yield Row("another clinic's upload, median", 1000 * median(quiet), "ms")
    yield Row("another clinic's upload in a flood, median", 1000 * median(loud), "ms")
    yield Row("another clinic's upload, p95", before, "ms")
    yield Row("another clinic's upload in a flood, p95", after, "ms", beside=beside)
    yield Row("the slowest of all", 1000 * max(quiet), "ms")
    yield Row("the slowest of all in a flood", 1000 * max(loud), "ms")
    yield Row("slower by", after / before, "times", at_most=SLOWER_AT_MOST)


def _sent(world: World, phone: Phone) -> Band:
    """A band whose first session has come in, and whose next ones fit into the time until now."""
    band = long_ledger(world, phone, RECORDS_OF_A_SESSION, room=2 * UPLOADS)
    assert phone.post("/v1/items", body_of(band, 1)).status_code == 200
    return band


def _uploads(phone: Phone, band: Any) -> list[float]:
    pause, found = threading.Event(), []
    for _ in range(UPLOADS):
        first = len(band.data) + 1
        add_sessions(band, len(band.data) + RECORDS_OF_A_SESSION)
        request = phone.signed("POST", "/v1/items", body_of(band, first))
        began = time.perf_counter()
        answer = phone.send(request)
        found.append(time.perf_counter() - began)
        assert answer.status_code == 200, answer.text
        pause.wait(APART_S)
    return found


@contextmanager
def _flood(phone: Phone, body: object, url: str) -> Iterator[list[int]]:
    """A process of its own that floods until the block ends, and then says what it was told."""
    apart = multiprocessing.get_context("spawn")
    over, told, statuses = apart.Event(), apart.SimpleQueue(), list[int]()
    key = phone.request_key.to_pem()
    about = (phone.given["phone_id"], key, phone.world.clock.now_ms, json.dumps(body).encode(), url)
    process = apart.Process(target=_send_on, args=(over, told, *about))
    process.start()
    assert told.get() == "ready"
    try:
        yield statuses
    finally:
        over.set()
        statuses += told.get()
        process.join(20)


def _send_on(
    over: Any, told: Any, phone_id: str, key: bytes, now_ms: int, content: bytes, url: str
) -> None:
    os.nice(BEHIND)
    signer = RequestSigner(phone_id, SoftwareKey.from_pem(key))
    statuses: list[int] = []

    def send() -> None:
        while not over.is_set():
            try:
                with httpx2.Client(base_url=url, timeout=60) as client:
                    request = client.build_request("POST", "/v1/items", content=content)
                    signer.sign(request, created_ms=now_ms)
                    statuses.append(client.send(request).status_code)
            except httpx2.HTTPError:
                statuses.append(429)  # it was told while it still sent

    threads = [threading.Thread(target=send) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    told.put("ready")
    for thread in threads:
        thread.join()
    told.put(statuses)


def _enrolled(world: World, client: Any, device_id: bytes) -> Phone:
    phone = Phone(world, client)
    answer = phone.enrol(world.enrol(device_id.hex()[:8], device_id=device_id)[1])
    assert answer.status_code == 200, answer.text
    return phone


def _beside(world: World, folder: Path) -> World:
    """Another clinic in the same database, which certified the same server's keys."""
    identity = make_identity(folder / "identity-flood", "flood")
    for name, purpose in PURPOSES.items():
        identity.keys[name] = key = world.identity.keys[name]
        certificate = certify(identity.root, "flood", purpose, key, name)
        (identity.folder / "keys" / f"{name}.cert").write_bytes(certificate)
    add_clinic(world, identity)
    return World(identity, world.settings, world.database, world.clock)
