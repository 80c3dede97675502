"""How the phones' API says no: always as `Problem`, a stable code and a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from cloud.clock import Clock, ClockError
from cloud.errors import CloudError, TooMany
from cloud.ingest import bodies
from cloud.ingest.limits import TooLarge
from cloud.logs import log
from cloud.unforeseen import FAILED
from cloud.vault.errors import VaultError

UNSIGNED = 401
AGAIN_S = 5
"""When to ask again while the database is away (own choice: a failover takes tens of seconds)."""
DESCRIBED: dict[int | str, dict[str, Any]] = {
    code: {"model": bodies.Problem} for code in (401, 403, 404, 408, 409, 410, 413, 422, 429, 503)
}


def add_handlers(app: FastAPI) -> None:
    """Let an application say its errors as problems."""
    app.add_exception_handler(CloudError, _refuse)
    app.add_exception_handler(VaultError, _locked)
    app.add_exception_handler(ValidationError, _unreadable)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _not_here)
    app.add_exception_handler(ClockError, _unavailable)
    app.add_exception_handler(SQLAlchemyError, _unavailable)


def failed(_request: Request) -> JSONResponse:
    """Say that the program itself failed."""
    return _problem(FAILED, "failed", "The clinic's server failed at this. Try again later.")


async def _refuse(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, CloudError)
    # A phone whose clock is wrong by more than a day learns here what to sign with.
    clock: Clock = request.app.state.clock
    now_ms = clock.wall_ms() if problem.status == UNSIGNED else None
    answer = _problem(problem.status, problem.code, str(problem), now_ms=now_ms)
    if isinstance(problem, TooMany):
        answer.headers["Retry-After"] = str(problem.retry_after_s)
    return answer


async def _locked(_request: Request, problem: Exception) -> JSONResponse:
    # Where a key is missing the phone keeps what it has and tries again.
    assert isinstance(problem, VaultError)
    log.error("vault", problem=type(problem).__name__)
    return _problem(problem.status, problem.code, problem.sentence)


async def _unreadable(_request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, ValidationError | RequestValidationError)
    first = _first_error(problem)
    if (first["type"], first["loc"]) == ("too_long", ("items",)):
        return _problem(413, TooLarge.code, f"A request has at most {bodies.ITEMS_MAX:,} items.")
    where = ".".join(str(part) for part in first["loc"]) or "body"
    return _problem(422, "body", f"{where}: {first['msg']}")


def _first_error(problem: ValidationError | RequestValidationError) -> Mapping[str, Any]:
    if isinstance(problem, ValidationError):
        return problem.errors(include_url=False, include_input=False)[0]
    found: Mapping[str, Any] = problem.errors()[0]
    return found


async def _not_here(_request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, HTTPException)
    answer = _problem(problem.status_code, "address", "Nothing is answered at this address.")
    answer.headers.update(problem.headers or {})
    return answer


async def _unavailable(_request: Request, problem: Exception) -> JSONResponse:
    log.error("unavailable", problem=type(problem).__name__)
    answer = _problem(503, "unavailable", "The clinic's server cannot answer now. Try again later.")
    answer.headers["Retry-After"] = str(AGAIN_S)
    return answer


def _problem(status: int, code: str, sentence: str, *, now_ms: int | None = None) -> JSONResponse:
    body = bodies.Problem(code=code, sentence=sentence, now_ms=now_ms)
    return JSONResponse(body.model_dump(exclude_none=True), status_code=status)
