"""The phones' API: versioned HTTP, every request but the first signed (RFC 9421).

Holds the enrolment, time, clearance and receipt keys; it cannot open what phones seal.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from cloud.care import cards, packs
from cloud.clinics.revocations import queue_missing
from cloud.clock import Clock, ClockError
from cloud.db import Database
from cloud.errors import CloudError, TooMany
from cloud.holds.service import note_on_phone
from cloud.ingest import bodies, words
from cloud.ingest.items import ItemIntake
from cloud.ingest.limits import read_body
from cloud.keys import KeyRing
from cloud.ledger.effects import Means
from cloud.ledger.folds import Folds
from cloud.limits.service import trying
from cloud.logs import log
from cloud.phones import enrolment
from cloud.phones.models import Phone
from cloud.phones.received import of_late
from cloud.phones.signatures import Message, RequestVerifier, phone_name
from cloud.phones.waiting import after
from cloud.settings import Settings
from cloud.times import Times
from cloud.worker import health
from cloud.worker.heartbeats import newest_heartbeat

UNSIGNED = 401
KEYS = ("enrolment", "time", "clearance", "receipt")
B = TypeVar("B", bound=BaseModel)


class Ingest:
    """The process's parts: database, clock, keys."""

    def __init__(self, settings: Settings, clock: Clock, keys: KeyRing) -> None:
        self.database = Database(settings.url)
        self.clock = clock
        self.keys = keys
        self.verifier = RequestVerifier(self.database, clock)
        self.means = Means(Folds(), Times(settings.time_zone))
        self.tries = settings.rate_limit

    def enrol(self, request: bodies.EnrolmentRequest, address: str) -> bodies.EnrolmentAnswer:
        """Enrol a phone by its one-time code; tries are counted for the network it comes from."""
        application = enrolment.Application(
            request.code, request.birth_date, request.app_key, request.request_key
        )
        now_ms = self.clock.wall_ms()
        clinic_id = enrolment.clinic_of_code(application.code)
        tried = trying(
            self.database, clinic_id, "enrolment", address, limit=self.tries, now_ms=now_ms
        )
        with tried, self.database.write(clinic_id) as session:
            code = enrolment.open_code(session, application, now_ms=now_ms)
            made = enrolment.enrol(
                session, code, application, self.keys["enrolment"], now_ms=now_ms
            )
            for document in (cards, packs):
                document.queue_newest(
                    session, made.clinic.clinic_id, made.patient.patient_id, now_ms=now_ms
                )
            queue_missing(session, made.clinic.clinic_id, made.patient.patient_id, now_ms=now_ms)
        log.info("phone enrolled", clinic=made.clinic.clinic_id, phone=phone_name(made.phone))
        return bodies.EnrolmentAnswer(
            clinic_id=made.clinic.clinic_id,
            clinic_name=made.clinic.name,
            patient_id=made.patient.patient_id,
            initials=made.patient.initials,
            device_id=made.device.device_id,
            device_name=made.device.serial,
            device_key=made.device.public_key,
            enrolment=made.phone.enrolment,
            certificates=list(made.certificates),
            transfer=made.device.transfer,
            assignment=made.device.assignment or b"",
            clinic_root=made.clinic.root_key,
            vault_key=made.vault_certificate,
            care_key=made.care_certificate,
            phone_id=phone_name(made.phone),
        )

    def take_items(self, phone: Phone, request: bodies.ItemsRequest) -> bodies.ItemsAnswer:
        """Take a batch in; each item has its own answer."""
        now_ms = self.clock.wall_ms()
        with self.database.write(phone.clinic_id) as session:
            intake = ItemIntake(session, phone, self.means, self.keys["receipt"], now_ms=now_ms)
            answers = intake.take(request.items)
            heartbeat_ms = newest_heartbeat(session, phone.clinic_id)
        counts = {kind: sum(a.answer == kind for a in answers) for kind in ("accepted", "refused")}
        log.info("items", phone=phone_name(phone), items=len(answers), **counts)
        return bodies.ItemsAnswer(answers=answers, heartbeat_ms=heartbeat_ms, now_ms=now_ms)

    def sync(self, phone: Phone, cursor: int) -> bodies.SyncAnswer:
        """Return what was queued after ``cursor``, which says what the phone holds."""
        now_ms = self.clock.wall_ms()
        with self.database.write(phone.clinic_id) as session:
            stored = session.get_one(Phone, (phone.clinic_id, phone.phone_id))
            stored.cursor = max(stored.cursor, cursor)
            note_on_phone(session, phone.clinic_id, phone.patient_id, cursor, now_ms=now_ms)
            waiting = after(session, phone.clinic_id, phone.patient_id, cursor)
            heartbeat_ms = newest_heartbeat(session, phone.clinic_id)
        items = [bodies.DownItem(cursor=w.cursor, kind=w.kind, body=w.body) for w in waiting]
        return bodies.SyncAnswer(items=items, heartbeat_ms=heartbeat_ms, now_ms=now_ms)

    def received(self, phone: Phone) -> bodies.ReceivedAnswer:
        """Return what came from the patient's phones of late."""
        now_ms = self.clock.wall_ms()
        with self.database.read(phone.clinic_id) as session:
            found = of_late(session, phone.clinic_id, phone.patient_id, now_ms=now_ms)
            heartbeat_ms = newest_heartbeat(session, phone.clinic_id)
        items = [
            bodies.ReceivedItem(id=each.item_id, kind=each.kind, received_ms=each.received_ms)
            for each in found
        ]
        return bodies.ReceivedAnswer(items=items, heartbeat_ms=heartbeat_ms, now_ms=now_ms)

    def clear(self, phone: Phone, request: bodies.ClearanceRequest) -> bodies.ClearanceAnswer:
        """Return a clearance over the device's nonce."""
        now_ms = self.clock.wall_ms()
        with self.database.write(phone.clinic_id) as session:
            statement, certificate = words.clearance(
                session,
                phone,
                request.device_id,
                request.nonce,
                self.keys["clearance"],
                now_ms=now_ms,
            )
            session.get_one(Phone, (phone.clinic_id, phone.phone_id)).cleared_ms = now_ms
        return bodies.ClearanceAnswer(clearance=statement, certificate=certificate)

    def tell_time(self, phone: Phone, request: bodies.TimeRequest) -> bodies.TimeAnswer:
        """Return a time token over the device's nonce."""
        with self.database.read(phone.clinic_id) as session:
            token, certificate = words.time_token(
                session,
                phone,
                request.device_id,
                request.nonce,
                self.keys["time"],
                now_ms=self.clock.wall_ms(),
            )
        return bodies.TimeAnswer(token=token, certificate=certificate)


