"""What an hour of load leaves in each process's memory: a busy hour's uploads, one right behind the
other, and the slope of the memory over the second half of them.

An upload every three seconds makes 1,200 in an hour, as many as six hundred people's two sessions
of a day. Each is a session's records, with what waits for the phone fetched behind it. The phones'
server and a worker are processes of their own over SQLite. The same hour once more, with a server
that keeps what it was sent, shows that the rule finds a leak.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx2

from cloud.clock import SystemClock
from cloud.ingest.app import Ingest
from scripts.bench.figures import Row
from scripts.bench_cloud.ledgers import RECORDS_OF_A_SESSION, add_sessions, long_ledger
from scripts.bench_cloud.serving import serving
from scripts.bench_cloud.uploads import body_of
from tests.cloud.operations.processes import Process
from tests.cloud.phone import Phone
from tests.cloud.worlds import World, make_world

HOUR_S, EVERY_S, PHONES = 3600, 3, 3
UPLOADS = HOUR_S // EVERY_S // PHONES
"""Of each phone, whose band's course has no more sessions than that."""
GROWS_AT_MOST_KB = 2_000


class Hour(NamedTuple):
    """The memory of each process behind every upload, in kB."""

    ingest: list[int]
    worker: list[int]
    took_s: float


def memory() -> Iterator[Row]:
    """Yield by how much each process grew over the second half of the hour."""
    hour = _hour(without_limits)
    taken = f"{len(hour.ingest)} uploads, an hour's, in {hour.took_s / 60:.1f} min"
    for name, sizes in (("ingest", hour.ingest), ("a worker", hour.worker)):
        yield Row(f"memory of {name} after the hour", sizes[-1] / 1000, "MB", beside=taken)
        grown = _grown(sizes)
        yield Row(f"{name} grown in its second half", grown, "kB", at_most=GROWS_AT_MOST_KB)
    leaky = _grown(_hour(keeping_what_comes).ingest)
    name = "grown where every upload is kept, for comparison"
    yield Row(name, leaky, "kB", at_least=GROWS_AT_MOST_KB)


def without_limits(ingest: Ingest) -> None:
    """Let an hour's uploads come in minutes."""
    ingest.gate.charge = lambda phone_name, items: None  # type: ignore[method-assign]


def keeping_what_comes(ingest: Ingest) -> None:
    """The planted leak."""
    without_limits(ingest)
    kept: list[bytes] = []
    items = ingest.items

    def keeping(phone: Any, body: bytes) -> Any:
        kept.append(body)
        return items(phone, body)

    ingest.items = keeping  # type: ignore[method-assign]


def _hour(change: Callable[[Ingest], None]) -> Hour:
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(Path(folder), devices=PHONES, vaults=PHONES)
        world.clock.now_ms = SystemClock().wall_ms()
        began, hour = time.perf_counter(), Hour([], [], 0)
        worker = Process(world, "worker")
        try:
            with (
                serving(world.settings, change) as server,
                httpx2.Client(base_url=server.url, timeout=60) as client,
            ):
                for device_id in world.identity.devices:
                    for _ in _sessions(world, client, device_id):
                        hour.ingest.append(_resident_kb(server.pid))
                        hour.worker.append(_resident_kb(worker.pid))
        finally:
            worker.end()
            world.database.close()
    return hour._replace(took_s=time.perf_counter() - began)


def _sessions(world: World, client: Any, device_id: bytes) -> Iterator[int]:
    """Send one patient's sessions, one after the other."""
    phone = Phone(world, client)
    answer = phone.enrol(world.enrol(device_id.hex()[:8], device_id=device_id)[1])
    assert answer.status_code == 200, answer.text
    band = long_ledger(world, phone, 2, room=UPLOADS)
    for number in range(UPLOADS):
        first = len(band.data) + 1 if number else 1
        add_sessions(band, len(band.data) + RECORDS_OF_A_SESSION)
        answer = phone.post("/v1/items", body_of(band, first))
        assert answer.status_code == 200, answer.text
        assert phone.get("/v1/sync").status_code == 200
        yield number


def _resident_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(each for each in lines if each.startswith("VmRSS")).split()[1])


def _grown(sizes: list[int]) -> float:
    """Kilobytes over the second half, by least squares."""
    half = sizes[len(sizes) // 2 :]
    middle, mean = (len(half) - 1) / 2, sum(half) / len(half)
    above = sum((at - middle) * (size - mean) for at, size in enumerate(half))
    return len(half) * above / sum((at - middle) ** 2 for at in range(len(half)))
