"""What the pages answer, as an OpenAPI document: by each page's gate, and what is its own.

Nobody is served it. The tests hold every page to it, with requests of all kinds.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from cloud.dashboard.gates import CeremonyGate, Gate, OpenGate, SendingGate, gates
from cloud.dashboard.refusals import Problem
from cloud.fhir.serving.answers import is_of_fhir

_OF_ANY = (401, 403, 404, 409, 410, 422, 503)
_OF_FORMS = (400, 401, 403, 404, 409, 410, 413, 422, 429, 503)
_OF_OPEN = (404, 409, 413, 422, 429, 503)
_PAGE = {"text/html": {"schema": {"type": "string"}}}
_WORDS: dict[str, Any] = {
    "description": "Why not, in words: as a page, for the page's own script, or as JSON if asked.",
    "content": {
        "text/html": {"schema": {"type": "string"}},
        "text/plain": {"schema": {"type": "string"}},
        "application/json": {"schema": Problem.model_json_schema()},
    },
}
_ELSEWHERE: dict[str, Any] = {
    "description": "It is elsewhere: what a form did, or the sign-in for a browser.",
    "headers": {"Location": {"schema": {"type": "string"}, "required": True}},
}
_OF_FHIR = (400, 401, 403, 404, 409, 410, 413, 422, 429, 503)
_OUTCOME: dict[str, Any] = {
    "description": "Why not, with the field and its limit: an OperationOutcome.",
    "content": {
        "application/fhir+json": {
            "schema": {
                "type": "object",
                "required": ["resourceType", "issue"],
                "properties": {"resourceType": {"const": "OperationOutcome"}},
            }
        }
    },
}
_WELL = {"/health", "/ready"}
"""For machines, with answers of their own."""


def described(app: FastAPI) -> dict[str, Any]:
    """Return the document of a dashboard application."""
    document = get_openapi(title="Circlet, the pages for staff", version="1", routes=app.routes)
    for route, (gate, *_) in gates(app):
        for method in route.methods or ():
            operation = document["paths"][route.path].get(method.lower())
            if operation is not None and route.path not in _WELL:
                operation["responses"] = _answers(route, gate, operation["responses"])
    return document


def _answers(route: APIRoute, gate: Gate, own: dict[str, Any]) -> dict[str, Any]:
    """Return the page's answers: its own, then those of its gate."""
    if is_of_fhir(route.path):
        said = {status: each for status, each in own.items() if status != "422"}
        return {str(status): _OUTCOME for status in _OF_FHIR} | said
    done = {"200": own["200"]}
    usual: tuple[int, ...] = _OF_OPEN if isinstance(gate, OpenGate) else _OF_ANY
    if isinstance(gate, SendingGate):
        done.setdefault("200", {"description": "The page.", "content": _PAGE})
    if isinstance(gate, SendingGate | CeremonyGate):
        usual = _OF_FORMS
    if not isinstance(gate, OpenGate | CeremonyGate):
        done["303"] = _ELSEWHERE
    return done | {str(status): _WORDS for status in usual}
