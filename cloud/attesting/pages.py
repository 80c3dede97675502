"""A band's lost time: what it asks, what its record says, and from there to the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cloud.attesting.offering import Offer, offer
from cloud.clinics.certificates import certificates_for
from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, identifier
from cloud.errors import NotFound
from cloud.language import _
from cloud.patients import service as patients
from cloud.patients.models import Device, Patient
from cloud.people.authority import Act
from cloud.prescriptions.handing import desk_link
from cloud.prescriptions.service import ToSign
from cloud.words.service import draft_word
from shared.trust.statements import Purpose

router = APIRouter()


@dataclass(frozen=True)
class Asking:
    """A patient with their band and what it asks."""

    patient: Patient
    age: int | None
    device: Device
    offer: Offer
    certified: bool


@router.get("/patients/{patient}/time", dependencies=[reading(Act.ATTEST_TIME)])
def time_page(dashboard: Parts, person: Acting, patient: str) -> Response:
    """What the band asks and why, and what would be signed."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.read(person.clinic_id) as session:
        found = _asking(session, dashboard, person.clinic_id, identifier(patient))
    dashboard.audit(person, "read a patient", f"patient/{found.patient.patient_id.hex()}")
    return dashboard.page(
        "time.html",
        person,
        found=found,
        patient_id=found.patient.patient_id.hex(),
        lost_minutes=found.offer.lost.lost_ms // 60_000,
        elapsed_minutes=found.offer.elapsed_ms(now_ms) // 60_000,
        asked_minutes=_age_minutes(found.offer, now_ms),
        expired=found.offer.expired(now_ms),
        may_sign=found.offer.is_open(now_ms),
    )


@router.post("/patients/{patient}/time", dependencies=[sending(Act.ATTEST_TIME)])
def attest(
    dashboard: Parts,
    person: Sending,
    patient: str,
    patient_id: Annotated[str, Form()] = "",
    nonce: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Fix the word that attests the time, and hand it to the desk."""
    if identifier(patient_id) != identifier(patient):
        raise NotFound("This form is of another patient. Open the page again.")
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        found = _asking(session, dashboard, person.clinic_id, identifier(patient))
        word = found.offer.word(found.device.device_id, nonce, now_ms=now_ms)
        whose = found.patient.patient_id
        stored = draft_word(session, word, person.clinic_id, whose, person.staff_id, now_ms=now_ms)
        listed = [ToSign(stored.type, stored.data)]
        link = desk_link(session, dashboard.settings, person, listed)
        subject = f"word/{stored.digest.hex()}"
        dashboard.note(session, person, "drafted a word on time", subject, [whose])
    sentence = _("The time of band {band}, of {name}, is fixed, byte for byte.").format(
        band=found.device.serial, name=found.patient.name
    )
    return dashboard.page("to_desk.html", person, link=link, sentence=sentence, kept="")


def _asking(session: Session, dashboard: Dashboard, clinic_id: str, patient_id: bytes) -> Asking:
    found = patients.patient_here(session, clinic_id, patient_id)
    device = patients.device_of(session, clinic_id, patient_id)
    return Asking(
        found,
        patients.age_of(found, dashboard.times.day(dashboard.clock.wall_ms())),
        device,
        offer(session, device),
        bool(certificates_for(session, clinic_id, Purpose.STAFF)),
    )


def _age_minutes(found: Offer, now_ms: int) -> int:
    return 0 if found.asked is None else (now_ms - found.asked.asked_ms) // 60_000
