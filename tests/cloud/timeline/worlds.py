"""A patient of two weeks: whole, partial and missed sessions, and what the phone told meanwhile."""

from dataclasses import dataclass

from cloud.adherence.facts import course_facts
from cloud.care.service import send_message
from cloud.patients.service import patient_of
from cloud.timeline.marks import Lane
from cloud.timeline.view import Timeline, timeline
from cloud.times import Times
from shared.care.bodies import (
    CheckinAnswers,
    Graded,
    MedicineTaken,
    MessageOut,
    RedFlag,
    ScreeningTold,
    SideEffects,
)
from shared.trust.statements import HoldKind, HoldSource
from shared.wire import records
from tests.cloud.alerts.telling import tell
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import a_day_later, send, treating
from tests.cloud.test_worker import check_in
from tests.cloud.workers import worker_of
from tests.cloud.worlds import Band, World

UTC = Times("UTC")
TRAINS = (20, 20, 14, 0, 20, None, None, 20, None, None, None, None, None, None)
"""Trains of each day's session of 20; None is a day without one. The first day is a Monday, and
the week has five sessions."""
AFTER_BAD, AFTER_GOOD = (2, 2, 2, 2, 2, 2, 2, 2, 0), (1, 1, 1, 1, 1, 1, 1, 1, 0)
HOLD_ID = bytes([7]) * 16


@dataclass
class Lived:
    """What a fortnight came to."""

    world: World
    phone: Phone
    band: Band

    @property
    def address(self) -> str:
        return f"/patients/{self.band.patient_id.hex()}"

    def timeline(self, span: str = "course", until: str = "", times: Times = UTC) -> Timeline:
        now_ms = self.world.clock.now_ms
        with self.world.database.read("demo") as session:
            patient = patient_of(session, "demo", self.band.patient_id)
            today = times.day(now_ms).toordinal()
            facts = course_facts(session, "demo", patient.patient_id, times, today=today)
            return timeline(session, patient, facts, times, now_ms=now_ms, span=span, until=until)

    def lane(self, name: str, span: str = "course", until: str = "") -> Lane:
        return next(each for each in self.timeline(span, until).lanes if each.id == name)


def lived(world: World, phone: Phone) -> Lived:
    """Live the fortnight, and let the worker open what was told."""
    band = treating(world, phone)
    worker = worker_of(world)
    for day, trains in enumerate(TRAINS):
        if trains is not None:
            band.session(trains=trains)
        _tell(world, phone, day)
        if day == 10:
            band.write(
                records.HoldPlacedBody(HOLD_ID, HoldKind.SAFETY, HoldSource.APP, "seizure", 1)
            )
        worker.round()
        a_day_later(world, band)
    send(phone, band)
    with world.database.write("demo") as session:
        send_message(
            session,
            "demo",
            band.patient_id,
            "We call you today.",
            author="A. Example",
            actor="staff/1",
            now_ms=world.clock.now_ms,
        )
    return Lived(world, phone, band)


def _tell(world: World, phone: Phone, day: int) -> None:
    session_id = bytes([day]) * 16
    if day in (0, 7):
        check_in(world, phone, f"checkin/{day}", AFTER_GOOD if day else AFTER_BAD)
    if day == 0:
        grades = (Graded("headache", 2), Graded("scalp", 1))
        tell(world, phone, SideEffects(session_id, 1, grades, softer=False))
        tell(
            world, phone, MedicineTaken(bytes([1]) * 16, "Sertraline", "50 mg", world.clock.now_ms)
        )
        tell(world, phone, MedicineTaken(bytes([2]) * 16, "Ibuprofen", "", world.clock.now_ms))
        removed = MedicineTaken(bytes([2]) * 16, "Ibuprofen", "", world.clock.now_ms, removed=True)
        tell(world, phone, removed)
    elif day == 1:
        tell(world, phone, SideEffects(session_id, 1, (), softer=False))
        tell(world, phone, CheckinAnswers("sleep-mood", 1, (6, 2, 4), "en"))
        tell(world, phone, MessageOut("Can I swim?", call_me=True))
    elif day == 4:
        tell(world, phone, ScreeningTold("sleep_some", "yes", "ask"))
        tell(world, phone, RedFlag("seizure"))
