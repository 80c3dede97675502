"""Pages of prescribing: the draft with its consequences, the way to the desk and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from cloud.adherence.facts import course_facts
from cloud.clinics.certificates import certificates_for
from cloud.clinics.service import clinic_of
from cloud.dashboard.answers import FormToken
from cloud.dashboard.gates import open_to_all, reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, Watching, identifier
from cloud.errors import NotFound
from cloud.language import _
from cloud.patients import service as patients
from cloud.patients.models import Patient
from cloud.people.authority import Act
from cloud.people.reach import require_patient
from cloud.people.service import Person
from cloud.prescriptions import choices, draft_form, drafts, service, thresholds
from cloud.prescriptions.compare import compare, large_step
from cloud.prescriptions.draft_form import FORM_FIELDS, Fault
from cloud.prescriptions.drafts import Draft, Recipient
from cloud.prescriptions.forms import Typed, described, require_own_form
from cloud.prescriptions.handing import desk_link
from cloud.prescriptions.measured import Measured, measured
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.overtaking import Overtaking, overtaking
from cloud.prescriptions.phases import completed_sessions
from cloud.prescriptions.preview import draw
from cloud.prescriptions.refusals import in_words
from cloud.words.models import StaffWord
from cloud.words.signing import take_answer
from shared.dose.envelope import violations
from shared.dose.prescription import Prescription
from shared.stimulation.catalogue import CatalogueError, catalogue
from shared.trust.statements import Purpose

router = APIRouter()


@router.get("/patients/{patient}/prescribe", dependencies=[reading(Act.DRAFT)])
def prescribe_page(
    dashboard: Parts, person: Acting, patient: str, protocol: str | None = None
) -> Response:
    """The draft, beginning with the catalogue's values or the prescription before."""
    with dashboard.database.read(person.clinic_id) as session:
        found = patients.here(
            session, patients.patient_of(session, person.clinic_id, identifier(patient))
        )
        recipient = _recipient(session, found)
        draft = _begin(found, recipient, protocol)
        values = _consequences(session, dashboard, found, recipient, draft, ())
    dashboard.audit(person, "read a patient", f"patient/{found.patient_id.hex()}")
    return dashboard.page("prescribe.html", person, **values | {"fresh": True})


@router.post(
    "/patients/{patient}/prescribe/preview",
    openapi_extra=described(FORM_FIELDS),
    dependencies=[sending(Act.DRAFT)],
)
def preview(
    request: Request, dashboard: Parts, person: Sending, patient: str, form: Typed
) -> Response:
    """What the draft comes to, while it is typed; the whole page where no script asks for it."""
    require_own_form(form, patient)
    with dashboard.database.read(person.clinic_id) as session:
        found = patients.here(
            session, patients.patient_of(session, person.clinic_id, identifier(patient))
        )
        recipient = _recipient(session, found)
        draft, faults = _read(dashboard, form, recipient)
        values = _consequences(session, dashboard, found, recipient, draft, faults)
        values["overtaken"] = _overtaken(session, found, form)
    subject = f"patient/{found.patient_id.hex()}"
    dashboard.audit_refresh(person, "tried a draft", subject)
    whole = "HX-Request" not in request.headers
    return dashboard.page("prescribe.html" if whole else "_consequences.html", person, **values)


