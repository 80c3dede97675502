"""Missed sessions and those left go by this course's own, and by the days that were open."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cloud.alerts import standing
from cloud.alerts.thresholds import Thresholds
from cloud.ledger.models import DeliveredSession
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import read_prescription
from cloud.times import Times
from shared.trust.statements import HoldKind, HoldSource
from shared.wire import records
from shared.wire.records import SessionKind
from tests.cloud.alerts.telling import titles
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import a_day_later, send, treating
from tests.cloud.worlds import Band, World


def told(world: World, word: str) -> bool:
    with world.database.write("demo") as session:
        standing.look(session, "demo", Times("UTC"), now_ms=world.clock.now_ms)
    return any(word in title for _, title in titles(world))


@pytest.mark.parametrize("closed", [False, True])
def test_days_that_were_closed_are_not_missed(world: World, phone: Phone, closed: bool) -> None:
    band = treating(world, phone)
    band.session()
    a_day_later(world, band)
    if closed:
        hold = records.HoldPlacedBody(b"h" * 16, HoldKind.REST, HoldSource.CLOUD, "side-effect", 1)
        band.write(hold)
    for _ in range(14):
        a_day_later(world, band)
    send(phone, band)
    assert told(world, "missed") is not closed


def change(session: Session, number: int, **values: object) -> None:
    """Change what the record told of one session."""
    found = session.scalars(
        select(DeliveredSession.opened_number).order_by(DeliveredSession.opened_number)
    ).all()[number]
    session.execute(
        update(DeliveredSession).where(DeliveredSession.opened_number == found).values(**values)
    )


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"kind": int(SessionKind.TITRATION)},
        {"kind": int(SessionKind.MAKE_UP)},
        {"course_id": b"o" * 16},
    ],
)
def test_what_is_no_session_of_this_course_leaves_one_more(
    world: World, phone: Phone, values: dict[str, object]
) -> None:
    band: Band = treating(world, phone)
    with world.database.read("demo") as session:
        plan = read_prescription(session.scalars(select(StoredPrescription)).one())
    for _ in range(plan.limits.course_sessions - Thresholds().sessions_left):
        band.session(2, 2)
        a_day_later(world, band)
    send(phone, band)
    with world.database.write("demo") as session:
        if values:
            change(session, 5, **values)
    assert told(world, "The course") is not bool(values)
