"""Workers deal the clinics among themselves; what one leaves, another takes over in time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from cloud.db import Database
from cloud.keys import KeyRing
from cloud.times import Times
from cloud.worker.health import Heard, look
from cloud.worker.heartbeats import ABSENT_MS, newest_heartbeat
from cloud.worker.leases import LEASE, LEASE_MS, is_gone, new_name
from cloud.worker.loop import LATE_MS, Worker
from cloud.worker.models import Work
from cloud.worker.tasks import Means, Task
from tests.cloud.workers import worker_of
from tests.cloud.worlds import World, add_clinic, make_identity

pytestmark = pytest.mark.both_databases
FEW, MANY = 5, 20
SECOND_MS = 1000


@dataclass
class Counted:
    """Who did the clinics' one task how often, and whether two were ever at one clinic at once."""

    done: Counter[str] = field(default_factory=Counter)
    by: dict[str, set[str]] = field(default_factory=dict)
    met: list[str] = field(default_factory=list)
    _here: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def task(self, name: str) -> Task:
        def work(_session: Session, clinic_id: str, _means: Means, _now_ms: int) -> int:
            with self._lock:
                if clinic_id in self._here:
                    self.met.append(clinic_id)
                self._here.add(clinic_id)
                self.done[clinic_id] += 1
                self.by.setdefault(name, set()).add(clinic_id)
            with self._lock:
                self._here.discard(clinic_id)
            return 1

        return Task("count", (), work, SECOND_MS)


@pytest.fixture
def few(world: World, tmp_path: Path) -> World:
    """Five clinics."""
    return with_clinics(world, tmp_path, FEW)


@pytest.fixture
def many(world: World, tmp_path: Path) -> World:
    """Twenty clinics."""
    return with_clinics(world, tmp_path, MANY)


def with_clinics(world: World, folder: Path, count: int) -> World:
    for number in range(1, count):
        add_clinic(world, make_identity(folder / f"of-{number}", f"clinic-{number:02}"))
    return world


Hire = Callable[[str, Task], Worker]


@pytest.fixture
def hire(world: World) -> Iterator[Hire]:
    """Workers by name, each with connections of its own."""
    databases = []

    def hired(name: str, task: Task) -> Worker:
        database = Database(world.settings.url)
        databases.append(database)
        means = Means(KeyRing({}), Times("UTC"))
        return Worker(database, world.clock, means, (task,), name=name)

    yield hired
    for each in databases:
        each.close()


def holders(world: World) -> dict[str, str]:
    found = {}
    for clinic_id in world.database.all_clinics():
        with world.database.read(clinic_id) as session:
            wanted = select(Work).where(Work.clinic_id == clinic_id, Work.task == LEASE)
            found[clinic_id] = session.scalars(wanted).one().holder
    return found


