"""Silence after a course is nothing to look at; within one it is."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from cloud.bands.courses import over
from cloud.dashboard.app import create_app
from cloud.ledger.models import DeliveredSession
from cloud.people.authority import Role
from cloud.prescriptions.models import StoredPrescription
from shared.dose.prescription import PrescriptionKind, from_bytes, to_bytes
from shared.wire.records import SessionKind
from tests.cloud.authority.people import visitor
from tests.cloud.phone import Phone
from tests.cloud.response.clinic import with_cohort
from tests.cloud.test_prescriptions import certified, draft, take
from tests.cloud.worlds import START_MS, World

DAY_MS = 86_400_000
SILENT = "Its phone has been silent for 4 days"


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock)) as client:
        yield client


def change_plan(world: World, **change: Any) -> None:
    with world.database.write("demo") as session:
        found = session.scalars(select(StoredPrescription)).one()
        found.in_force_ms = START_MS
        found.data = to_bytes(replace(from_bytes(found.data), **change))


@pytest.mark.parametrize(
    ("change", "is_over"),
    [
        ({}, False),
        ({"kind": PrescriptionKind.END}, True),
        ({"not_after_s": START_MS // 1000 + 2 * 86_400}, True),
    ],
    ids=["goes on", "ended", "too old"],
)
def test_a_phone_that_fell_silent_after_its_course_is_nothing_to_look_at(
    world: World, pages: TestClient, ingest: TestClient, change: dict[str, Any], is_over: bool
) -> None:
    patient, code = world.enrol()
    assert Phone(world, ingest).enrol(code).status_code == 200
    take(world, certified(world).answer([draft(world, patient).data]))
    change_plan(world, **change)
    world.clock.now_ms += 4 * DAY_MS
    who = visitor(world, "A. Example", Role.PRESCRIBER)
    page = pages.get("/clinic/devices", headers={"Cookie": f"circlet={who.cookie}"}).text
    assert (SILENT not in page) is is_over


def test_a_course_without_a_session_left_is_over(world: World) -> None:
    (patient_id,) = with_cohort(world, 1)
    with world.database.write("demo") as session:
        first = session.scalars(select(StoredPrescription)).one()
        now_ms = (first.in_force_ms or 0) + 1
        assert over(session, "demo", now_ms=now_ms) == {patient_id}
        last = session.scalars(select(DeliveredSession)).all()[-1]
        last.kind = int(SessionKind.MAKE_UP)
        session.flush()
        assert over(session, "demo", now_ms=now_ms) == frozenset()
