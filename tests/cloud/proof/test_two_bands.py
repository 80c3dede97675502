"""A patient who got another band: what the old one recorded comes in all the same, proven."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select, text
from starlette.testclient import TestClient

from cloud.dose.days import days_of
from cloud.dose.deliveries import NO_COURSE
from cloud.ingest.app import create_app
from cloud.ingest.bodies import UpItem
from cloud.ingest.items import ItemIntake
from cloud.ledger.effects import Means
from cloud.ledger.folds import Folds
from cloud.ledger.models import DeliveredSession, LedgerChain
from cloud.patients.models import Device
from cloud.patients.service import new_code
from cloud.phones.models import Phone as StoredPhone
from cloud.proof.kinds import ABOUT, Kind
from cloud.times import Times
from shared.wire import records
from tests.cloud.cluster import Cluster
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import DAY_MS, found, queued, send
from tests.cloud.proof.test_flaws import alerts
from tests.cloud.worlds import Band, World, make_world

AN_HOUR_MS = 3_600_000


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = make_world(tmp_path, devices=2)
    yield made
    made.database.close()


@pytest.fixture
def old(world: World, client: TestClient) -> Phone:
    """The patient's first phone, enrolled for their first band."""
    phone = Phone(world, client)
    assert phone.enrol(world.enrol()[1]).status_code == 200
    return phone


@pytest.fixture
def client(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock)) as made:
        yield made


def another_band(world: World, old: Phone) -> Phone:
    """Give the patient the second band, in place of the first; return the phone enrolled for it."""
    patient_id = old.bytes_of("patient_id")
    first, second = world.identity.devices
    with world.database.write("demo") as session:
        session.get_one(Device, ("demo", first)).patient_id = None
        session.flush()
        session.get_one(Device, ("demo", second)).patient_id = patient_id
        session.flush()
        code = new_code(session, "demo", patient_id, now_ms=world.clock.now_ms)
    phone = Phone(world, old.client)
    assert phone.enrol(code).status_code == 200
    return phone


def bands(world: World, phone: Phone) -> tuple[Band, Band]:
    patient_id = phone.bytes_of("patient_id")
    first, second = world.identity.devices
    return (
        Band(world.identity, patient_id, device_id=first),
        Band(world.identity, patient_id, device_id=second),
    )


def test_what_the_old_band_never_sent_comes_by_the_new_phone_and_is_proven(
    world: World, old: Phone
) -> None:
    first, second = bands(world, old)
    first.session(trains=2)
    first_sent = first.state.number
    send(old, first)
    receipts = queued(world, first.patient_id, "receipt")
    first.session(trains=3)
    second.clock_ms = first.clock_ms = (first.clock_ms or 0) + DAY_MS
    world.clock.now_ms += DAY_MS
    new = another_band(world, old)
    first.write(records.SelfTestBody(True))
    second.session(trains=4)
    both = [*first.record_items(first_sent + 1), first.head_item()]
    both += [*second.record_items(), second.head_item()]
    assert {each["answer"] for each in new.items(both)} == {"accepted"}
    with world.database.read("demo") as session:
        chain = session.get_one(LedgerChain, ("demo", first.device_id, first.epoch))
        assert (chain.verified_to, chain.verified_hash) == (first.state.number, first.state.hash)
        given = session.scalars(select(DeliveredSession.charged_pulses))
        assert sorted(given) == [60, 90, 120]
    assert {each.kind for each in found(world, first.patient_id)} == {"unsigned"}
    assert queued(world, first.patient_id, "receipt") == receipts
    held = new.get("/v1/sync?cursor=0").json()["records"]
    assert len(held) == 2
    assert old.get("/v1/sync?cursor=0").json()["records"] == held


def test_a_session_on_the_old_band_after_it_was_replaced_is_an_incident_and_counts(
    world: World, old: Phone
) -> None:
    first, _ = bands(world, old)
    first.session(trains=2)
    world.clock.now_ms += AN_HOUR_MS
    new = another_band(world, old)
    world.clock.now_ms += AN_HOUR_MS
    first.clock_ms = world.clock.now_ms
    first.session(trains=3)
    number = first.state.number - 7
    assert set(send(new, first)) == {"accepted"}
    (replaced,) = [e for e in found(world, first.patient_id) if e.kind == "replaced"]
    assert (replaced.first, replaced.detail) == (
        number,
        "A session began 60 min after its patient had another band.",
    )
    assert ("now", ABOUT[Kind.REPLACED].title) in alerts(world)
    with world.database.read("demo") as session:
        assert sorted(session.scalars(select(DeliveredSession.charged_pulses))) == [60, 90]


def test_a_band_that_was_never_theirs_is_foreign_still(world: World, old: Phone) -> None:
    second = Band(
        world.identity, old.bytes_of("patient_id"), device_id=list(world.identity.devices)[1]
    )
    assert set(send(old, second)) == {"refused"}
    assert [e.kind for e in found(world, second.patient_id)] == ["foreign_device"]


def test_two_bands_that_send_at_once_lose_no_pulse_of_the_day(
    cluster: Cluster, tmp_path: Path
) -> None:
    """Two transactions of PostgreSQL, the second of which begins before the first has ended."""
    urls = cluster.migrated()
    world = make_world(tmp_path, urls.app, devices=2)
    with TestClient(create_app(world.settings, world.clock)) as client:
        old = Phone(world, client)
        assert old.enrol(world.enrol()[1]).status_code == 200
        another_band(world, old)
    first, second = bands(world, old)
    for wanted in (1, 2):
        first.session(trains=2)
        second.session(trains=3)
        send_at_once(world, first, second)
        with world.database.read("demo") as session:
            (day,) = days_of(session, "demo", first.patient_id, NO_COURSE)
        assert (day.charged, day.sessions) == (wanted * (60 + 90), wanted * 2)
    world.database.close()
    cluster.drop(urls)


def send_at_once(world: World, first: Band, second: Band) -> None:
    """Take both bands' records in, the second's while the first's aren't committed yet."""
    took, go_on, at_once = threading.Event(), threading.Event(), threading.Event()
    at_once.set()

    def bring(band: Band, until: threading.Event) -> None:
        with world.database.write("demo") as session:
            own = StoredPhone.device_id == band.device_id
            phone = session.scalars(select(StoredPhone).where(own)).one()
            sent = [*band.record_items(), band.head_item()]
            items = [UpItem(**cast(dict[str, Any], each)) for each in sent]
            means = Means(Folds(), Times("UTC"))
            key, now_ms = world.identity.keys["receipt"], world.clock.now_ms
            ItemIntake(session, phone, means, key, now_ms=now_ms).take(items)
            took.set()
            until.wait(30)

    one = threading.Thread(target=bring, args=(first, go_on))
    other = threading.Thread(target=bring, args=(second, at_once))
    one.start()
    assert took.wait(30)
    other.start()
    wait_until_stuck(world, other)
    go_on.set()
    for each in (one, other):
        each.join(30)


def wait_until_stuck(world: World, other: threading.Thread) -> None:
    """Wait until a transaction waits for a lock, or the thread has ended without one."""
    until_s = time.monotonic() + 30
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while other.is_alive() and time.monotonic() < until_s:
        with world.database.read("demo") as session:
            if session.scalar(waiting):
                return
        other.join(0.02)