@router.post(
    "/patients/{patient}/prescriptions",
    openapi_extra=described(FORM_FIELDS),
    dependencies=[sending(Act.DRAFT)],
)
def to_the_desk(dashboard: Parts, person: Sending, patient: str, form: Typed) -> Response:
    """Fix the draft's bytes and hand them to the signing desk.

    What is wrong, what a colleague signed meanwhile, a large step of the output that was meant once
    only, and another protocol whose values nobody saw come back with the page, and the draft as it
    was typed.
    """
    require_own_form(form, patient)
    with dashboard.database.read(person.clinic_id) as session:
        found = patients.here(
            session, patients.patient_of(session, person.clinic_id, identifier(patient))
        )
        recipient = _recipient(session, found)
        draft, faults = _read(dashboard, form, recipient)
        values = _consequences(session, dashboard, found, recipient, draft, faults)
        values["overtaken"] = _overtaken(session, found, form)
    step = values["large_step"]
    values["ask_twice"] = step is not None and form.get("output_step_meant") != str(step.after)
    values["unseen"] = draft_form.is_another_protocol(form)
    stops = ("faults", "violations", "overtaken", "ask_twice", "unseen")
    if any(values[name] for name in stops):
        dashboard.audit(person, "tried a draft", f"patient/{found.patient_id.hex()}")
        return dashboard.page("prescribe.html", person, **values)
    stored, link = _save(dashboard, person, found, draft)
    sentence = _("The draft of version {serial} for {name} is fixed, byte for byte.").format(
        serial=stored.serial, name=found.name
    )
    kept = f"{person.actor}/{found.patient_id.hex()}"
    return dashboard.page("to_desk.html", person, link=link, sentence=sentence, kept=kept)


@router.get("/desk-return", dependencies=[open_to_all(Act.ENTER)])
def desk_return_page(dashboard: Parts) -> Response:
    """Where the desk comes back to; holds no data, needs no sign-in to load."""
    return dashboard.page("desk_return.html")


@router.get(
    "/desk-return/session",
    response_class=JSONResponse,
    response_model=FormToken,
    dependencies=[reading(Act.STORE_SIGNATURE)],
)
def desk_return_session(person: Watching) -> Response:
    """The form token, for the page's own script."""
    return JSONResponse({"form_token": person.form_token})


