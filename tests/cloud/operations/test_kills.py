"""Processes and PostgreSQL killed at random under load: nothing acknowledged is lost or doubled."""

import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select, text

from cloud.ledger import stretches
from cloud.ledger.models import LedgerChain, StoredRecord
from cloud.operations import verifying
from shared.instruments.forms import phq9
from shared.trust.sealing import seal
from shared.wire import fields
from shared.wire.items import CheckinBody, checkin_context
from tests.cloud.cluster import Cluster
from tests.cloud.oncall.fleet import set_clock
from tests.cloud.operations.processes import Process
from tests.cloud.phone import Phone
from tests.cloud.worlds import Band, World, make_world
from tests.journey.polling import until

PHONES, KILLS, BETWEEN_S = 4, 6, (0.3, 1.5)


class Sender(threading.Thread):
    """A phone that sends until it is asked to end, each batch again until it is acknowledged.

    ``acknowledged`` is the oracle: id and bytes of every item to which the clinic said yes.
    """

    def __init__(self, world: World, phone: Phone, device_id: bytes, stop: threading.Event) -> None:
        super().__init__()
        self._world, self._phone, self._stop_asked = world, phone, stop
        self._pause = threading.Event()
        self._band = Band(world.identity, phone.bytes_of("patient_id"), device_id=device_id)
        self.acknowledged: dict[str, bytes] = {}
        self.again = 0
        self.answers: Counter[str] = Counter()
        self.failed: Exception | None = None

    def run(self) -> None:
        number = first = 1
        while not self._stop_asked.is_set():
            set_clock(self._world)
            self._band.session(trains=2, planned=2)
            batch = [*self._band.record_items(first), self._band.head_item(), self._checkin(number)]
            first = self._band.state.number + 1
            number += 1
            try:
                self._send(batch)
            except Exception as problem:
                self.failed = problem
                return

    def _send(self, batch: list[dict[str, object]]) -> None:
        ends_s = time.monotonic() + 60
        while time.monotonic() < ends_s:
            try:
                answers = self._phone.items(batch)
            except (httpx2.HTTPError, AssertionError, ValueError):
                self.again += 1
                self._pause.wait(0.1)  # a phone waits before it tries again
                continue
            for item, answer in zip(batch, answers, strict=True):
                assert answer["answer"] in ("accepted", "duplicate"), answer
                body = item["body"]
                assert isinstance(body, bytes)
                self.acknowledged[str(item["id"])] = body
                self.answers[answer["answer"]] += 1
            return
        raise TimeoutError("a batch was not acknowledged within a minute")

    def _checkin(self, number: int) -> dict[str, object]:
        patient_id = self._phone.bytes_of("patient_id")
        now_ms = self._world.clock.now_ms
        body = CheckinBody("phq-9", phq9().version, patient_id, now_ms, (0,) * 9, "en", 0)
        sealed = seal(
            fields.pack(body),
            to=self._world.identity.keys["care"].public_key,
            context=checkin_context(patient_id),
        )
        return {"id": f"checkin/{number:032x}", "kind": "checkin", "body": sealed}


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    made = Cluster(fsync=True)
    yield made
    made.remove()


@pytest.mark.long
@pytest.mark.timeout(300)
def test_nothing_acknowledged_is_lost_or_doubled(own_cluster: Cluster, tmp_path: Path) -> None:
    chance = random.Random(7)
    world = make_world(tmp_path, own_cluster.migrated().app, devices=PHONES, vaults=PHONES)
    set_clock(world)
    processes = [Process(world, name) for name in ("ingest", "dashboard", "worker", "worker")]
    ingest, stop, kills = processes[0], threading.Event(), Counter[str]()
    with httpx2.Client(base_url=ingest.url, timeout=15) as client:
        senders = []
        for number, device_id in enumerate(world.identity.devices):
            phone = Phone(world, client)
            code = world.enrol(f"Patient {number}", device_id=device_id)[1]
            assert phone.enrol(code).status_code == 200
            senders.append(Sender(world, phone, device_id, stop))
        for sender in senders:
            sender.start()
        began_s = time.monotonic()
        for _ in range(KILLS):
            stop.wait(chance.uniform(*BETWEEN_S))
            if chance.random() < 0.2:
                own_cluster.stop()  # immediate: as kill -9 of all its processes
                own_cluster.start()
                kills["postgresql"] += 1
            else:
                process = chance.choice(processes)
                process.kill()
                process.start()
                kills[process.name] += 1
        load_s = time.monotonic() - began_s
        stop.set()
        for sender in senders:
            sender.join()
    assert [each.failed for each in senders] == [None] * PHONES
    acknowledged = sum(len(each.acknowledged) for each in senders)
    answers = sum((each.answers for each in senders), Counter())
    try:
        worker = next(each for each in processes if each.name == "worker")
        opened = wait_for_checkins(world, sum(_kinds(each, "checkin") for each in senders))
        print(
            f"\n{load_s:.0f} s of load, kills {dict(kills)}: {acknowledged} items acknowledged"
            f" ({dict(answers)}), {sum(each.again for each in senders)} requests sent again,"
            f" 0 lost, 0 doubled, {opened} check-ins opened by workers that were killed"
        )
        assert worker.pid
        with world.database.read("demo") as session:
            chains = session.scalars(select(LedgerChain)).all()
            stored = Counter(
                each.data for chain in chains for each in stretches.records(session, chain)
            )
            stored.update(session.scalars(select(StoredRecord.data)).all())
        wanted = Counter(
            body
            for each in senders
            for name, body in each.acknowledged.items()
            if name.startswith("record/")
        )
        assert stored == wanted
        assert list(verifying.wrongs(world.database)) == []
    finally:
        for process in processes:
            process.kill()
        world.database.close()


def wait_for_checkins(world: World, count: int) -> int:
    """Wait until the workers opened every check-in; return how many there are."""
    query = text("SELECT count(*), count(opened_ms) FROM checkins")

    async def look() -> tuple[int, int]:
        with world.database.read("demo") as session:
            there, opened = session.execute(query).one()
        return there, opened

    return asyncio.run(until(look, lambda seen: seen == (count, count)))[1]


def _kinds(sender: Sender, kind: str) -> int:
    return sum(name.startswith(f"{kind}/") for name in sender.acknowledged)
