"""The page by which a prescriber lets a patient's band go: signed at the desk, it retires (R23).

The word names the record's newest verified head. The band takes it while that is its own newest, at
its person's touch in the app, and says its last word by which a course goes on elsewhere (R24).
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.clinics.certificates import certificates_for
from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, identifier
from cloud.errors import NotFound, Refused
from cloud.language import _
from cloud.ledger.models import LedgerChain
from cloud.patients import service as patients
from cloud.patients.models import Device
from cloud.patients.silence import silence_of
from cloud.people.authority import Act
from cloud.people.service import Person
from cloud.prescriptions.handing import desk_link
from cloud.prescriptions.service import ToSign
from cloud.words.service import draft_word
from shared.trust.staff_words import HandOver, HandOverPurpose
from shared.trust.statements import Purpose

router = APIRouter()


@router.get("/patients/{patient}/let-go", dependencies=[reading(Act.REPLACE_BAND)])
def let_go_page(dashboard: Parts, person: Acting, patient: str) -> Response:
    """What is known of the band's record, and what happens when it's let go."""
    with dashboard.database.read(person.clinic_id) as session:
        values = _values(session, dashboard, person, patient)
    dashboard.audit(person, "read a patient", f"patient/{values['patient_id']}")
    return dashboard.page("let_go.html", person, **values)


@router.post("/patients/{patient}/let-go", dependencies=[sending(Act.REPLACE_BAND)])
def let_go(
    dashboard: Parts, person: Sending, patient: str, patient_id: Annotated[str, Form()] = ""
) -> Response:
    """Fix the word that retires the band, and hand it to the desk."""
    if identifier(patient_id) != identifier(patient):
        raise NotFound("This form is of another patient. Open the page again.")
    with dashboard.database.write(person.clinic_id) as session:
        values = _values(session, dashboard, person, patient)
        device, chain, whose = values["device"], values["chain"], values["patient"].patient_id
        if chain is None:
            raise Refused("Nothing of this band's record is verified yet.", code="record")
        if device.retired_ms is not None:
            raise Refused("This band is out of use already.", code="device")
        word = HandOver(
            device.device_id,
            chain.epoch,
            chain.verified_to,
            chain.verified_hash,
            HandOverPurpose.RETIRE,
        )
        stored = draft_word(
            session,
            word,
            person.clinic_id,
            whose,
            person.staff_id,
            now_ms=dashboard.clock.wall_ms(),
        )
        listed = [ToSign(stored.type, stored.data)]
        link = desk_link(session, dashboard.settings, person, listed)
        subject = f"word/{stored.digest.hex()}"
        dashboard.note(session, person, "drafted the end of a band", subject, [whose])
    sentence = _("That band {band} of {name} retires is fixed, byte for byte.").format(
        band=device.serial, name=values["patient"].name
    )
    return dashboard.page("to_desk.html", person, link=link, sentence=sentence, kept="")


def _values(session: Session, dashboard: Dashboard, person: Person, patient: str) -> dict[str, Any]:
    found = patients.patient_here(session, person.clinic_id, identifier(patient))
    device = patients.device_of(session, person.clinic_id, found.patient_id)
    return {
        "patient": found,
        "patient_id": found.patient_id.hex(),
        "age": patients.age_of(found, dashboard.times.day(dashboard.clock.wall_ms())),
        "device": device,
        "chain": _verified(session, device),
        "silence": silence_of(session, found),
        "certified": bool(certificates_for(session, person.clinic_id, Purpose.STAFF)),
    }


def _verified(session: Session, device: Device) -> LedgerChain | None:
    return session.scalar(
        select(LedgerChain)
        .where(
            LedgerChain.clinic_id == device.clinic_id,
            LedgerChain.device_id == device.device_id,
            LedgerChain.patient_id == device.patient_id,
            LedgerChain.verified_to > 0,
        )
        .order_by(LedgerChain.received_to.desc())
        .limit(1)
    )
