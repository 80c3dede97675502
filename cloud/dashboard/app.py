"""The pages for staff. Holds the vault keys and the care key; it signs nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from cloud.alerts import pages as alert_pages
from cloud.attesting import pages as attesting_pages
from cloud.audit import pages as audit_pages
from cloud.bands import letting_go_pages, replacing_pages
from cloud.bands import pages as band_pages
from cloud.caregivers import pages as caregiver_pages
from cloud.clinic_settings import pages as settings_pages
from cloud.clinics import pages as clinic_pages
from cloud.clock import Clock
from cloud.dashboard import refusals
from cloud.dashboard.bodies import BodyLimit
from cloud.dashboard.gates import open_to_all, require_gates
from cloud.dashboard.headers import SecurityHeaders
from cloud.dashboard.parts import WEB, Dashboard
from cloud.fhir.bulk import routes as bulk_routes
from cloud.fhir.serving import routes as fhir_routes
from cloud.fhir.systems import pages as system_pages
from cloud.fhir.systems import routes as system_routes
from cloud.holds import confirming_pages, lifting_pages
from cloud.holds import pages as hold_pages
from cloud.inbox import pages as inbox_pages
from cloud.keys import KeyRing
from cloud.language.asked import Spoken
from cloud.leave import pages as leave_pages
from cloud.oncall import pages as oncall_pages
from cloud.one_session import pages as session_pages
from cloud.operations import readiness
from cloud.operations.metrics import Measured
from cloud.patients import correcting_pages, erasure_pages, letter_pages, patient_pages
from cloud.patients import pages as enrolling_pages
from cloud.people import account_pages, staff_pages
from cloud.people import pages as people_pages
from cloud.people.authority import Act
from cloud.prescriptions import pages as prescription_pages
from cloud.prescriptions import signing_again_pages, way_pages
from cloud.proof import pages as proof_pages
from cloud.recall import pages as recall_pages
from cloud.releases import pages as release_pages
from cloud.reports import pages as report_pages
from cloud.response import pages as response_pages
from cloud.settings import Settings
from cloud.steps import pages as step_pages
from cloud.teams import pages as team_pages
from cloud.timeline import pages as timeline_pages
from cloud.training import pages as training_pages
from cloud.triage import acts as triage_acts
from cloud.triage import pages as triage_pages
from cloud.triage.events import Marks
from cloud.unforeseen import Unforeseen
from cloud.vault.owners import Purpose
from cloud.worker import health

PACKED_FROM, PACKED = 1000, 5
"""Answers are packed from so many bytes on, and how hard (own choice)."""
KEYS = ("care", "vault-*")
"""Vault keys are loaded one by one, when a log is opened."""
PAGES = (
    people_pages,
    account_pages,
    staff_pages,
    leave_pages,
    team_pages,
    triage_pages,
    triage_acts,
    enrolling_pages,
    training_pages,
    patient_pages,
    letter_pages,
    timeline_pages,
    session_pages,
    report_pages,
    response_pages,
    caregiver_pages,
    erasure_pages,
    prescription_pages,
    replacing_pages,
    letting_go_pages,
    signing_again_pages,
    way_pages,
    correcting_pages,
    step_pages,
    hold_pages,
    lifting_pages,
    confirming_pages,
    attesting_pages,
    proof_pages,
    clinic_pages,
    band_pages,
    recall_pages,
    release_pages,
    settings_pages,
    inbox_pages,
    alert_pages,
    oncall_pages,
    audit_pages,
    system_pages,
    system_routes,
    bulk_routes,
    fhir_routes,
)


def create_app(settings: Settings, clock: Clock, keys: KeyRing | None = None) -> FastAPI:
    """Return the dashboard application."""
    dashboard = Dashboard(
        settings, clock, keys or KeyRing.of_process(settings, KEYS, tuple(Purpose))
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        dashboard.database.close()

    app = FastAPI(
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        routes=[Mount("/static", StaticFiles(directory=WEB / "static")), *_pages()],
    )
    app.state.dashboard = dashboard
    app.state.marks, app.state.heard = Marks(dashboard.database), health.Heard()
    app.state.database, app.state.clock, app.state.keys = dashboard.database, clock, dashboard.keys
    app.add_middleware(Unforeseen, answer=refusals.failed)
    # Cookies are SameSite=Strict: no other site can have a page packed that holds both its own text
    # and a sign-in's token.
    app.add_middleware(GZipMiddleware, minimum_size=PACKED_FROM, compresslevel=PACKED)
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Spoken)
    app.add_middleware(Measured)
    require_gates(app)
    refusals.add_handlers(app)
    return app


@cache
def _pages() -> tuple[BaseRoute, ...]:
    """All pages, with what each of them asks for: read once, as every application has the same."""
    known = APIRouter(default_response_class=HTMLResponse)
    for pages in PAGES:
        known.include_router(pages.router)
    for router in (health.router, readiness.router):
        known.include_router(router, dependencies=[open_to_all(Act.HEALTH)])
    return tuple(known.routes)
