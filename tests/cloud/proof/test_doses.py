"""Doses by day come about as records come in, and are the same when they're made from scratch."""

import random
from typing import Any, cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cloud.dose.days import days_of
from cloud.dose.deliveries import NO_COURSE
from cloud.dose.models import DoseDay
from cloud.dose.rebuild import rebuild
from cloud.ingest.bodies import UpItem
from cloud.ingest.items import ItemIntake
from cloud.ledger.effects import Means
from cloud.ledger.folds import Folds
from cloud.ledger.models import DeliveredSession, FirmwareStint
from cloud.phones.models import Phone as StoredPhone
from cloud.times import Times
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import DAY_MS, send, treating
from tests.cloud.worlds import START_MS, Band, World

SESSIONS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40)), max_size=4)
BERLIN = Times("Europe/Berlin")


def rows(world: World) -> list[tuple[object, ...]]:
    """All sessions, days and stints of firmware, with every column."""
    with world.database.read("demo") as session:
        return [
            tuple(getattr(each, column.name) for column in table.__table__.columns)
            for table in (DeliveredSession, DoseDay, FirmwareStint)
            for each in session.scalars(select(table).order_by(*table.__table__.primary_key))
        ]


def bring(world: World, sent: list[dict[str, object]]) -> None:
    """Take items in as ingest does, with a fold that remembers nothing."""
    with world.database.write("demo") as session:
        phone = session.scalars(select(StoredPhone)).one()
        means = Means(Folds(), BERLIN)
        items = [UpItem(**cast(dict[str, Any], each)) for each in sent]
        ItemIntake(
            session, phone, means, world.identity.keys["receipt"], now_ms=world.clock.now_ms
        ).take(items)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sessions=SESSIONS, seed=st.integers(0, 2**16), cut=st.integers(1, 9))
def test_made_from_scratch_they_equal_what_came_bit_by_bit(
    world: World, phone: Phone, sessions: list[tuple[int, int]], seed: int, cut: int
) -> None:
    band = Band(world.identity, phone.bytes_of("patient_id"))
    sent = []
    for trains, hours in sessions:
        band.session(trains=trains, planned=3)
        sent.append(band.head_item())
        band.pass_time(hours * 3_600_000)
    sent += [*band.record_items(), band.head_item()]
    random.Random(seed).shuffle(sent)
    for start in range(0, len(sent), cut):
        bring(world, sent[start : start + cut])
        world.clock.now_ms += 1000
    bring(world, band.record_items())
    came = rows(world)
    with world.database.write("demo") as session:
        rebuild(session, "demo", BERLIN)
    assert rows(world) == came
    with world.database.read("demo") as session:
        mine = session.scalars(
            select(DeliveredSession.charged_pulses).where(DeliveredSession.epoch == band.epoch)
        )
        assert sum(mine) == band.state.total_pulses == 30 * sum(each[0] for each in sessions)


def test_days_are_summed_by_course_from_verified_records_only(world: World, phone: Phone) -> None:
    band = treating(world, phone)
    course_id = band.state.course_id or b""
    band.session()
    send(phone, band)
    band.session(trains=4)
    phone.items(band.record_items())
    with world.database.read("demo") as session:
        (day,) = days_of(session, "demo", band.patient_id, course_id)
        assert days_of(session, "demo", band.patient_id, NO_COURSE) == ()
    assert (day.charged, day.planned, day.sessions) == (600, 600, 1)
    assert day.day == Times("UTC").day(START_MS).toordinal()


def test_a_session_is_of_the_day_on_which_it_began_across_the_clocks_change(
    world: World, phone: Phone
) -> None:
    """29 March 2026: at 02:00 the clocks in Berlin go to 03:00."""
    began_ms = 1_774_735_200_000  # 28 March, 22:00 UTC: 23:00 there
    world.clock.now_ms = began_ms + 7 * DAY_MS
    band = Band(world.identity, phone.bytes_of("patient_id"), clock_ms=began_ms)
    for _ in range(4):
        band.session(trains=1, planned=1)
        band.pass_time(12 * 3_600_000)
    bring(world, [*band.record_items(), band.head_item()])
    with world.database.read("demo") as session:
        days = days_of(session, "demo", band.patient_id, NO_COURSE)
    assert [(day.day - days[0].day, day.sessions) for day in days] == [(0, 1), (1, 1), (2, 2)]
