"""Who asks the FHIR server."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from cloud.audit.service import record
from cloud.dashboard.parts import Dashboard, Parts, watching
from cloud.fhir.chart import KINDS
from cloud.fhir.systems.service import holder_of
from cloud.people.service import Person


@dataclass(frozen=True)
class Reader:
    """Somebody of the staff, or a system (``person`` is None): its clinic, what the audit log calls
    it, the route that it asks, and the types of resources that it may read."""

    clinic_id: str
    actor: str
    route: str
    kinds: frozenset[str]
    person: Person | None
    system_id: bytes = b""

    def note(
        self, session: Session, action: str, subject: str, patients: Iterable[bytes], now_ms: int
    ) -> None:
        """Write down what was read or asked for."""
        record(
            session,
            self.clinic_id,
            actor=self.actor,
            action=action,
            subject=subject,
            now_ms=now_ms,
            route=self.route,
            patients=patients,
        )


def _reading(request: Request, dashboard: Parts) -> Reader:
    way, _space, token = request.headers.get("authorization", "").partition(" ")
    if way.lower() == "bearer":
        return _of_system(request, dashboard, token)
    person = watching(request, dashboard)
    return Reader(person.clinic_id, person.actor, person.route, frozenset(KINDS), person)


def _of_system(request: Request, dashboard: Dashboard, token: str) -> Reader:
    now_ms = dashboard.clock.wall_ms()
    system, kinds = holder_of(dashboard.database, token, now_ms=now_ms)
    route = f"{request.method} {request.scope['route'].path}"
    actor = f"system/{system.system_id.hex()}"
    return Reader(system.clinic_id, actor, route, kinds, None, system.system_id)


Reading = Annotated[Reader, Depends(_reading)]
"""Who reads, by a token or else by sign-in."""


def audit(
    dashboard: Dashboard, reader: Reader, action: str, subject: str, patients: Iterable[bytes] = ()
) -> None:
    """Write down what is read before it is answered."""
    with dashboard.database.write(reader.clinic_id) as session:
        reader.note(session, action, subject, patients, dashboard.clock.wall_ms())