def at_once(*workers: Worker) -> None:
    threads = [threading.Thread(target=each.round) for each in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


@pytest.mark.long
def test_two_workers_share_twenty_clinics_and_each_is_done_once(many: World, hire: Hire) -> None:
    counted = Counted()
    one, two = (hire(name, counted.task(name)) for name in ("one", "two"))
    one.round()
    assert set(holders(many).values()) == {"one"}
    two.round()
    counted.done.clear()
    counted.by.clear()
    for _ in range(3):
        many.clock.now_ms += SECOND_MS
        at_once(one, two)
    assert counted.done == dict.fromkeys(many.database.all_clinics(), 3)
    assert not counted.met
    assert 4 <= len(counted.by["one"]) <= 16
    assert not counted.by["one"] & counted.by["two"]
    assert {name: holders(many)[name] for name in counted.by["two"]} == dict.fromkeys(
        counted.by["two"], "two"
    )


@pytest.mark.long
def test_a_dead_workers_clinics_are_taken_over_within_a_round_that_is_not_late(
    many: World, hire: Hire
) -> None:
    counted = Counted()
    one, dead = (hire(name, counted.task(name)) for name in ("one", "dead"))
    at_once(one, dead)
    dead.round()
    many.clock.now_ms += SECOND_MS
    one.round()
    left = [name for name, holder in holders(many).items() if holder == "dead"]
    assert left
    died_ms = many.clock.now_ms - SECOND_MS
    while "dead" in holders(many).values():
        assert many.clock.now_ms <= died_ms + LEASE_MS < died_ms + LATE_MS
        assert look(many.database, many.clock, Heard()).worker == "watching"
        many.clock.now_ms += SECOND_MS
        one.round()
    counted.done.clear()
    many.clock.now_ms += SECOND_MS
    one.round()
    assert counted.done == dict.fromkeys(many.database.all_clinics(), 1)


def test_once_nobody_is_left_it_is_told_that_nobody_watches(few: World, hire: Hire) -> None:
    counted, heard = Counted(), Heard()
    at_once(*(hire(name, counted.task(name)) for name in ("one", "two")))
    assert look(few.database, few.clock, heard).worker == "watching"
    few.clock.now_ms += ABSENT_MS
    assert look(few.database, few.clock, heard).worker == "watching"
    few.clock.now_ms += 1
    assert look(few.database, few.clock, heard).worker == "absent"


def test_one_that_fails_in_a_clinic_leaves_it_to_another(few: World, hire: Hire) -> None:
    counted, heard = Counted(), Heard()

    def breaks(_session: Session, _clinic_id: str, _means: Means, _now_ms: int) -> int:
        raise ZeroDivisionError

    ill = hire("ill", Task("count", (), breaks, SECOND_MS))
    well = hire("well", counted.task("well"))
    ill.round()
    well.round()
    few.clock.now_ms += LEASE_MS
    ill.round()
    assert look(few.database, few.clock, heard).worker == "absent", "it goes on, and says nothing"
    well.round()
    for _ in range(3):
        few.clock.now_ms += SECOND_MS
        ill.round()
        well.round()
    assert set(holders(few).values()) == {"well"}
    assert look(few.database, few.clock, heard).worker == "watching"
    assert set(counted.done) == set(few.database.all_clinics())


def test_one_that_ends_gives_its_clinics_back(few: World, hire: Hire) -> None:
    counted = Counted()
    ended = hire("ended", counted.task("ended"))
    ended.round()
    ended.give_back()
    few.clock.now_ms += SECOND_MS
    hire("next", counted.task("next")).round()
    assert counted.by["next"] == set(few.database.all_clinics())


def test_a_lease_of_a_clock_that_was_ahead_binds_nobody(few: World, hire: Hire) -> None:
    counted = Counted()
    few.clock.now_ms += 10 * LEASE_MS
    hire("ahead", counted.task("ahead")).round()
    few.clock.now_ms -= 10 * LEASE_MS
    hire("right", counted.task("right")).round()
    assert set(holders(few).values()) == {"right"}


def test_a_process_of_this_machine_that_ended_is_waited_for_no_longer() -> None:
    name = new_name()
    machine, _, _ = name.partition("/")
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    theirs = f"{machine}/{other.pid}/of-another"
    assert not is_gone(theirs, name)
    other.kill()
    other.wait(20)
    assert is_gone(theirs, name)
    assert is_gone(f"{machine}/{os.getpid()}/before", name), "one before it had its number"
    assert not is_gone(f"elsewhere/{other.pid}/of-another", name)
    assert not is_gone("a name of another form", name)
    assert not is_gone(f"{machine}/no number/x", name)


def test_a_clinic_in_which_nothing_waits_costs_few_statements(world: World) -> None:
    worker = worker_of(world)
    for _ in range(3):
        worker.round()
        world.clock.now_ms += SECOND_MS
    sent: list[str] = []

    def hear(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        worker.round()
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    asked = [each for each in sent if not each.startswith(("SET LOCAL", "BEGIN"))]
    assert len(asked) == 3, "the ids of all clinics, what is due, and whether it waits"
    with world.database.read("demo") as session:
        assert newest_heartbeat(session, "demo") is not None
