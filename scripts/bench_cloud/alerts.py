"""From a phone's upload of a red flag to the mail at the server: four workers, both databases.

Ingest runs in this process, the workers and the database's server in their own; mail goes to a real
SMTP server on loopback. Uploads come at random moments, so that they fall anywhere between two
rounds of the workers.
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from starlette.testclient import TestClient

from cloud.alerts.models import Alert
from cloud.ingest.app import create_app
from scripts.bench.figures import Row, median, percentile
from shared.care.bodies import RedFlag
from tests.cloud.alerts.telling import tell
from tests.cloud.cluster import Cluster
from tests.cloud.oncall.fleet import LINK, WORKERS, alerts_in, four_workers, set_clock
from tests.cloud.phone import Phone
from tests.cloud.worlds import World, make_world

UPLOADS = 100
APART_S = (0.05, 0.6)
PATIENCE_S = 120
P95_AT_MOST_S = 5.0


def alerts() -> Iterator[Row]:
    """Yield the latency on SQLite and on PostgreSQL, whose disk is written through."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _rows("SQLite", make_world(Path(folder)))
    cluster = Cluster(fsync=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield from _rows("PostgreSQL", make_world(Path(folder), cluster.migrated().app))
    finally:
        cluster.remove()


def _rows(database: str, world: World) -> Iterator[Row]:
    latencies = _latencies(world)
    world.database.close()
    beside = f"{len(latencies)} of {UPLOADS} arrived, {WORKERS} workers"
    lost = UPLOADS - len(latencies)
    yield Row(f"upload to mail on {database}, median", median(latencies), "s")
    yield Row(
        f"upload to mail on {database}, p95",
        percentile(latencies, 95),
        "s",
        at_most=P95_AT_MOST_S,
        beside=beside,
    )
    yield Row(f"alerts that never came on {database}", lost, "", at_most=0)


def _latencies(world: World) -> list[float]:
    chance, pause = random.Random(1), threading.Event()
    sent: dict[str, float] = {}
    with TestClient(create_app(world.settings, world.clock)) as ingest:
        phone = Phone(world, ingest)
        with four_workers(world) as (_, mailbox):
            phone.enrol(world.enrol()[1])
            for number in range(UPLOADS):
                set_clock(world)
                sent[f"Red flag: sign {number}"] = time.monotonic()
                tell(world, phone, RedFlag(f"sign {number}"))
                pause.wait(chance.uniform(*APART_S))
            with mailbox.arrived:
                mailbox.arrived.wait_for(
                    lambda: len(alerts_in(mailbox.came)) >= UPLOADS, PATIENCE_S
                )
            arrived: dict[str, float] = {}
            for mail, at_s in zip(mailbox.came, mailbox.at_s, strict=True):
                for alert in LINK.findall(mail.as_string()):
                    arrived.setdefault(alert, at_s)
    with world.database.read("demo") as session:
        rows = session.scalars(select(Alert).where(Alert.patient_id.is_not(None))).all()
    return [
        arrived[row.alert_id.hex()] - sent[row.title]
        for row in rows
        if row.alert_id.hex() in arrived
    ]
