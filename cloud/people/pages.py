"""Pages of signing in: invitation, first passkey, sign-in, sign-out."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from cloud.clinics.models import Clinic
from cloud.dashboard.answers import ANSWER_SENT, Next, Options
from cloud.dashboard.gates import open_to_all, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts
from cloud.limits.service import Tried, trying
from cloud.people import passkeys, service
from cloud.people.authority import Act
from cloud.people.ceremonies import COOKIE, answer_of, begin, running

_ENTER = [open_to_all(Act.ENTER)]
router = APIRouter()


@router.get("/sign-in", dependencies=_ENTER)
def sign_in_page(dashboard: Parts) -> Response:
    """The sign-in page."""
    return dashboard.page("sign_in.html")


@router.get("/invitations/{token}", dependencies=_ENTER)
def invitation_page(request: Request, dashboard: Parts, token: str) -> Response:
    """The page on which an invited person makes a passkey."""
    clinic_id = service.clinic_of_invitation(token)
    tried = counted(request, dashboard, "invitation", clinic_id, Tried(token.encode()))
    with tried, dashboard.database.read(clinic_id) as session:
        _, member = service.invited(session, token, now_ms=dashboard.clock.wall_ms())
        clinic = session.get_one(Clinic, member.clinic_id)
        role = service.person_of(session, member).role
    return dashboard.page("invitation.html", member=member, role=role, clinic=clinic, token=token)


@router.post(
    "/passkeys/sign-in/options",
    response_class=JSONResponse,
    response_model=Options,
    dependencies=_ENTER,
)
def begin_sign_in(dashboard: Parts) -> Response:
    """Options for the browser; the challenge travels in a sealed cookie."""
    options, challenge = passkeys.sign_in_options(dashboard.site)
    return begin(dashboard, "sign-in", options, challenge)


@router.post(
    "/passkeys/sign-in",
    response_class=JSONResponse,
    response_model=Next,
    openapi_extra=ANSWER_SENT,
    dependencies=_ENTER,
)
async def end_sign_in(request: Request, dashboard: Parts) -> Response:
    """Check the passkey's answer and sign in."""
    return await run_in_threadpool(_sign_in, request, dashboard, await answer_of(request))


@router.post(
    "/passkeys/registration/{token}/options",
    response_class=JSONResponse,
    response_model=Options,
    dependencies=_ENTER,
)
def begin_registration(request: Request, dashboard: Parts, token: str) -> Response:
    """Options for making a passkey, for who holds the invitation."""
    clinic_id = service.clinic_of_invitation(token)
    tried = counted(request, dashboard, "invitation", clinic_id, Tried(token.encode()))
    with tried, dashboard.database.read(clinic_id) as session:
        _, member = service.invited(session, token, now_ms=dashboard.clock.wall_ms())
        clinic = session.get_one(Clinic, member.clinic_id)
    options, challenge = passkeys.registration_options(dashboard.site, member, clinic.name)
    return begin(dashboard, "registration", options, challenge)


@router.post(
    "/passkeys/registration/{token}",
    response_class=JSONResponse,
    response_model=Next,
    openapi_extra=ANSWER_SENT,
    dependencies=_ENTER,
)
async def end_registration(request: Request, dashboard: Parts, token: str) -> Response:
    """Store the passkey, use the invitation up, and sign in."""
    return await run_in_threadpool(_register, request, dashboard, token, await answer_of(request))


@router.post("/sign-out", dependencies=[sending(Act.SIGN_OUT)])
def sign_out(request: Request, dashboard: Parts, person: Acting) -> Response:
    """End the sign-in."""
    with dashboard.database.write(person.clinic_id) as session:
        service.sign_out(session, request.cookies.get(dashboard.cookie))
        dashboard.note(session, person, "signed out", person.actor)
    answer = RedirectResponse(person.way_in, status_code=303)
    answer.delete_cookie(dashboard.cookie)
    return answer


def _sign_in(request: Request, dashboard: Dashboard, answer: dict[str, Any]) -> Response:
    now_ms = dashboard.clock.wall_ms()
    challenge = running(dashboard, request, "sign-in")
    clinic_id = passkeys.clinic_of_answer(answer)
    with dashboard.database.read(clinic_id) as session:
        passkey = passkeys.tried(session, answer)
    tried = counted(request, dashboard, "sign-in", clinic_id, passkey)
    with tried, dashboard.database.write(clinic_id) as session:
        member = passkeys.finish_sign_in(session, dashboard.site, answer, challenge, now_ms=now_ms)
        cookie = service.open_sign_in(
            session, member, hours=dashboard.settings.session_hours, now_ms=now_ms
        )
        person = service.person_of(session, member)
        dashboard.note(session, person, "signed in", person.actor)
    return signed_in(dashboard, person, cookie)


def _register(
    request: Request, dashboard: Dashboard, token: str, answer: dict[str, Any]
) -> Response:
    now_ms = dashboard.clock.wall_ms()
    challenge = running(dashboard, request, "registration")
    clinic_id = service.clinic_of_invitation(token)
    tried = counted(request, dashboard, "invitation", clinic_id, Tried(token.encode()))
    with tried, dashboard.database.write(clinic_id) as session:
        invitation, member = service.invited(session, token, now_ms=now_ms)
        passkeys.finish_registration(session, dashboard.site, member, answer, challenge, now_ms)
        service.use_invitation(session, invitation, now_ms=now_ms)
        cookie = service.open_sign_in(
            session, member, hours=dashboard.settings.session_hours, now_ms=now_ms
        )
        person = service.person_of(session, member)
        dashboard.note(session, person, "made a passkey", person.actor)
        dashboard.note(session, person, "signed in", person.actor)
    return signed_in(dashboard, person, cookie)


def counted(
    request: Request, dashboard: Dashboard, what: str, clinic_id: str, tried: Tried
) -> AbstractContextManager[None]:
    """Count what is done within as a try from the request's network."""
    return trying(
        dashboard.database,
        clinic_id,
        what,
        request.client.host if request.client else "",
        limit=dashboard.settings.rate_limit,
        now_ms=dashboard.clock.wall_ms(),
        tried=tried,
    )


def signed_in(dashboard: Dashboard, person: service.Person, cookie: str) -> Response:
    """Tell the browser where to go on, and give it the sign-in's cookie."""
    answer = JSONResponse({"next": person.home})
    answer.set_cookie(
        dashboard.cookie, cookie, httponly=True, samesite="strict", secure=dashboard.settings.https
    )
    answer.delete_cookie(COOKIE)
    return answer
