"""Lifting holds: of one patient, or of several in one list and by one signature at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, identifier
from cloud.errors import NotFound, Refused
from cloud.holds.lifting import Liftable, is_rest, liftable, perhaps_held
from cloud.holds.models import Hold
from cloud.holds.placing import Placers, placers_of
from cloud.holds.service import holds_of
from cloud.holds.waiting import waiting_lines
from cloud.language import n_
from cloud.patients import service as patients
from cloud.patients.models import Patient
from cloud.people.authority import Act
from cloud.people.reach import require_patient, within_reach
from cloud.prescriptions.handing import desk_link
from cloud.prescriptions.service import ToSign
from cloud.words.service import draft_word
from shared.dose.ledger import OpenHold
from shared.trust.challenge import MAXIMUM_STATEMENTS

router = APIRouter()
Names = Annotated[list[str], Form()]


@dataclass(frozen=True)
class Held:
    """A patient with what can be lifted on their band."""

    patient: Patient
    patient_id: str
    age: int | None
    band: str
    found: Liftable
    asked: Mapping[bytes, Hold]
    placers: Placers
    waiting: tuple[str, ...]
    """What was asked for and can't be lifted yet."""

    def placed(self, hold: OpenHold) -> str:
        """Who placed a hold that stands."""
        return self.placers.of(hold, self.asked.get(hold.hold_id))


@router.get("/patients/{patient}/lift", dependencies=[reading(Act.LIFT_HOLD)])
def lift_page(dashboard: Parts, person: Acting, patient: str) -> Response:
    """What stands on one patient's band."""
    with dashboard.database.read(person.clinic_id) as session:
        held = _held(session, dashboard, person.clinic_id, identifier(patient))
    dashboard.audit(person, "read a patient", f"patient/{held.patient_id}")
    return dashboard.page("lift.html", person, held=held, is_rest=is_rest)


@router.post("/patients/{patient}/lift", dependencies=[sending(Act.LIFT_HOLD)])
def lift(
    dashboard: Parts,
    person: Sending,
    patient: str,
    patient_id: Annotated[str, Form()] = "",
    hold: Names = [],  # noqa: B006 (FastAPI copies it)
    postponement: Annotated[str, Form()] = "",
) -> Response:
    """Fix what lifts the chosen holds, and hand it to the desk."""
    if identifier(patient_id) != identifier(patient):
        raise NotFound("This form is of another patient. Open the page again.")
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        held = _held(session, dashboard, person.clinic_id, identifier(patient))
        word = held.found.word(hold, with_postponement=bool(postponement))
        whose = held.patient.patient_id
        stored = draft_word(session, word, person.clinic_id, whose, person.staff_id, now_ms=now_ms)
        listed = [ToSign(stored.type, stored.data)]
        link = desk_link(session, dashboard.settings, person, listed)
        dashboard.note(session, person, "drafted a lift", f"word/{stored.digest.hex()}", [whose])
    sentence = n_(
        "The lift of {count} hold of {name} is fixed, byte for byte.",
        "The lift of {count} holds of {name} is fixed, byte for byte.",
        len(word.holds),
    ).format(count=len(word.holds), name=held.patient.name)
    return dashboard.page("to_desk.html", person, link=link, sentence=sentence, kept="")


@router.get("/lift", dependencies=[reading(Act.LIFT_HOLD)])
def lift_list(dashboard: Parts, person: Acting) -> Response:
    """Every own patient whose band is known to be held."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.read(person.clinic_id) as session:
        known = perhaps_held(session, person.clinic_id)
        everybody = [
            each
            for each in patients.all_patients(session, person.clinic_id)
            if each.patient_id in known
        ]
        own = within_reach(session, person, everybody, Act.LIFT_HOLD, now_ms=now_ms)
        looked = [_held(session, dashboard, person.clinic_id, each.patient_id) for each in own]
        held = [each for each in looked if each.found.holds or not each.found.reads]
        rows = sorted(held, key=lambda each: each.patient.name)
    shown = [each.patient.patient_id for each in rows]
    dashboard.audit(person, "read the list of holds", "patients", shown)
    return dashboard.page(
        "lift_list.html",
        person,
        rows=rows,
        is_rest=is_rest,
        most=MAXIMUM_STATEMENTS,
    )


@router.post("/lift", dependencies=[sending(Act.LIFT_HOLD)])
def lift_several(dashboard: Parts, person: Sending, whose: Names = []) -> Response:  # noqa: B006
    """Fix one word for each chosen patient; the desk signs them by one signature."""
    chosen = list(dict.fromkeys(map(identifier, whose)))
    if not 1 <= len(chosen) <= MAXIMUM_STATEMENTS:
        raise Refused("Choose 1 to {most} patients.", code="list", most=MAXIMUM_STATEMENTS)
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        words = []
        for patient_id in chosen:
            require_patient(session, person, patient_id, Act.LIFT_HOLD, now_ms=now_ms)
            held = _held(session, dashboard, person.clinic_id, patient_id)
            word = held.found.word(each.hold_id.hex() for each in held.found.holds)
            words.append(
                draft_word(
                    session, word, person.clinic_id, patient_id, person.staff_id, now_ms=now_ms
                )
            )
        listed = [ToSign(each.type, each.data) for each in words]
        link = desk_link(session, dashboard.settings, person, listed)
        subject = f"word/{words[0].digest.hex()}"
        dashboard.note(session, person, "drafted a lift", subject, chosen)
    sentence = n_(
        "The lift for {count} patient is fixed, byte for byte.",
        "The lifts for {count} patients are fixed, byte for byte.",
        len(chosen),
    ).format(count=len(chosen))
    return dashboard.page("to_desk.html", person, link=link, sentence=sentence, kept="")


def _held(session: Session, dashboard: Dashboard, clinic_id: str, patient_id: bytes) -> Held:
    now_ms = dashboard.clock.wall_ms()
    found = patients.patient_here(session, clinic_id, patient_id)
    device = patients.device_of(session, clinic_id, patient_id)
    age = patients.age_of(found, dashboard.times.day(now_ms))
    stands = liftable(session, dashboard.folds, device, now_ms=now_ms)
    asked = {each.hold_id: each for each in holds_of(session, clinic_id, patient_id)}
    placers = placers_of(session, clinic_id)
    waiting = waiting_lines(session, dashboard.times, found, now_ms=now_ms)
    return Held(found, found.patient_id.hex(), age, device.serial, stands, asked, placers, waiting)
