"""The page of systems that read by FHIR: which there are, one registered by its key, one ended.

What is done is what the commands do (`cloud.fhir.systems.service`).
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Parts, Sending, identifier
from cloud.errors import Refused
from cloud.fhir.errors import BadParameter
from cloud.fhir.serving.base import token_address
from cloud.fhir.systems.keys import JWK_LETTERS_MAX, jwk_of
from cloud.fhir.systems.service import (
    NAME_MAX,
    add_system,
    client_id_of,
    end_system,
    systems_of,
)
from cloud.people.authority import Act

PATH = "/clinic/systems"
EVERYTHING = "system/*.read"
router = APIRouter()


@router.get(PATH, dependencies=[reading(Act.READ_CLINIC)])
def systems_page(dashboard: Parts, person: Acting) -> Response:
    """Every system, those that were ended last."""
    with dashboard.database.read(person.clinic_id) as session:
        found = systems_of(session, person.clinic_id)
    dashboard.audit(person, "read the systems", "systems")
    return dashboard.page(
        "systems.html",
        person,
        systems=sorted(found, key=lambda each: each.ended_ms is not None),
        client_id_of=client_id_of,
        token_address=token_address(dashboard.settings),
        path=PATH,
        name_max=NAME_MAX,
        key_max=JWK_LETTERS_MAX,
        everything=EVERYTHING,
    )


@router.post(PATH, dependencies=[sending(Act.KEEP_SYSTEMS)])
def add(
    dashboard: Parts,
    person: Sending,
    name: Annotated[str, Form()] = "",
    key: Annotated[str, Form()] = "",
    scopes: Annotated[str, Form()] = EVERYTHING,
) -> Response:
    """Register a system by its public key."""
    now_ms = dashboard.clock.wall_ms()
    try:
        with dashboard.database.write(person.clinic_id) as session:
            made = add_system(session, person.clinic_id, name, jwk_of(key), scopes, now_ms=now_ms)
            dashboard.note(session, person, "added a system", f"system/{made.system_id.hex()}")
    except BadParameter as problem:
        raise _refusal(problem) from problem
    return RedirectResponse(PATH, status_code=303)


@router.post(PATH + "/{system}/end", dependencies=[sending(Act.KEEP_SYSTEMS)])
def end(dashboard: Parts, person: Sending, system: str) -> Response:
    """Take a system out: it reads nothing from now on."""
    clinic_id, now_ms = person.clinic_id, dashboard.clock.wall_ms()
    with dashboard.database.write(clinic_id) as session:
        client_id = f"{clinic_id}.{identifier(system).hex()}"
        found = end_system(session, clinic_id, client_id, now_ms=now_ms)
        dashboard.note(session, person, "took a system out", f"system/{found.system_id.hex()}")
    return RedirectResponse(PATH, status_code=303)


def _refusal(problem: BadParameter) -> Refused:
    """The refusal in words of the page; the field and the limit are named in each."""
    if problem.field == "name":
        return Refused("A system's name has 1 to {most} characters.", code="name", most=NAME_MAX)
    if problem.field == "scope":
        return Refused(
            "Scopes read system/*.read or system/Patient.read, apart by spaces, of types that are"
            " given here.",
            code="scope",
        )
    return Refused(
        "This key is not taken: one public key is, EC on P-384 or RSA of 2048 bits or more, as JWK,"
        " JWKS or PEM.",
        code="key",
    )
