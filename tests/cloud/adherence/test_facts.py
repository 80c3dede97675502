"""A course's facts come from verified records: whose choice a pause was, what was in force when."""

import pytest
from starlette.testclient import TestClient

from cloud.adherence.definition import adherence
from cloud.adherence.facts import course_facts
from cloud.dashboard.app import create_app
from cloud.times import Times
from shared.trust.statements import GateOutcome, HoldKind, HoldSource
from shared.wire import records
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import a_day_later, send, treating
from tests.cloud.test_pages import sign_in
from tests.cloud.worlds import START_MS, Band, World

UTC = Times("UTC")
FIRST_DAY = UTC.day(START_MS).toordinal()


def hold(band: Band, kind: HoldKind, source: HoldSource) -> None:
    band.write(records.HoldPlacedBody(b"h" * 16, kind, source, "side-effect", 1))


def days_pass(world: World, band: Band, count: int) -> None:
    for _ in range(count):
        a_day_later(world, band)


@pytest.mark.parametrize(
    ("kind", "source", "closed"),
    [
        (HoldKind.SAFETY, HoldSource.CLOUD, {1, 2, 3}),
        (HoldKind.SAFETY, HoldSource.APP, {1, 2, 3}),
        (HoldKind.REST, HoldSource.CLOUD, {1, 2, 3}),
        (HoldKind.REST, HoldSource.APP, set()),
    ],
)
def test_a_hold_closes_days_unless_it_was_the_persons_own_rest(
    world: World, phone: Phone, kind: HoldKind, source: HoldSource, closed: set[int]
) -> None:
    band = treating(world, phone)
    days_pass(world, band, 1)
    hold(band, kind, source)
    days_pass(world, band, 2)
    band.write(records.HoldLiftedBody(bytes(32), b"h" * 16))
    days_pass(world, band, 1)
    send(phone, band)
    with world.database.read("demo") as session:
        facts = course_facts(session, "demo", band.patient_id, UTC, today=FIRST_DAY + 4)
    assert facts is not None
    assert {day - FIRST_DAY for day in facts.closed} == closed
    assert [each.from_day for each in facts.in_force] == [FIRST_DAY]


def test_what_the_screening_put_off_is_not_missed_and_the_page_says_what_was_due(
    world: World, phone: Phone
) -> None:
    band = treating(world, phone)
    band.session()
    days_pass(world, band, 1)
    band.session(trains=4)
    days_pass(world, band, 1)
    band.write(records.GateAnswersBody(bytes(32), GateOutcome.POSTPONE, 2 * 86_400, 1))
    days_pass(world, band, 6)
    send(phone, band)
    with world.database.read("demo") as session:
        facts = course_facts(session, "demo", band.patient_id, UTC, today=FIRST_DAY + 8)
    assert facts is not None
    assert {day - FIRST_DAY for day in facts.closed} == {2, 3, 4}
    found = adherence(facts, today=FIRST_DAY + 8)
    assert (found.done, found.partial, found.missed) == (1, 1, 1)
    with TestClient(create_app(world.settings, world.clock)) as pages:
        sign_in(world, pages)
        text = pages.get(f"/patients/{band.patient_id.hex()}").text
    assert "3 sessions due so far: 1 done, 1 partial, 0 late, 1 missed." in text
    assert '<td data-head="Pulses delivered">720</td>' in text
