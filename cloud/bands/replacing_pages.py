"""Pages by which a patient gets another band: in mid-course by a signature, else at once (R24)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from cloud.bands.predecessor import Predecessor, predecessor_of
from cloud.bands.successor import read_surety, successor, ways_of
from cloud.bands.taking_over import give
from cloud.clinics.certificates import certificates_for
from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, identifier
from cloud.errors import NotFound, Refused
from cloud.language import _
from cloud.patients import service as patients
from cloud.patients.models import Device, Patient
from cloud.people.authority import Act
from cloud.people.service import Person
from cloud.prescriptions import service
from cloud.prescriptions.drafts import Recipient
from cloud.prescriptions.forms import Typed, described, require_own_form
from cloud.prescriptions.handing import desk_link
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.overtaking import Overtaking, overtaking
from cloud.prescriptions.refusals import Broken, in_words
from cloud.steps.threshold import METHODS, read_measurement
from shared.dose.envelope import violations
from shared.dose.prescription import Prescription, ThresholdKind
from shared.trust.statements import Purpose

FIELDS = ("patient_id", "serial", "device_id", "surety", "percent", "method", "by", "seen")
router = APIRouter()


@dataclass(frozen=True)
class Change:
    """A patient, the band that they have (None: none) and those that they may be given instead.

    ``predecessor`` is None where no course goes on.
    """

    patient: Patient
    age: int | None
    now: Device | None
    free: tuple[Device, ...]
    predecessor: Predecessor | None
    newest: StoredPrescription | None

    @property
    def serial(self) -> int:
        """The version that a signature would make."""
        return self.newest.serial + 1 if self.newest else 1


@dataclass(frozen=True)
class Made:
    """What the form comes to: a prescription, or why there is none yet."""

    prescription: Prescription | None = None
    problem: str = ""
    overtaken: Overtaking | None = None
    violations: tuple[Broken, ...] = ()
    ask: bool = False

    @property
    def waits(self) -> bool:
        """Whether the page is shown once more before anything goes to the desk."""
        return bool(self.problem or self.overtaken or self.violations or self.ask)


@router.get("/patients/{patient}/another-band", dependencies=[reading(Act.REPLACE_BAND)])
def another_band_page(dashboard: Parts, person: Acting, patient: str) -> Response:
    """What goes on with another band, and from where on."""
    with dashboard.database.read(person.clinic_id) as session:
        change = _change(session, dashboard, person, patient, {})
        values = _values(session, dashboard, change, {}, Made())
    dashboard.audit(person, "read a patient", f"patient/{change.patient.patient_id.hex()}")
    return dashboard.page("another_band.html", person, **values)


@router.post(
    "/patients/{patient}/another-band",
    openapi_extra=described(FIELDS),
    dependencies=[sending(Act.REPLACE_BAND)],
)
def replace_band(dashboard: Parts, person: Sending, patient: str, form: Typed) -> Response:
    """Show what counts as given and what is left; asked again, hand it to the desk."""
    require_own_form(form, patient)
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        change = _change(session, dashboard, person, patient, form)
        whose = change.patient.patient_id
        made = _made(session, change, form, now_ms // 1000)
        if made.prescription is None or made.waits:
            dashboard.note(session, person, "tried a draft", f"patient/{whose.hex()}")
            values = _values(session, dashboard, change, form, made)
            return dashboard.page("another_band.html", person, **values)
        stored = _keep(session, person, change, made.prescription, form, now_ms)
        listed = [service.to_sign(session, stored)]
        link = desk_link(session, dashboard.settings, person, listed)
        subject = f"prescription/{stored.hash.hex()}"
        dashboard.note(session, person, "drafted another band", subject, [whose])
    sentence = _("The course of {name} on another band, version {serial}: fixed, byte for byte.")
    sentence = sentence.format(name=change.patient.name, serial=stored.serial)
    return dashboard.page("to_desk.html", person, link=link, sentence=sentence, kept="")


@router.post("/patients/{patient}/band", dependencies=[sending(Act.REPLACE_BAND)])
def give_band(
    dashboard: Parts,
    person: Sending,
    patient: str,
    patient_id: Annotated[str, Form()] = "",
    device_id: Annotated[str, Form()] = "",
) -> Response:
    """Give a patient another band where no course goes on; then their phone needs a code for it."""
    if identifier(patient_id) != identifier(patient):
        raise NotFound("This form is of another patient. Open the page again.")
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        change = _change(session, dashboard, person, patient, {"device_id": device_id})
        whose = change.patient.patient_id
        if change.predecessor is not None:
            raise Refused("A course goes on: let it go on with the other band, or end it first.")
        give(session, person.clinic_id, whose, identifier(device_id), now_ms=now_ms)
        dashboard.note(session, person, "gave another band", f"device/{device_id}", [whose])
    return RedirectResponse(f"/patients/{whose.hex()}/codes", status_code=303)


def _change(
    session: Session, dashboard: Dashboard, person: Person, patient: str, form: Mapping[str, str]
) -> Change:
    now_ms = dashboard.clock.wall_ms()
    found = patients.patient_here(session, person.clinic_id, identifier(patient))
    had = patients.device_if_any(session, person.clinic_id, found.patient_id)
    typed = form.get("device_id", "")
    chosen = identifier(typed) if typed else b""
    predecessor = predecessor_of(session, dashboard.folds, found, chosen, now_ms=now_ms)
    free = patients.free_devices(session, person.clinic_id)
    again = (
        predecessor is not None
        and had is not None
        and _may_be_signed_again(session, dashboard, found, had, now_ms)
    )
    return Change(
        patient=found,
        age=patients.age_of(found, dashboard.times.day(now_ms)),
        now=had,
        free=(had, *free) if again and had is not None else free,
        predecessor=predecessor,
        newest=service.newest_signed(session, person.clinic_id, found.patient_id),
    )


def _may_be_signed_again(
    session: Session, dashboard: Dashboard, patient: Patient, had: Device, now_ms: int
) -> bool:
    """Whether the band that they have was signed for in place of another and has nothing yet."""
    found = predecessor_of(session, dashboard.folds, patient, had.device_id, now_ms=now_ms)
    return found is not None


def _made(session: Session, change: Change, form: Mapping[str, str], now_s: int) -> Made:
    clinic_id, patient_id = change.patient.clinic_id, change.patient.patient_id
    late = overtaking(session, clinic_id, patient_id, form.get("serial", ""))
    try:
        if change.predecessor is None:
            raise Refused("No course goes on that another band could take over.")
        chosen = _chosen(change, form)
        made = successor(change.predecessor, chosen.device_id, change.serial, form, now_s=now_s)
    except Refused as problem:
        return Made(problem=problem.said(), overtaken=late)
    return Made(
        prescription=made,
        overtaken=late,
        violations=in_words(violations(made)),
        ask=form.get("seen") != _seen(change.predecessor, made),
    )


def _chosen(change: Change, form: Mapping[str, str]) -> Device:
    found = [each for each in change.free if each.device_id.hex() == form.get("device_id")]
    if not found:
        raise Refused("Choose the band that the course goes on with.", code="device")
    return found[0]


def _seen(predecessor: Predecessor, made: Prescription) -> str:
    """What was shown before the desk is offered: by which band, surety, balance and threshold."""
    shown = made.replacement
    assert shown is not None
    opening = shown.opening
    said = (
        made.device_id.hex(),
        str(shown.in_clinics_hands),
        "" if shown.final_head_hash is None else shown.final_head_hash.hex(),
        str(opening.course_sessions),
        str(opening.course_pulses),
        str(made.threshold.percent_mso),
    )
    return "/".join((predecessor.device.device_id.hex(), *said))


def _keep(
    session: Session,
    person: Person,
    change: Change,
    made: Prescription,
    form: Mapping[str, str],
    now_ms: int,
) -> StoredPrescription:
    patient = change.patient
    recipient = Recipient(
        clinic_id=patient.clinic_id,
        device_id=made.device_id,
        patient_id=patient.patient_id,
        initials=patient.initials,
        serial=change.serial,
        replaces_hash=None,
        course_id=made.course_id,
    )
    made = replace(made, initials=patient.initials)
    stored = service.keep_draft(session, recipient, made, person.staff_id, now_ms=now_ms)
    if made.threshold.kind is not ThresholdKind.NONE:
        measured = read_measurement(form)
        stored.threshold_method, stored.threshold_by = measured.method, measured.by
    return stored


def _values(
    session: Session, dashboard: Dashboard, change: Change, form: Mapping[str, str], made: Made
) -> dict[str, Any]:
    now_s = dashboard.clock.wall_ms() // 1000
    old = change.predecessor
    return {
        "change": change,
        "patient": change.patient,
        "patient_id": change.patient.patient_id.hex(),
        "age": change.age,
        "old": old,
        "ways": () if old is None else ways_of(old, now_s=now_s),
        "form": form,
        "made": made,
        "rx": made.prescription,
        "seen": _seen(old, made.prescription) if old and made.prescription else "",
        "methods": METHODS,
        "fixed_output": old is not None and old.before.threshold.kind is ThresholdKind.NONE,
        "by_last_word": old is not None and _by_last_word(old, form, now_s),
        "certified": bool(certificates_for(session, change.patient.clinic_id, Purpose.STAFF)),
    }


def _by_last_word(old: Predecessor, form: Mapping[str, str], now_s: int) -> bool:
    try:
        return read_surety(form, old, now_s=now_s).value == "last-word"
    except Refused:
        return False
