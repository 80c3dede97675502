"""Each week each channel is rung; a drill that nobody answers is an alert itself."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from cloud.channels.models import Delivery
from cloud.errors import NotFound, Refused
from cloud.oncall import drills, service
from cloud.oncall.models import Drill
from tests.cloud.oncall.clinics import DAY_MS, OnCall, on_call
from tests.cloud.worlds import World

WEEK = 7 * 24 * 60


@pytest.fixture
def clinic(world: World) -> Iterator[OnCall]:
    with on_call(world) as made:
        yield made


def newest(clinic: OnCall) -> Drill:
    with clinic.world.database.read("demo") as session:
        return session.scalars(select(Drill).order_by(Drill.started_ms.desc())).all()[0]


def answer(clinic: OnCall, by: bytes) -> None:
    with clinic.world.database.write("demo") as session:
        drill = session.scalars(select(Drill).order_by(Drill.started_ms.desc())).all()[0]
        now_ms = clinic.world.clock.now_ms
        drills.answer(session, "demo", drill.drill_id, staff_id=by, now_ms=now_ms)


def test_a_drill_comes_once_a_week_by_day_to_who_is_on_the_rota(clinic: OnCall) -> None:
    assert [clinic.go(), clinic.go(1), clinic.go(60)] == [["first@clinic.example"], [], []]
    answer(clinic, clinic.first)
    assert clinic.go(WEEK - 62) == []
    assert clinic.go(1) == ["first@clinic.example"]
    link = f"/drills/{newest(clinic).drill_id.hex()}"
    assert link in clinic.mailbox.came[-1].as_string()
    answer(clinic, clinic.first)
    assert clinic.go(WEEK + 10 * 60) == []  # seven in the evening


def test_a_drill_that_nobody_answers_is_told_and_the_next_one_anew(clinic: OnCall) -> None:
    clinic.go()
    clinic.go(24 * 60 - 1)
    assert clinic.titles() == []
    clinic.go(1)
    assert clinic.titles() == ["The drill of First failed"]
    clinic.go(WEEK)
    clinic.go(24 * 60)
    assert clinic.titles() == ["The drill of First failed"]
    clinic.prove()
    assert clinic.titles() == []


def test_only_the_channels_own_member_answers_and_in_time(clinic: OnCall) -> None:
    clinic.go()
    with pytest.raises(NotFound):
        answer(clinic, clinic.second)
    clinic.world.clock.now_ms += DAY_MS + 1
    with pytest.raises(Refused, match="over"):
        answer(clinic, clinic.first)


def test_a_week_without_an_answered_drill_lets_nothing_be_relied_on(clinic: OnCall) -> None:
    clinic.let_ring()
    ringing = '"Now" alerts may reach nobody'
    clinic.go(WEEK + 24 * 60 - 2)
    assert ringing not in clinic.titles()
    clinic.go(2)
    assert ringing in clinic.titles()
    clinic.prove()
    clinic.go(1)
    assert ringing not in clinic.titles()


def test_a_drill_that_cannot_be_sent_has_failed(clinic: OnCall) -> None:
    clinic.mailbox.refusals = 1000
    clinic.go()
    with clinic.world.database.write("demo") as session:
        session.scalars(select(Delivery)).one().attempts = 99
    clinic.go(1)
    assert "The drill of First failed" in clinic.titles()
    with clinic.world.database.read("demo") as session:
        now_ms = clinic.world.clock.now_ms
        assert service.proven_channels(session, "demo", now_ms=now_ms) == ()
