"""Processes and PostgreSQL killed at random under load: nothing acknowledged is lost or doubled."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from cloud.operations import verifying
from tests.cloud.cluster import Cluster
from tests.cloud.oncall.fleet import set_clock
from tests.cloud.operations.processes import Process
from tests.cloud.operations.senders import (
    Sender,
    acknowledged_records,
    count,
    stored_records,
    wait_for_checkins,
)
from tests.cloud.phone import Phone
from tests.cloud.worlds import make_world

PHONES, KILLS, BETWEEN_S = 4, 6, (0.3, 1.5)


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    made = Cluster(fsync=True)
    yield made
    made.remove()


@pytest.mark.long
@pytest.mark.timeout(300)
def test_nothing_acknowledged_is_lost_or_doubled(
    own_cluster: Cluster, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    chance = random.Random(7)
    world = make_world(tmp_path, own_cluster.migrated().app, devices=PHONES, vaults=PHONES)
    set_clock(world)
    processes = [Process(world, name) for name in ("ingest", "dashboard", "worker", "worker")]
    request.addfinalizer(world.database.close)
    for process in processes:
        request.addfinalizer(process.kill)
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
    worker = next(each for each in processes if each.name == "worker")
    opened = wait_for_checkins(world, count(senders, "checkin"))
    print(
        f"\n{load_s:.0f} s of load, kills {dict(kills)}: {acknowledged} items acknowledged"
        f" ({dict(answers)}), {sum(each.again for each in senders)} requests sent again,"
        f" 0 lost, 0 doubled, {opened} check-ins opened by workers that were killed"
    )
    assert worker.pid
    assert stored_records(world) == acknowledged_records(senders)
    assert list(verifying.wrongs(world.database)) == []
