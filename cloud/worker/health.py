"""`/health`: whether the database answers, and whether a worker looks after every clinic.

503 while one of them is missing. For monitoring; it names no clinic and tells nothing of patients.
Among thousands of clinics each is asked about twice a minute, however often somebody looks.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from cloud.clock import Clock
from cloud.db import Database
from cloud.worker.heartbeats import ABSENT_MS, newest_heartbeat, watches

YOUNG_MS = ABSENT_MS // 2
"""A heartbeat that is younger says for half a minute more that somebody watches."""
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
    state = request.app.state
    found = look(state.database, state.clock, state.heard)
    well = found == Health(database="answers", worker="watching")
    return JSONResponse(found.model_dump(), status_code=200 if well else 503)


class Heard:
    """The heartbeats that a process has read; one that is young isn't read anew, for whatever comes
    after it the clinic is still watched."""

    def __init__(self) -> None:
        self._newest_ms: dict[str, int] = {}

    def newest_ms(self, database: Database, clinic_id: str, *, now_ms: int) -> int | None:
        """Return a clinic's newest heartbeat, or one of less than YOUNG_MS ago."""
        known_ms = self._newest_ms.get(clinic_id)
        if known_ms is not None and abs(now_ms - known_ms) < YOUNG_MS:
            return known_ms
        with database.read(clinic_id) as session:
            found_ms = newest_heartbeat(session, clinic_id)
        if found_ms is not None:
            self._newest_ms[clinic_id] = found_ms
        return found_ms


def look(database: Database, clock: Clock, heard: Heard) -> Health:
    """Return what works, over all clinics; at the first that nobody watches it is known."""
    now_ms = clock.wall_ms()
    try:
        watched = all(
            watches(heard.newest_ms(database, clinic_id, now_ms=now_ms), now_ms=now_ms)
            for clinic_id in database.all_clinics()
        )
    except SQLAlchemyError:
        return Health(database="does not answer", worker="absent")
    return Health(database="answers", worker="watching" if watched else "absent")
