"""How a page says no: as a page, in words for its own script, as JSON where that was asked."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from cloud.caregivers.pages import is_of_caregiver
from cloud.caregivers.words import words as words_of_caregivers
from cloud.clock import ClockError
from cloud.dashboard.bodies import TOO_LONG, TOO_LONG_WORDS
from cloud.dashboard.parts import Dashboard
from cloud.errors import CloudError, SharingEnded, SignInNeeded, TooMany
from cloud.fhir.serving.answers import is_of_fhir, refusal
from cloud.language import _, mark, switch, told
from cloud.logs import log
from cloud.people.service import Person, clinic_of_cookie, signed_in
from cloud.training.service import CODE as TRAINING
from cloud.unforeseen import FAILED
from cloud.vault.errors import VaultError

_BUSY = mark("The server cannot answer now. Nothing was changed. Try again in a moment.")
_FAILED = mark(
    "The server failed at this. Try again; if it fails again, tell whoever runs the server."
)
_TITLES = {
    401: mark("You are not signed in"),
    403: mark("This is not open to you"),
    404: mark("Nothing is here"),
    422: mark("Something in the form doesn't fit"),
    429: mark("Too many tries"),
    500: mark("The server failed"),
    503: mark("Not just now"),
}
_TITLE = mark("That did not work")
_ADDRESS = mark("This address asks for something that isn't there to choose")
_UNREADABLE = mark("The form was not readable. Nothing was changed.")
_UNKNOWN = mark("Open the page from the menu and choose there.")


class Problem(BaseModel):
    """Why not: a stable code and a sentence."""

    code: str
    sentence: str


def add_handlers(app: FastAPI) -> None:
    """Let the pages say their errors."""
    app.add_exception_handler(CloudError, _refuse)
    app.add_exception_handler(VaultError, _locked)
    app.add_exception_handler(HTTPException, _not_here)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(ClockError, _busy)
    app.add_exception_handler(SQLAlchemyError, _busy)


def failed(request: Request) -> Response:
    """Say that the program itself failed."""
    return _say(request, FAILED, told(_FAILED), "failed")


async def _refuse(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, CloudError)
    if isinstance(problem, SignInNeeded) and request.method == "GET" and not _of_fhir(request):
        way_in = "/care/sign-in" if is_of_caregiver(request) else "/sign-in"
        if "hx-request" in request.headers:
            return Response(status_code=200, headers={"HX-Redirect": way_in})
        if "text/html" in request.headers.get("accept", ""):
            return RedirectResponse(way_in, status_code=303)
    words = words_of_caregivers().ended if isinstance(problem, SharingEnded) else problem.said()
    answer = _say(request, problem.status, words, problem.code, problem)
    if isinstance(problem, TooMany):
        answer.headers["Retry-After"] = str(problem.retry_after_s)
    return answer


async def _locked(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, VaultError)
    log.error("vault", problem=type(problem).__name__)
    return _say(request, problem.status, told(problem.sentence), problem.code)


async def _not_here(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)
    words = _("There is no such page.")
    if problem.status_code != 404:
        words = _("That cannot be done here.")
    if problem.status_code == TOO_LONG:
        words = told(TOO_LONG_WORDS)
    answer = _say(request, problem.status_code, words, "address")
    answer.headers.update(problem.headers or {})
    return answer


async def _unreadable(request: Request, _problem: Exception) -> Response:
    asked = request.method == "GET"
    return _say(request, 422, told(_UNKNOWN if asked else _UNREADABLE), "form")


async def _busy(request: Request, problem: Exception) -> Response:
    log.error("page failed", problem=type(problem).__name__)
    return _say(request, 503, told(_BUSY), "unavailable")


def _of_fhir(request: Request) -> bool:
    return is_of_fhir(request.url.path)


def _say(
    request: Request, status: int, words: str, code: str, problem: CloudError | None = None
) -> Response:
    if _of_fhir(request):
        return refusal(status, words, problem)
    if request.headers.get("content-type", "").startswith("application/json"):
        return PlainTextResponse(words, status_code=status)
    accepted = request.headers.get("accept", "")
    if "application/json" in accepted and "text/html" not in accepted:
        why = Problem(code=code, sentence=words)
        return JSONResponse(why.model_dump(), status_code=status)
    dashboard: Dashboard = request.app.state.dashboard
    person = None if status >= 500 else _whoever(request, dashboard)
    signed_out = status == 401
    way_in = "/care/sign-in" if is_of_caregiver(request) else "/sign-in"
    page = dashboard.page(
        "problem.html",
        person,
        words=words,
        title=told(_title(request, status)),
        signed_out=signed_out,
        training=code == TRAINING,
        way=way_in if signed_out else person.home if person else "/",
    )
    page.status_code = status
    return page


def _title(request: Request, status: int) -> str:
    """What is asked by an address has no form that could be put right."""
    if status == 422 and request.method == "GET":
        return _ADDRESS
    return _TITLES.get(status, _TITLE)


def _whoever(request: Request, dashboard: Dashboard) -> Person | None:
    """Return who is signed in, whom a refusal leads back to their own first page."""
    cookie = request.cookies.get(dashboard.cookie)
    try:
        with dashboard.database.read(clinic_of_cookie(cookie)) as session:
            idle, now_ms = dashboard.settings.session_idle_minutes, dashboard.clock.wall_ms()
            person = signed_in(session, cookie, idle_minutes=idle, now_ms=now_ms)
    except CloudError:
        return None
    if person.language is not None:
        switch(person.language)
    return person
