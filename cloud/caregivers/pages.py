"""The page of somebody close, and the ways in and out: by the patient's invitation, by passkey."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from cloud.caregivers import service
from cloud.caregivers.view import numbers_of, shared_page
from cloud.caregivers.words import Words
from cloud.caregivers.words import words as words_of_page
from cloud.clinics.models import Clinic
from cloud.dashboard.answers import ANSWER_SENT, Next, Options
from cloud.dashboard.gates import open_to_all, reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, identifier
from cloud.errors import Refused
from cloud.limits.service import Tried
from cloud.people import passkeys
from cloud.people import service as people
from cloud.people.authority import Act
from cloud.people.ceremonies import answer_of, begin, running
from cloud.people.pages import counted, signed_in
from cloud.phones.codes import Code, derive_of_caregiver, read_code

HOME = "/care"
CODE_CHARACTERS = 80
_ENTER = [open_to_all(Act.ENTER)]
_PURPOSE = "caregiver"
router = APIRouter()


def is_of_caregiver(request: Request) -> bool:
    """Return whether the address is the caregiver's page."""
    return request.url.path == HOME


@router.get(HOME, dependencies=[reading(Act.READ_SHARED)])
def care_page(dashboard: Parts, person: Acting) -> Response:
    """What the one patient shares with this person now."""
    now_ms, words = dashboard.clock.wall_ms(), words_of_page()
    with dashboard.database.read(person.clinic_id) as session:
        found = service.of_member(session, person.clinic_id, person.staff_id)
        page = found and shared_page(
            session, found, dashboard.folds, dashboard.times, words, now_ms=now_ms
        )
        numbers = numbers_of(session, person.clinic_id, words)
    if found is not None:
        dashboard.audit(person, "read what is shared", f"patient/{found.patient_id.hex()}")
    as_of = words.as_of.format(when=dashboard.times.said(now_ms, now_ms))
    return dashboard.page("care.html", person, words=words, page=page, numbers=numbers, as_of=as_of)


@router.get(f"{HOME}/sign-in", dependencies=_ENTER)
def care_sign_in_page(dashboard: Parts) -> Response:
    """Where somebody close signs in again."""
    return dashboard.page("care_sign_in.html", words=words_of_page())


@router.get(f"{HOME}/join", dependencies=_ENTER)
def care_join_page(dashboard: Parts) -> Response:
    """Where an invitation's code is typed; a link has it behind the #, which no server sees."""
    return dashboard.page("care_join.html", words=words_of_page())


@router.post(
    f"{HOME}/join/options",
    response_class=JSONResponse,
    response_model=Options,
    openapi_extra=ANSWER_SENT,
    dependencies=_ENTER,
)
async def begin_joining(request: Request, dashboard: Parts) -> Response:
    """Options for making a passkey, for who has the code."""
    return await run_in_threadpool(_options, request, dashboard, await answer_of(request))


@router.post(
    f"{HOME}/join",
    response_class=JSONResponse,
    response_model=Next,
    openapi_extra=ANSWER_SENT,
    dependencies=_ENTER,
)
async def end_joining(request: Request, dashboard: Parts) -> Response:
    """Store the passkey, use the code up, tell the patient's phones, and sign in."""
    return await run_in_threadpool(_join, request, dashboard, await answer_of(request))


@router.post("/patients/{patient}/sharing/end", dependencies=[sending(Act.END_SHARING)])
def end_sharing(dashboard: Parts, person: Sending, patient: str) -> Response:
    """End what the patient shares with somebody close, as their clinic."""
    patient_id = identifier(patient)
    with dashboard.database.write(person.clinic_id) as session:
        service.end_by_clinic(
            session,
            person.clinic_id,
            patient_id,
            pages=dashboard.settings.origin,
            now_ms=dashboard.clock.wall_ms(),
        )
        subject = f"patient/{patient_id.hex()}"
        dashboard.note(session, person, "ended what a patient shares", subject)
    return RedirectResponse(f"/patients/{patient_id.hex()}", status_code=303)


def _options(request: Request, dashboard: Dashboard, said: dict[str, Any]) -> Response:
    now_ms, words = dashboard.clock.wall_ms(), words_of_page()
    code = _code(said, words)
    with counted(request, dashboard, _PURPOSE, code.clinic_id, _tried(code)):
        verifier = derive_of_caregiver(code)
        try:
            with dashboard.database.write(code.clinic_id) as session:
                found = service.invited_by(session, code, verifier, now_ms=now_ms)
                member = service.as_member(found, now_ms=now_ms)
                clinic = session.get_one(Clinic, code.clinic_id)
        except service.CodeUnknown as problem:
            raise Refused(words.code_unknown, code="code_unknown") from problem
    options, challenge = passkeys.registration_options(dashboard.site, member, clinic.name)
    return begin(dashboard, _PURPOSE, options, challenge)


def _join(request: Request, dashboard: Dashboard, said: dict[str, Any]) -> Response:
    now_ms, words = dashboard.clock.wall_ms(), words_of_page()
    challenge = running(dashboard, request, _PURPOSE)
    code, credential = _code(said, words), said.get("credential")
    if not isinstance(credential, dict):
        raise Refused("The answer is not readable.")
    with counted(request, dashboard, _PURPOSE, code.clinic_id, _tried(code)):
        verifier = derive_of_caregiver(code)
        try:
            with dashboard.database.write(code.clinic_id) as session:
                found = service.invited_by(session, code, verifier, now_ms=now_ms)
                member = service.come_in(session, found, now_ms=now_ms)
                passkeys.finish_registration(
                    session, dashboard.site, member, credential, challenge, now_ms
                )
                cookie = people.open_sign_in(
                    session, member, hours=dashboard.settings.session_hours, now_ms=now_ms
                )
                person = people.person_of(session, member)
                service.tell_phones(
                    session,
                    found,
                    pages=dashboard.settings.origin,
                    now_ms=now_ms,
                    name=service.name_of(found, dashboard.keys["care"]),
                )
                about = [found.patient_id]
                dashboard.note(session, person, "came in by invitation", person.actor, about)
        except service.CodeUnknown as problem:
            raise Refused(words.code_unknown, code="code_unknown") from problem
    return signed_in(dashboard, person, cookie)


def _code(said: dict[str, Any], words: Words) -> Code:
    typed = said.get("code")
    short = isinstance(typed, str) and len(typed) <= CODE_CHARACTERS
    code = read_code(typed) if short and isinstance(typed, str) else None
    if code is None:
        raise Refused(words.code_unknown, code="code_unknown")
    return code


def _tried(code: Code) -> Tried:
    return Tried(f"{code.clinic_id}-{code.code_id}".encode())
