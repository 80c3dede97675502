"""The pages for staff. Holds the vault keys and the care key; it signs nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from cloud.alerts import pages as alert_pages
from cloud.audit import pages as audit_pages
from cloud.clinics import pages as clinic_pages
from cloud.clock import Clock, ClockError
from cloud.dashboard.bodies import TOO_LONG, TOO_LONG_WORDS, BodyLimit
from cloud.dashboard.gates import open_to_all, require_gates
from cloud.dashboard.headers import SecurityHeaders
from cloud.dashboard.parts import WEB, Dashboard
from cloud.errors import CloudError, SignInNeeded, TooMany
from cloud.holds import pages as hold_pages
from cloud.keys import KeyRing
from cloud.leave import pages as leave_pages
from cloud.logs import log
from cloud.oncall import pages as oncall_pages
from cloud.patients import pages as patient_pages
from cloud.people import account_pages, staff_pages
from cloud.people import pages as people_pages
from cloud.people.authority import Act
from cloud.prescriptions import pages as prescription_pages
from cloud.proof import pages as proof_pages
from cloud.settings import Settings
from cloud.teams import pages as team_pages
from cloud.worker import health

KEYS = ("care",)
PAGES = (
    people_pages,
    account_pages,
    staff_pages,
    leave_pages,
    team_pages,
    patient_pages,
    prescription_pages,
    hold_pages,
    proof_pages,
    clinic_pages,
    alert_pages,
    oncall_pages,
    audit_pages,
)
_BUSY = "The server cannot answer now. Nothing was changed. Try again in a moment."


def create_app(settings: Settings, clock: Clock, keys: KeyRing | None = None) -> FastAPI:
    """Return the dashboard application."""
    dashboard = Dashboard(settings, clock, keys or KeyRing.load(settings, KEYS))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        dashboard.database.close()

    app = FastAPI(lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None)
    app.state.dashboard = dashboard
    app.state.database, app.state.clock = dashboard.database, clock
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders)
    app.mount("/static", StaticFiles(directory=WEB / "static"))
    for pages in PAGES:
        app.include_router(pages.router)
    app.include_router(health.router, dependencies=[open_to_all(Act.HEALTH)])
    require_gates(app)
    app.add_exception_handler(CloudError, _refuse)
    app.add_exception_handler(HTTPException, _not_here)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(ClockError, _busy)
    app.add_exception_handler(SQLAlchemyError, _busy)
    return app


async def _refuse(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, CloudError)
    if isinstance(problem, SignInNeeded) and request.method == "GET":
        if "hx-request" in request.headers:
            return Response(status_code=200, headers={"HX-Redirect": "/sign-in"})
        if "text/html" in request.headers.get("accept", ""):
            return RedirectResponse("/sign-in", status_code=303)
    answer = _say(request, problem.status, str(problem))
    if isinstance(problem, TooMany):
        answer.headers["Retry-After"] = str(problem.retry_after_s)
    return answer


async def _not_here(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)
    words = "There is no such page." if problem.status_code == 404 else "That cannot be done here."
    if problem.status_code == TOO_LONG:
        words = TOO_LONG_WORDS
    return _say(request, problem.status_code, words)


async def _unreadable(request: Request, _problem: Exception) -> Response:
    return _say(request, 422, "The form was not readable. Nothing was changed.")


async def _busy(request: Request, problem: Exception) -> Response:
    log.error("page failed", problem=type(problem).__name__)
    return _say(request, 503, _BUSY)


def _say(request: Request, status: int, words: str) -> Response:
    dashboard: Dashboard = request.app.state.dashboard
    if request.headers.get("content-type", "").startswith("application/json"):
        return Response(words, status_code=status, media_type="text/plain")
    page = dashboard.page("problem.html", words=words)
    page.status_code = status
    return page
