"""What has ended is removed after some days, and what still opens something stays."""

import pytest
from sqlalchemy import func, select

from cloud.db import Base
from cloud.patients import service as patients
from cloud.people import service as people
from cloud.people.models import Invitation, SignIn, UsedChallenge
from cloud.phones.models import EnrolmentCode
from cloud.worker import forgetting
from tests.cloud.workers import worker_of
from tests.cloud.worlds import World

DAY_MS = 86_400_000
pytestmark = pytest.mark.both_databases


def count(world: World, table: type[Base]) -> int:
    with world.database.read("demo") as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def forget(world: World) -> int:
    with world.database.write("demo") as session:
        return forgetting.forget(session, "demo", kept_days=7, now_ms=world.clock.now_ms)


def test_what_has_ended_stays_for_its_days_and_goes(world: World) -> None:
    member, (patient, _) = world.member(), world.enrol()
    now_ms = world.clock.now_ms
    with world.database.write("demo") as session:
        people.open_sign_in(session, member, hours=10, now_ms=now_ms)
        people.use_challenge(session, "demo", b"challenge", now_ms=now_ms)
        people.invite(session, member, now_ms=now_ms)
    tables = (SignIn, UsedChallenge, Invitation, EnrolmentCode)
    assert [count(world, table) for table in tables] == [1, 1, 1, 1]
    world.clock.now_ms += 7 * DAY_MS
    assert forget(world) == 0
    world.clock.now_ms += DAY_MS
    worker_of(world).round()
    # An invitation is good for a week and a code for two: theirs are the days behind that.
    assert [count(world, table) for table in tables] == [0, 0, 1, 1]
    with world.database.write("demo") as session:
        patients.new_code(session, "demo", patient.patient_id, now_ms=world.clock.now_ms)
    world.clock.now_ms += 14 * DAY_MS
    assert forget(world) == 2
    assert [count(world, table) for table in tables] == [0, 0, 0, 1]


def test_much_goes_little_by_little(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    member = world.member()
    with world.database.write("demo") as session:
        for _ in range(5):
            people.open_sign_in(session, member, hours=10, now_ms=world.clock.now_ms)
    world.clock.now_ms += 8 * DAY_MS
    assert [forget(world) for _ in range(4)] == [2, 2, 1, 0]
