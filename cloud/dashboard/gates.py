"""The gate of every page: its act is declared, and asked of the table before the page runs.

A page declares ``dependencies=[reading(Act...)]``, ``[sending(Act...)]`` where it takes a form, or
``[open_to_all(Act...)]``. Roles are judged before anything is looked up; where the address names a
patient, one out of reach is answered as one that never was.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.routing import APIRoute, iter_route_contexts

from cloud.dashboard.parts import Dashboard, Parts, Sending, Watching, identifier
from cloud.errors import NotAllowed, SetupError
from cloud.language import Phrase
from cloud.people import step_up
from cloud.people.authority import TABLE, Act, Reach, reach
from cloud.people.reach import require_patient
from cloud.people.service import Person

SAFE_METHODS = frozenset({"GET", "HEAD"})


async def _fields(request: Request) -> list[tuple[str, str]]:
    form = await request.form()
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


Typed = Annotated[list[tuple[str, str]], Depends(_fields)]


class Gate:
    """Lets through whom the table lets through."""

    takes_forms = False

    def __init__(self, act: Act) -> None:
        self.act = act

    def admit(self, request: Request, dashboard: Dashboard, person: Person) -> None:
        """Judge the person's roles, then the patient whom the address names."""
        if not reach(person.roles, self.act):
            raise NotAllowed("Your role may not {act}.", act=Phrase(TABLE[self.act].words))
        patient = request.path_params.get("patient")
        if patient is not None:
            now_ms = dashboard.clock.wall_ms()
            with dashboard.database.read(person.clinic_id) as session:
                require_patient(session, person, identifier(patient), self.act, now_ms=now_ms)


class ReadingGate(Gate):
    """For pages that change nothing."""

    def __call__(self, request: Request, dashboard: Parts, person: Watching) -> None:
        self.admit(request, dashboard, person)


class SendingGate(Gate):
    """For forms: the form's token is judged first, so that a foreign form learns nothing."""

    takes_forms = True

    def __call__(self, request: Request, dashboard: Parts, person: Sending, fields: Typed) -> None:
        self.admit(request, dashboard, person)
        if reach(person.roles, self.act) is Reach.STEP_UP:
            subject = step_up.subject_of(self.act, request.url.path, fields)
            cookie, now_ms = request.cookies.get(dashboard.cookie), dashboard.clock.wall_ms()
            with dashboard.database.write(person.clinic_id) as session:
                step_up.use(session, cookie, self.act, subject, now_ms=now_ms)


class CeremonyGate(Gate):
    """For the JSON of our own script, which a page elsewhere can't send."""

    takes_forms = True

    def __call__(self, request: Request, dashboard: Parts, person: Watching) -> None:
        if request.headers.get("content-type") != "application/json":
            raise NotAllowed("This is for the page's own script.", code="form")
        self.admit(request, dashboard, person)


class OpenGate(Gate):
    """For what nobody needs to be signed in for."""

    takes_forms = True

    def __call__(self) -> None:
        if not TABLE[self.act].nobody:
            raise SetupError(f"{self.act} is not open to all")


def reading(act: Act) -> Any:
    """Return the gate of a page that reads."""
    return Depends(ReadingGate(act))


def sending(act: Act) -> Any:
    """Return the gate of a page that takes a form."""
    return Depends(SendingGate(act))


def ceremony(act: Act) -> Any:
    """Return the gate of a passkey ceremony of who is signed in."""
    return Depends(CeremonyGate(act))


def open_to_all(act: Act) -> Any:
    """Return the gate of a page that needs no sign-in."""
    return Depends(OpenGate(act))


def gates(app: FastAPI) -> Iterator[tuple[APIRoute, list[Gate]]]:
    """Yield every page with the gates that it declares itself."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            found: list[Gate] = []
            for each in context.dependant.dependencies:
                call: object = each.call
                if isinstance(call, Gate):
                    found.append(call)
            yield route, found


def require_gates(app: FastAPI) -> None:
    """Raise SetupError unless every page has one gate, and forms one that judges the token."""
    for route, found in gates(app):
        methods = set(route.methods or ())
        name = f"{' '.join(sorted(methods))} {route.path}"
        if len(found) != 1:
            raise SetupError(f"{name} declares {len(found)} acts instead of one")
        if not methods <= SAFE_METHODS and not found[0].takes_forms:
            raise SetupError(f"{name} takes a form behind a gate for reading")