def create_app(settings: Settings, clock: Clock, keys: KeyRing | None = None) -> FastAPI:
    """Return the ingest application."""
    ingest = Ingest(settings, clock, keys or KeyRing.load(settings, KEYS))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        ingest.database.close()

    app = FastAPI(title="Circlet, the phones' API", version="1", lifespan=lifespan)
    app.state.ingest = ingest
    app.state.database, app.state.clock = ingest.database, clock
    app.add_exception_handler(CloudError, _refuse)
    app.add_exception_handler(ValidationError, _unreadable)
    app.add_exception_handler(ClockError, _unavailable)
    app.add_exception_handler(SQLAlchemyError, _unavailable)
    app.include_router(_routes())
    app.include_router(health.router)
    return app


def _ingest(request: Request) -> Ingest:
    found: Ingest = request.app.state.ingest
    return found


Parts = Annotated[Ingest, Depends(_ingest)]


async def _signed(request: Request, ingest: Parts) -> tuple[Phone, bytes]:
    body = await read_body(request)
    message = Message(request.method, str(request.url), dict(request.headers))
    return await run_in_threadpool(ingest.verifier.verify, message, body), body


Signed = Annotated[tuple[Phone, bytes], Depends(_signed)]


def _body_of(kind: type[BaseModel]) -> dict[str, object]:
    # The body is read once, as the very bytes that were signed; the schema is told to OpenAPI here.
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": kind.model_json_schema()}},
        }
    }


_PROBLEMS: dict[int | str, dict[str, object]] = {
    code: {"model": bodies.Problem} for code in (401, 409, 413, 422, 429)
}


def _routes() -> APIRouter:
    router = APIRouter(prefix="/v1", responses=_PROBLEMS)

    @router.post("/enrolments", openapi_extra=_body_of(bodies.EnrolmentRequest))
    async def enrolments(request: Request, ingest: Parts) -> bodies.EnrolmentAnswer:
        """Enrol a phone by a one-time code."""
        asked = _parse(bodies.EnrolmentRequest, await read_body(request))
        address = request.client.host if request.client else ""
        return await run_in_threadpool(ingest.enrol, asked, address)

    @router.post("/items", openapi_extra=_body_of(bodies.ItemsRequest))
    def items(signed: Signed, ingest: Parts) -> bodies.ItemsAnswer:
        """Take items in, answered one by one."""
        return ingest.take_items(signed[0], _parse(bodies.ItemsRequest, signed[1]))

    @router.get("/sync")
    def sync(
        signed: Signed, ingest: Parts, cursor: Annotated[int, Query(ge=0)] = 0
    ) -> bodies.SyncAnswer:
        """Return what waits after the cursor."""
        return ingest.sync(signed[0], cursor)

    @router.get("/received")
    def received(signed: Signed, ingest: Parts) -> bodies.ReceivedAnswer:
        """Return what came from this patient's phones in the last 90 days, by id."""
        return ingest.received(signed[0])

    @router.post("/clearances", openapi_extra=_body_of(bodies.ClearanceRequest))
    def clearances(signed: Signed, ingest: Parts) -> bodies.ClearanceAnswer:
        """Return a clearance over a device's nonce."""
        return ingest.clear(signed[0], _parse(bodies.ClearanceRequest, signed[1]))

    @router.post("/time-tokens", openapi_extra=_body_of(bodies.TimeRequest))
    def time_tokens(signed: Signed, ingest: Parts) -> bodies.TimeAnswer:
        """Return the time over a device's nonce."""
        return ingest.tell_time(signed[0], _parse(bodies.TimeRequest, signed[1]))

    return router


def _parse(kind: type[B], body: bytes) -> B:
    return kind.model_validate_json(body)


async def _refuse(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, CloudError)
    # A phone whose clock is wrong by more than a day learns here what to sign with.
    now_ms = _ingest(request).clock.wall_ms() if problem.status == UNSIGNED else None
    answer = _problem(problem.status, problem.code, str(problem), now_ms=now_ms)
    if isinstance(problem, TooMany):
        answer.headers["Retry-After"] = str(problem.retry_after_s)
    return answer


async def _unreadable(_request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, ValidationError)
    first = problem.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "body"
    return _problem(422, "body", f"{where}: {first['msg']}")


async def _unavailable(_request: Request, problem: Exception) -> JSONResponse:
    log.error("unavailable", problem=type(problem).__name__)
    return _problem(503, "unavailable", "The clinic's server cannot answer now. Try again later.")


def _problem(status: int, code: str, sentence: str, *, now_ms: int | None = None) -> JSONResponse:
    body = bodies.Problem(code=code, sentence=sentence, now_ms=now_ms)
    return JSONResponse(body.model_dump(exclude_none=True), status_code=status)
