"""`/health`: whether the database answers, and whether a worker looks after every clinic.

503 while one of them is missing. For monitoring; it names no clinic and tells nothing of patients.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from cloud.clock import Clock
from cloud.db import Database
from cloud.worker.heartbeats import newest_heartbeat, watches

router = APIRouter()


class Health(BaseModel):
    """What works: ``worker`` is watching, or absent from at least one clinic."""

    database: str
    worker: str


@router.get(
    "/health",
    response_class=JSONResponse,
    responses={200: {"model": Health}, 503: {"model": Health}},
)
def health(request: Request) -> Response:
    """Say what works."""
    found = look(request.app.state.database, request.app.state.clock)
    well = found == Health(database="answers", worker="watching")
    return JSONResponse(found.model_dump(), status_code=200 if well else 503)


def look(database: Database, clock: Clock) -> Health:
    """Return what works, over all clinics."""
    now_ms = clock.wall_ms()
    try:
        heard = []
        for clinic_id in database.all_clinics():
            with database.read(clinic_id) as session:
                heard.append(newest_heartbeat(session, clinic_id))
    except SQLAlchemyError:
        return Health(database="does not answer", worker="absent")
    watched = all(watches(each, now_ms=now_ms) for each in heard)
    return Health(database="answers", worker="watching" if watched else "absent")