@router.post("/desk-return", dependencies=[sending(Act.STORE_SIGNATURE)])
def take_signature(
    dashboard: Parts, person: Sending, answer: Annotated[str, Form(max_length=8192)] = ""
) -> Response:
    """Verify and store what the desk signed, and queue it for the phone."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        clinic = clinic_of(session, person.clinic_id)
        taken = take_answer(session, clinic, service.read_answer(answer), now_ms=now_ms)
        for stored in taken:
            require_patient(session, person, stored.patient_id, Act.STORE_SIGNATURE, now_ms=now_ms)
            dashboard.note(
                session, person, "stored a signature", _subject(stored), [stored.patient_id]
            )
    several = len({each.patient_id for each in taken}) > 1
    back = "/" if several else f"/patients/{taken[0].patient_id.hex()}"
    return RedirectResponse(back, status_code=303)


def _subject(stored: StoredPrescription | StaffWord) -> str:
    if isinstance(stored, StaffWord):
        return f"word/{stored.digest.hex()}"
    return f"prescription/{stored.hash.hex()}"


def _overtaken(session: Session, patient: Patient, form: Mapping[str, str]) -> Overtaking | None:
    serial = form.get("serial", "")
    return overtaking(session, patient.clinic_id, patient.patient_id, serial)


def _recipient(session: Session, patient: Patient) -> Recipient:
    device = patients.device_of(session, patient.clinic_id, patient.patient_id)
    return service.recipient_of(session, patient, device)


def _read(
    dashboard: Dashboard, form: Mapping[str, str], recipient: Recipient
) -> tuple[Draft, tuple[Fault, ...]]:
    try:
        return draft_form.from_form(
            form, recipient, dashboard.times, now_ms=dashboard.clock.wall_ms()
        )
    except CatalogueError as problem:
        raise NotFound("The catalogue has no such protocol.") from problem


def _begin(patient: Patient, recipient: Recipient, protocol: str | None) -> Draft:
    before = recipient.before
    own = choices.first_choice(catalogue(), patient.indication)
    own = before.protocol_id if before else own
    try:
        return drafts.begin(protocol or own, recipient)
    except CatalogueError as problem:
        raise NotFound("The catalogue has no such protocol.") from problem


def _consequences(
    session: Session,
    dashboard: Dashboard,
    patient: Patient,
    recipient: Recipient,
    draft: Draft,
    faults: tuple[Fault, ...],
) -> dict[str, Any]:
    now_ms = dashboard.clock.wall_ms()
    prescription = drafts.build(draft, recipient, now_s=now_ms // 1000)
    before, entry = recipient.before, catalogue().entry(draft.protocol_id)
    part, part_before = prescription.parts[0], before.parts[0] if before else None
    age = patients.age_of(patients.here(session, patient), dashboard.times.day(now_ms))
    given = thresholds.is_given(prescription.threshold)
    broken = tuple(
        each
        for each in violations(prescription, before)
        if given or not each.field.startswith("threshold.")
    )
    certified = bool(certificates_for(session, patient.clinic_id, Purpose.STAFF))
    completed = completed_sessions(
        prescription,
        course_facts(
            session,
            patient.clinic_id,
            patient.patient_id,
            dashboard.times,
            today=dashboard.times.day(now_ms).toordinal(),
        ),
    )
    missing = draft_form.not_given(draft, faults)
    measured_s = draft.measured_s
    return {
        "patient": patient,
        "patient_id": patient.patient_id.hex(),
        "age": age,
        "draft": draft,
        "faults": (*faults, *missing, *draft_form.too_young(entry, age or 0)),
        "violations": in_words(broken),
        "threshold": prescription.threshold,
        "threshold_given": given,
        "threshold_asked": thresholds.is_asked(entry),
        "threshold_from": _threshold_from(session, patient, recipient, prescription),
        "measured_on": dashboard.times.day(measured_s * 1000) if measured_s is not None else None,
        "today": dashboard.times.day(now_ms),
        "entry": entry,
        "groups": choices.groups(catalogue(), patient.indication),
        "enrolled_for": choices.enrolled_for(catalogue(), patient.indication),
        "off_label": choices.off_label(catalogue(), entry, patient.indication),
        "nothing_offered": choices.nothing_offered(catalogue(), patient.indication),
        "serial": recipient.serial,
        "before": before,
        "drawing": draw(part, part_before),
        "drawn_before": draw(part_before, part) if part_before else None,
        "in_force": _in_force(session, patient),
        "lines": compare(before, prescription, completed=completed),
        "certified": certified,
        "large_step": large_step(before, prescription),
        "ask_twice": False,
        "overtaken": None,
        "unseen": False,
        "fresh": False,
    }


def _threshold_from(
    session: Session, patient: Patient, recipient: Recipient, prescription: Prescription
) -> Measured | None:
    """Return how the threshold that is carried over was measured; None where it's a new one."""
    before = recipient.before
    had = (before.threshold, before.second_threshold) if before else ()
    if prescription.threshold not in had:
        return None
    return measured(session, patient.clinic_id, patient.patient_id, prescription.threshold)


def _in_force(session: Session, patient: Patient) -> int | None:
    """Return the version that the band's own record says is installed."""
    found = service.newest_in_force(session, patient.clinic_id, patient.patient_id)
    return found.serial if found else None


def _save(
    dashboard: Dashboard, person: Person, patient: Patient, draft: Draft
) -> tuple[StoredPrescription, str]:
    with dashboard.database.write(person.clinic_id) as session:
        device = patients.device_of(session, person.clinic_id, patient.patient_id)
        recipient = service.recipient_of(session, patient, device)
        stored = service.save_draft(
            session, recipient, draft, person.staff_id, now_ms=dashboard.clock.wall_ms()
        )
        listed = [service.to_sign(session, stored)]
        link = desk_link(session, dashboard.settings, person, listed)
        subject = f"prescription/{stored.hash.hex()}"
        dashboard.note(session, person, "drafted a prescription", subject, [patient.patient_id])
    return stored, link
