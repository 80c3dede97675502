"""What an item costs ingest while its tables are empty, and once they are full of other clinics'.

A phone sends what a day brings, again and again, to both in turns. The full one's clinic brought a
long ledger first, and was then made many: so its tables and their indexes are as large as they say.
What the others were sent lies in a year of months.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from starlette.testclient import TestClient

from cloud.clock import SystemClock
from cloud.ingest.app import create_app
from cloud.ingest.gate import Gate
from cloud.serving import settle
from scripts.bench.figures import Row, median
from scripts.bench_cloud.ledgers import add_sessions, long_ledger
from scripts.bench_cloud.uploads import body_of
from scripts.bench_scale.clones import clone, count
from scripts.bench_scale.costs import Costs, computed_s
from scripts.bench_scale.pairs import compared
from scripts.bench_scale.scale import Scale
from tests.cloud.cluster import Cluster, Urls
from tests.cloud.phone import Phone
from tests.cloud.workers import worker_of
from tests.cloud.worlds import Band, World, make_world

ITEMS, ROUNDS, WARMING = 50, 40, 3
LONG = 5_000
"""Records of the clinic that is made many: their hashes are zeros, so that PostgreSQL packs them
better than a patient's. What a record costs is reckoned unpacked, keys and indexes on top."""
DAY_MS = 86_400_000
_RECORDS = "SELECT sum(last_number - number + 1) FROM ledger_stretches"
_OCTETS = "SELECT sum(octet_length(records)) FROM ledger_stretches"
_RAW = "'ledger_stretches', 'ledger_records', 'ledger_heads', 'received_items'"
_BYTES = (
    "SELECT sum(pg_total_relation_size(coalesce(p.relid, c)))"
    f" FROM unnest(ARRAY[{_RAW}]::regclass[]) AS c LEFT JOIN pg_partition_tree(c) p ON true"
)
MONTHS = 12


@dataclass
class _Clinic:
    place: Urls
    world: World
    client: TestClient
    phone: Phone
    band: Band

    def day(self) -> tuple[float, float]:
        """Send what a day brings; return the milliseconds that an item took, and that this process
        computed for it."""
        self.world.clock.now_ms += DAY_MS
        first = len(self.band.data) + 1
        add_sessions(self.band, len(self.band.data) + ITEMS - 1)
        request = self.phone.signed("POST", "/v1/items", body_of(self.band, first))
        settle()
        began = time.perf_counter(), time.process_time()
        answer = self.phone.send(request)
        ended = time.perf_counter(), time.process_time()
        assert {each["answer"] for each in answer.json()["answers"]} == {"accepted"}
        took, computed = (b - a for a, b in zip(began, ended, strict=True))
        return 1000 * took / ITEMS, 1000 * computed / ITEMS


def ingest(cluster: Cluster, scale: Scale, costs: Costs) -> Iterator[Row]:
    """Yield milliseconds an item on empty and on full tables, and what a record costs."""
    with ExitStack() as open_:
        empty = _clinic(cluster, open_, 0)
        full = _clinic(cluster, open_, LONG)
        worker_of(full.world).round()
        clone(cluster, full.place, max(2, scale.records // LONG), months=MONTHS)
        records, size = count(full.place, _RECORDS), count(full.place, _BYTES)
        costs.note("bytes_a_record", (size + count(full.place, _OCTETS)) / records)
        yield Row("records in the full tables", records / 1e6, "M", beside=f"{size / 1e9:.1f} GB")
        both = {"empty tables": empty, f"{records:,} records": full}
        took: dict[str, list[float]] = {name: [] for name in both}
        computed, before = [], computed_s(cluster)
        for round_ in range(WARMING + ROUNDS):
            for name, clinic in both.items():
                ms, computed_ms = clinic.day()
                if round_ >= WARMING:
                    took[name].append(ms)
                    computed.append(computed_ms)
        database_s = computed_s(cluster) - before
        costs.note("item_database_ms", 1000 * database_s / (2 * ITEMS * (WARMING + ROUNDS)))
        costs.note("item_server_ms", median(computed))
        yield from compared("an item", took, list(both))
    for clinic in both.values():
        clinic.world.database.close()
        cluster.drop(clinic.place)


def _clinic(cluster: Cluster, open_: ExitStack, records: int) -> _Clinic:
    place = cluster.migrated()
    world = make_world(Path(open_.enter_context(tempfile.TemporaryDirectory())), place.app)
    world.clock.now_ms = SystemClock().wall_ms()
    client = open_.enter_context(TestClient(create_app(world.settings, world.clock)))
    phone = Phone(world, client)
    assert phone.enrol(world.enrol()[1]).status_code == 200
    room = (records + ITEMS * (WARMING + ROUNDS)) // ITEMS + 1
    band = long_ledger(world, phone, ITEMS, room=room)
    sent = 1
    while True:
        answer = phone.send(phone.signed("POST", "/v1/items", body_of(band, sent)))
        assert {each["answer"] for each in answer.json()["answers"]} == {"accepted"}
        sent = len(band.data) + 1
        if sent > records:
            break
        add_sessions(band, len(band.data) + ITEMS)
        client.app.state.ingest.gate = Gate()  # type: ignore[attr-defined]
    return _Clinic(place, world, client, phone, band)
