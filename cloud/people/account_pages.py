"""The own account: its passkeys, another one, and one that is gone."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from cloud.dashboard.answers import ANSWER_SENT, Nothing, Options
from cloud.dashboard.gates import ceremony, reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, identifier
from cloud.errors import Refused
from cloud.language import LANGUAGES
from cloud.people import passkeys, service, step_up
from cloud.people.authority import TABLE, Act, Reach, reach
from cloud.people.ceremonies import answer_of, begin, running
from cloud.people.service import Person
from cloud.people.staff import member_of

ANOTHER_MS = 15 * 60_000
FIELDS_MAX = 32
router = APIRouter()


@router.get("/account", dependencies=[reading(Act.OWN_ACCOUNT)])
def account_page(dashboard: Parts, person: Acting) -> Response:
    """The person's passkeys."""
    with dashboard.database.read(person.clinic_id) as session:
        keys = service.keys_of(session, person.clinic_id, person.staff_id)
    return dashboard.page("account.html", person, keys=keys, languages=LANGUAGES.values())


@router.post("/account/language", dependencies=[sending(Act.OWN_ACCOUNT)])
def choose_language(
    dashboard: Parts, person: Acting, language: Annotated[str, Form()] = ""
) -> Response:
    """Speak a language to this person from now on, or again the one that the browser asks for."""
    if language and language not in LANGUAGES:
        raise Refused("There is no such language.", code="language")
    with dashboard.database.write(person.clinic_id) as session:
        member_of(session, person.clinic_id, person.staff_id).language = language or None
        dashboard.note(session, person, "chose a language", person.actor)
    return RedirectResponse("/account", status_code=303)


@router.post("/account/passkeys", dependencies=[sending(Act.OWN_PASSKEYS)])
def another_passkey(dashboard: Parts, person: Acting) -> Response:
    """Go to where another passkey is made, on this device or by the link on another."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        member = member_of(session, person.clinic_id, person.staff_id)
        token = service.invite(session, member, now_ms=now_ms, lasts_ms=ANOTHER_MS)
        dashboard.note(session, person, "asked for another passkey", person.actor)
    return RedirectResponse(f"/invitations/{token}", status_code=303)


@router.post("/account/passkeys/{key}/remove", dependencies=[sending(Act.OWN_PASSKEYS)])
def remove_passkey(request: Request, dashboard: Parts, person: Acting, key: str) -> Response:
    """Take one of the own passkeys out of use, and sign out everywhere but here."""
    with dashboard.database.write(person.clinic_id) as session:
        service.remove_key(session, person.clinic_id, person.staff_id, identifier(key))
        service.sign_out_elsewhere(session, request.cookies.get(dashboard.cookie))
        dashboard.note(session, person, "removed a passkey", person.actor)
    return RedirectResponse("/account", status_code=303)


@router.post(
    "/passkeys/step-up/options",
    response_class=JSONResponse,
    response_model=Options,
    openapi_extra=ANSWER_SENT,
    dependencies=[ceremony(Act.STEP_UP)],
)
async def begin_step_up(request: Request, dashboard: Parts, person: Acting) -> Response:
    """Options for answering once more, bound to the act and form that the page names."""
    subject = _subject(person, await answer_of(request))
    return await run_in_threadpool(_options, dashboard, person, subject)


@router.post(
    "/passkeys/step-up",
    response_class=JSONResponse,
    response_model=Nothing,
    openapi_extra=ANSWER_SENT,
    dependencies=[ceremony(Act.STEP_UP)],
)
async def end_step_up(request: Request, dashboard: Parts, person: Acting) -> Response:
    """Check the passkey's answer; the form that it was given for may then be sent, once."""
    said = await answer_of(request)
    return await run_in_threadpool(_grant, request, dashboard, person, said)


def _options(dashboard: Dashboard, person: Person, subject: bytes) -> Response:
    with dashboard.database.read(person.clinic_id) as session:
        keys = service.keys_of(session, person.clinic_id, person.staff_id)
    options, challenge = passkeys.step_up_options(
        dashboard.site, [key.credential_id for key in keys]
    )
    return begin(dashboard, f"step-up {subject.hex()}", options, challenge)


def _grant(
    request: Request, dashboard: Dashboard, person: Person, said: dict[str, Any]
) -> Response:
    now_ms = dashboard.clock.wall_ms()
    subject = _subject(person, said)
    challenge = running(dashboard, request, f"step-up {subject.hex()}")
    credential = said.get("credential")
    if not isinstance(credential, dict):
        raise Refused("The answer is not readable.")
    with dashboard.database.write(person.clinic_id) as session:
        member = member_of(session, person.clinic_id, person.staff_id)
        passkeys.finish_step_up(
            session, dashboard.site, member, credential, challenge, now_ms=now_ms
        )
        step_up.forget_old(session, person.clinic_id, now_ms=now_ms)
        step_up.grant(session, request.cookies.get(dashboard.cookie), subject, now_ms=now_ms)
    return JSONResponse({})


def _subject(person: Person, said: dict[str, Any]) -> bytes:
    act, path, fields = said.get("act"), said.get("path"), said.get("fields")
    if not isinstance(act, str) or act not in TABLE or not isinstance(path, str):
        raise Refused("The answer is not readable.")
    if not isinstance(fields, list) or len(fields) > FIELDS_MAX:
        raise Refused("The answer is not readable.")
    pairs = []
    for each in fields:
        if not isinstance(each, list) or len(each) != 2 or not all(type(t) is str for t in each):
            raise Refused("The answer is not readable.")
        pairs.append((each[0], each[1]))
    if reach(person.roles, Act(act)) is not Reach.STEP_UP:
        raise Refused("This needs no second answer.")
    return step_up.subject_of(Act(act), path, pairs)
