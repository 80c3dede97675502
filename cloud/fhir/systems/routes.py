"""Where systems learn how to come in, and buy a token. Its errors are OAuth's (RFC 6749, 5.2)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse

from cloud.dashboard.gates import open_to_all
from cloud.dashboard.parts import Dashboard, Parts
from cloud.fhir.errors import FhirProblem
from cloud.fhir.serving.answers import PREFIX
from cloud.fhir.serving.base import base_of, token_address
from cloud.fhir.systems.service import TOKEN_S, InvalidClient, exchange, who_asks
from cloud.limits.service import Tried, trying
from cloud.people.authority import Act

router = APIRouter(prefix=PREFIX, default_response_class=JSONResponse)
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_ERRORS = {"scope": "invalid_scope", "grant_type": "unsupported_grant_type"}
_REFUSED: dict[int | str, dict[str, Any]] = {
    status: {
        "description": "No token, in OAuth's words.",
        "content": {
            "application/json": {"schema": {"type": "object", "required": ["error"]}},
        },
    }
    for status in (400, 401)
}


@router.get("/.well-known/smart-configuration", dependencies=[open_to_all(Act.FHIR_SERVER)])
def configuration(dashboard: Parts) -> JSONResponse:
    """How a system comes in."""
    return JSONResponse(
        {
            "issuer": base_of(dashboard.settings),
            "token_endpoint": token_address(dashboard.settings),
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS384", "ES384"],
            "scopes_supported": ["system/*.read", "system/*.rs"],
            "capabilities": ["client-confidential-asymmetric", "permission-v1", "permission-v2"],
        }
    )


@router.post("/token", dependencies=[open_to_all(Act.FHIR_SERVER)], responses=_REFUSED)
def token(
    request: Request,
    dashboard: Parts,
    grant_type: Annotated[str, Form()] = "",
    scope: Annotated[str, Form()] = "",
    client_assertion_type: Annotated[str, Form()] = "",
    client_assertion: Annotated[str, Form()] = "",
) -> JSONResponse:
    """Return a token for a JWT that the system's registered key signed."""
    form = {
        "grant_type": grant_type,
        "scope": scope,
        "client_assertion_type": client_assertion_type,
        "client_assertion": client_assertion,
    }
    address, now_ms = token_address(dashboard.settings), dashboard.clock.wall_ms()
    try:
        with _counted(request, dashboard, form):
            found = exchange(dashboard.database, form, address, now_ms=now_ms)
    except FhirProblem as problem:
        return _refused(problem)
    answer = {
        "access_token": found.token,
        "token_type": "bearer",
        "expires_in": TOKEN_S,
        "scope": found.scopes,
    }
    return JSONResponse(answer, headers=_NO_STORE)


def _counted(
    request: Request, dashboard: Dashboard, form: Mapping[str, str]
) -> AbstractContextManager[None]:
    """Count what is done within as a try of this client's, from the request's network."""
    clinic_id, client_id = who_asks(form)
    if not clinic_id:
        return nullcontext()
    return trying(
        dashboard.database,
        clinic_id,
        "fhir-token",
        request.client.host if request.client else "",
        limit=dashboard.settings.rate_limit,
        now_ms=dashboard.clock.wall_ms(),
        tried=Tried(client_id.encode("utf-8", "surrogatepass")),
    )


def _refused(problem: FhirProblem) -> JSONResponse:
    is_client = isinstance(problem, InvalidClient)
    error = "invalid_client" if is_client else _ERRORS.get(problem.field, "invalid_request")
    said = {"error": error, "error_description": str(problem)}
    return JSONResponse(said, status_code=401 if is_client else 400, headers=_NO_STORE)
