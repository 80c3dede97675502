"""Couriers send where their own worker found something due: once, in time, and nowhere else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select

from cloud.alerts.findings import TODAY
from cloud.channels.courier import Courier
from cloud.channels.models import Delivery
from cloud.channels.places import CLINIC_PLACES
from cloud.channels.sending import Outgoing
from cloud.channels.service import MAIL, Occasion, add_channel, channels_of, plan
from cloud.db import Database
from cloud.keys import KeyRing
from cloud.people.authority import Role
from cloud.people.service import add_member
from cloud.times import Times
from cloud.worker.leases import LEASE, LEASE_MS
from cloud.worker.loop import Worker
from cloud.worker.models import Work
from cloud.worker.tasks import Means
from tests.cloud.workers import deliver
from tests.cloud.worlds import World, add_clinic, make_identity

pytestmark = pytest.mark.both_databases
CLINICS, SECOND_MS = 8, 1000


@dataclass
class Process:
    """A worker without tasks, and its courier: the two threads of a process, made to take turns."""

    worker: Worker
    courier: Courier
    sent: list[Outgoing] = field(default_factory=list)

    def turn(self) -> None:
        """Look once, and send what was found."""
        self.worker.round()
        deliver(self.courier)


@pytest.fixture
def clinics(world: World, tmp_path: Path) -> World:
    """Some clinics, each with a channel."""
    for number in range(1, CLINICS):
        add_clinic(world, make_identity(tmp_path / f"of-{number}", f"clinic-{number:02}"))
    for clinic_id in world.database.all_clinics():
        with world.database.write(clinic_id) as session:
            now_ms = world.clock.now_ms
            staff_id = add_member(session, clinic_id, "X", Role.PRESCRIBER, now_ms=now_ms).staff_id
            add_channel(session, clinic_id, staff_id, MAIL, "x@clinic.example", now_ms=now_ms)
    return world


@pytest.fixture
def processes(clinics: World) -> Iterator[tuple[Process, Process]]:
    """Two of them, which have dealt the clinics."""
    made = []
    for name in ("one", "two"):
        database, sent = Database(clinics.settings.url), list[Outgoing]()
        courier = Courier(database, clinics.clock, sent.append)
        means = Means(KeyRing({}), Times("UTC"))
        worker = Worker(database, clinics.clock, means, (), tells=courier.tell, name=name)
        made.append((database, Process(worker, courier, sent)))
    (_, one), (_, two) = made
    for each in (one, two, one):
        each.turn()
    yield one, two
    for database, _ in made:
        database.close()


def write(world: World, clinic_id: str, *names: str) -> None:
    """Plan messages that are due now."""
    now_ms = world.clock.now_ms
    with world.database.write(clinic_id) as session:
        (channel,) = channels_of(session, clinic_id)
        for name in names:
            assert plan(session, channel, Occasion(name, TODAY), due_ms=now_ms, now_ms=now_ms)


def held_by(world: World, name: str) -> set[str]:
    """The clinics that a worker's leases hold."""
    held = set()
    for clinic_id in world.database.all_clinics():
        with world.database.read(clinic_id) as session:
            lease = session.get_one(Work, (clinic_id, LEASE))
            held |= {clinic_id} if lease.holder == name else set()
    return held


def ended(world: World, clinic_id: str) -> list[str]:
    with world.database.read(clinic_id) as session:
        found = session.scalars(select(Delivery.ended).where(Delivery.clinic_id == clinic_id))
        return list(found)


def test_each_message_goes_out_once_by_the_process_whose_clinic_it_is(
    clinics: World, processes: tuple[Process, Process]
) -> None:
    one, two = processes
    every = clinics.database.all_clinics()
    for clinic_id in every:
        write(clinics, clinic_id, "alert")
    for _ in range(2):
        clinics.clock.now_ms += SECOND_MS
        for each in processes:
            each.turn()
    came = sorted(each.clinic_id for each in one.sent + two.sent)
    assert came == sorted(every)
    assert {each.clinic_id for each in one.sent} == held_by(clinics, "one")
    assert {each.clinic_id for each in two.sent} == held_by(clinics, "two")
    assert one.sent
    assert two.sent, "nobody was idle"


def test_a_dead_process_messages_go_out_by_the_other_within_a_lease(
    clinics: World, processes: tuple[Process, Process]
) -> None:
    one, dead = processes
    left = held_by(clinics, "two")
    for clinic_id in left:
        write(clinics, clinic_id, "alert")
    died_ms = clinics.clock.now_ms
    while len(one.sent) < len(left):
        clinics.clock.now_ms += SECOND_MS
        assert clinics.clock.now_ms <= died_ms + LEASE_MS
        one.turn()
    assert {each.clinic_id for each in one.sent} == left
    assert dead.sent == []


def test_more_than_it_takes_at_once_goes_out_of_one_telling(
    clinics: World, processes: tuple[Process, Process]
) -> None:
    many = 2 * CLINIC_PLACES + 1
    write(clinics, "demo", *(f"alert {number}" for number in range(many)))
    sent = list[Outgoing]()
    courier = Courier(clinics.database, clinics.clock, sent.append)
    courier.tell("demo")
    assert deliver(courier) == many
    assert len({each.name for each in sent}) == len(sent) == many
    assert ended(clinics, "demo") == ["sent"] * many


def test_a_courier_asks_nothing_where_nothing_is_due(
    clinics: World, processes: tuple[Process, Process]
) -> None:
    asked: list[str] = []

    def hear(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    for each in processes:
        each.worker.round()
        event.listen(Engine, "before_cursor_execute", hear)
        try:
            assert deliver(each.courier) == 0
        finally:
            event.remove(Engine, "before_cursor_execute", hear)
    assert asked == []


def test_what_it_did_not_come_to_send_is_another_ones_at_once(clinics: World) -> None:
    write(clinics, "demo", "alert")
    begun, may_end = threading.Event(), threading.Event()

    def hangs(_outgoing: Outgoing) -> None:
        begun.set()
        may_end.wait(30)

    stuck = Courier(clinics.database, clinics.clock, hangs)
    stuck.tell("demo")
    assert stuck.round() == 0
    assert begun.wait(30)
    sent = list[Outgoing]()
    other = Courier(clinics.database, clinics.clock, sent.append)
    other.tell("demo")
    assert deliver(other) == 0, "it is the stuck one's"
    stuck.give_back()
    other.tell("demo")
    assert deliver(other) == 1
    may_end.set()
    deliver(stuck)
    assert ended(clinics, "demo") == ["sent"]
