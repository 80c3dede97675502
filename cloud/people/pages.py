"""Pages of signing in: invitation, first passkey, sign-in, sign-out."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from cloud.clinics.models import Clinic
from cloud.dashboard.parts import Dashboard, Parts, Sending
from cloud.people import passkeys, service
from cloud.people.models import Member

CEREMONY_COOKIE = "circlet-ceremony"
BODY_MAX = 32_768
router = APIRouter()


@router.get("/sign-in")
def sign_in_page(dashboard: Parts) -> Response:
    """The sign-in page."""
    return dashboard.page("sign_in.html")


@router.get("/invitations/{token}")
def invitation_page(dashboard: Parts, token: str) -> Response:
    """The page on which an invited person makes a passkey."""
    with dashboard.database.read(service.clinic_of_invitation(token)) as session:
        _, member = service.invited(session, token, now_ms=dashboard.clock.wall_ms())
        clinic = session.get_one(Clinic, member.clinic_id)
    return dashboard.page("invitation.html", member=member, clinic=clinic, token=token)


@router.post("/passkeys/sign-in/options")
def begin_sign_in(dashboard: Parts) -> Response:
    """Options for the browser; the challenge travels in a sealed cookie."""
    options, challenge = passkeys.sign_in_options(dashboard.site)
    return _ceremony(dashboard, "sign-in", options, challenge)


@router.post("/passkeys/sign-in")
async def end_sign_in(request: Request, dashboard: Parts) -> Response:
    """Check the passkey's answer and sign in."""
    return await run_in_threadpool(_sign_in, request, dashboard, await _answer(request))


@router.post("/passkeys/registration/{token}/options")
def begin_registration(dashboard: Parts, token: str) -> Response:
    """Options for making a passkey, for who holds the invitation."""
    with dashboard.database.read(service.clinic_of_invitation(token)) as session:
        _, member = service.invited(session, token, now_ms=dashboard.clock.wall_ms())
        clinic = session.get_one(Clinic, member.clinic_id)
    options, challenge = passkeys.registration_options(dashboard.site, member, clinic.name)
    return _ceremony(dashboard, "registration", options, challenge)


@router.post("/passkeys/registration/{token}")
async def end_registration(request: Request, dashboard: Parts, token: str) -> Response:
    """Store the passkey, use the invitation up, and sign in."""
    return await run_in_threadpool(_register, request, dashboard, token, await _answer(request))


@router.post("/sign-out")
def sign_out(request: Request, dashboard: Parts, person: Sending) -> Response:
    """End the sign-in."""
    with dashboard.database.write(person.clinic_id) as session:
        service.sign_out(session, request.cookies.get(dashboard.cookie))
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(dashboard.cookie)
    return answer


async def _answer(request: Request) -> dict[str, Any]:
    body = bytearray()
    async for part in request.stream():
        body += part[: BODY_MAX + 1 - len(body)]
    return passkeys.parse_answer(bytes(body))


def _sign_in(request: Request, dashboard: Dashboard, answer: dict[str, Any]) -> Response:
    now_ms = dashboard.clock.wall_ms()
    challenge = dashboard.site.challenge(
        "sign-in", request.cookies.get(CEREMONY_COOKIE), now_ms=now_ms
    )
    with dashboard.database.write(passkeys.clinic_of_answer(answer)) as session:
        member = passkeys.finish_sign_in(session, dashboard.site, answer, challenge, now_ms=now_ms)
        cookie = service.open_sign_in(
            session, member, hours=dashboard.settings.session_hours, now_ms=now_ms
        )
    return _signed_in(dashboard, member, cookie)


def _register(
    request: Request, dashboard: Dashboard, token: str, answer: dict[str, Any]
) -> Response:
    now_ms = dashboard.clock.wall_ms()
    challenge = dashboard.site.challenge(
        "registration", request.cookies.get(CEREMONY_COOKIE), now_ms=now_ms
    )
    with dashboard.database.write(service.clinic_of_invitation(token)) as session:
        invitation, member = service.invited(session, token, now_ms=now_ms)
        passkeys.finish_registration(session, dashboard.site, member, answer, challenge, now_ms)
        invitation.used_ms = now_ms
        cookie = service.open_sign_in(
            session, member, hours=dashboard.settings.session_hours, now_ms=now_ms
        )
    return _signed_in(dashboard, member, cookie)


def _ceremony(dashboard: Dashboard, purpose: str, options: str, challenge: bytes) -> Response:
    answer = Response(options, media_type="application/json")
    answer.set_cookie(
        CEREMONY_COOKIE,
        dashboard.site.seal(purpose, challenge, now_ms=dashboard.clock.wall_ms()),
        httponly=True,
        samesite="strict",
        secure=dashboard.settings.https,
    )
    return answer


def _signed_in(dashboard: Dashboard, member: Member, cookie: str) -> Response:
    person = service.Person(member.clinic_id, member.staff_id, member.name, member.role, "")
    dashboard.audit(person, "signed in", person.actor)
    answer = JSONResponse({"next": "/"})
    answer.set_cookie(
        dashboard.cookie, cookie, httponly=True, samesite="strict", secure=dashboard.settings.https
    )
    answer.delete_cookie(CEREMONY_COOKIE)
    return answer
