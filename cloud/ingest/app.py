"""The phones' API: versioned HTTP, every request but the first signed (RFC 9421).

Holds the enrolment, time, clearance and receipt keys, and of patients' keys those of transit; it
cannot open what phones seal, nor read who a patient is.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from functools import cache, partial
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from pydantic import BaseModel, TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute

from cloud.audit.looks import looks_at
from cloud.care import cards, packs
from cloud.care.asked import asked_card, publish_asked
from cloud.clinics.models import Clinic
from cloud.clinics.revocations import queue_missing
from cloud.clock import Clock
from cloud.db import Database
from cloud.errors import CloudError
from cloud.holds.service import note_on_phone
from cloud.ingest import bodies, problems, releases, words
from cloud.ingest.door import Door
from cloud.ingest.gate import Gate, clinic_of
from cloud.ingest.items import ItemIntake
from cloud.ingest.limits import read_body
from cloud.ingest.reading import Line, read_items
from cloud.keys import KeyRing
from cloud.ledger.asking import holdings
from cloud.ledger.effects import Means
from cloud.ledger.folds import Folds
from cloud.limits.service import Tried, trying
from cloud.logs import log
from cloud.operations import readiness
from cloud.operations.metrics import Measured
from cloud.phones import enrolment
from cloud.phones.bands import bands_of
from cloud.phones.codes import Code, Derived, derive
from cloud.phones.models import Phone
from cloud.phones.received import of_late
from cloud.phones.signatures import Message, RequestVerifier, claimed_name, phone_name
from cloud.phones.waiting import CURSOR_MAX, after
from cloud.prescriptions import way
from cloud.settings import Settings
from cloud.times import Times
from cloud.unforeseen import Unforeseen
from cloud.vault.opening import open_vault
from cloud.vault.owners import Purpose
from cloud.worker import health
from cloud.worker.heartbeats import newest_heartbeat

KEYS = ("enrolment", "time", "clearance", "receipt")
PURPOSES = (Purpose.TRANSIT,)
B = TypeVar("B", bound=BaseModel)
_ANSWER = TypeAdapter(dict[str, object])


class Ingest:
    """The process's parts: database, clock, keys."""

    def __init__(
        self, settings: Settings, clock: Clock, keys: KeyRing, now_s: Callable[[], float]
    ) -> None:
        self.database = Database(settings.url, open_vault(settings, PURPOSES))
        self.clock = clock
        self.keys = keys
        self.verifier = RequestVerifier(self.database, clock)
        self.means = Means(Folds(), Times(settings.time_zone), settings.origin)
        self.tries = settings.rate_limit
        self.gate = Gate(now_s)
        self.door = Door(settings.rate_limit, now_s)

    def enrol(self, request: bodies.EnrolmentRequest, address: str) -> bodies.EnrolmentAnswer:
        """Enrol a phone by its one-time code; tries are counted for the network it comes from."""
        application = enrolment.Application(
            request.code, request.birth_date, request.app_key, request.request_key
        )
        now_ms = self.clock.wall_ms()
        code = enrolment.code_of(application)
        if not self._is_here(code.clinic_id):
            self.door.count_stranger(address)
        tried = trying(
            self.database,
            code.clinic_id,
            "enrolment",
            address,
            limit=self.tries,
            now_ms=now_ms,
            tried=Tried(application.code.encode()),
        )
        with tried:
            derived = derive(code, application.birth_date)
            made = self._enrol(code, derived, application, now_ms)
        log.info("phone enrolled", clinic=made.clinic.clinic_id, phone=phone_name(made.phone))
        return bodies.EnrolmentAnswer(
            clinic_id=made.clinic.clinic_id,
            clinic_name=made.clinic.name,
            patient_id=made.patient.patient_id,
            initials=made.initials,
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

    def _is_here(self, clinic_id: str) -> bool:
        with self.database.read(clinic_id) as session:
            return session.get(Clinic, clinic_id) is not None

    def _enrol(
        self, code: Code, derived: Derived, application: enrolment.Application, now_ms: int
    ) -> enrolment.Enrolled:
        with self.database.write(code.clinic_id) as session:
            opened = enrolment.open_code(session, code, derived, now_ms=now_ms)
            made = enrolment.enrol(
                session, opened, application, derived, self.keys["enrolment"], now_ms=now_ms
            )
            owner = (made.clinic.clinic_id, made.patient.patient_id)
            for document in (cards, packs):
                document.queue_newest(session, *owner, now_ms=now_ms)
            queue_missing(session, *owner, now_ms=now_ms)
        return made

    def items(self, phone: Phone, body: bytes) -> Response:
        """Answer an upload; what it brought counts against what the phone may bring."""
        count, stand_back = 0, self._stand_back(phone.clinic_id)
        try:
            stand_back()  # a large body is read in one go
            items, unread = read_items(body)
            count = len(items) + len(unread)
            # As it is: the model that describes it would cost as much again as taking it in.
            answer = _ANSWER.dump_json(self.take_items(phone, items, unread, stand_back))
            return Response(answer, media_type="application/json")
        finally:
            self.gate.charge(phone_name(phone), count)

    def take_items(
        self,
        phone: Phone,
        items: Sequence[bodies.UpItem],
        unread: Mapping[int, Line],
        stand_back: Callable[[], None],
    ) -> dict[str, object]:
        """Take a batch in; each item has its own answer, also those that couldn't be read."""
        now_ms = self.clock.wall_ms()
        with self.database.write(phone.clinic_id) as session:
            intake = ItemIntake(
                session, phone, self.means, self.keys["receipt"], stand_back, now_ms=now_ms
            )
            answers = intake.take(items)
            heartbeat_ms = newest_heartbeat(session, phone.clinic_id)
        given = Counter(each.answer for each in answers)
        counts = {kind: given[kind] for kind in ("accepted", "refused")}
        counts["refused"] += len(unread)
        count = len(items) + len(unread)
        log.info("items", phone=phone_name(phone), items=count, **counts)
        given_to = zip(items, answers, strict=True)
        lines: list[Line] = [
            {"id": item.id, "answer": a.answer, "reason": a.reason} for item, a in given_to
        ]
        for place, line in sorted(unread.items()):
            lines.insert(place, line)
        return {"answers": lines, "heartbeat_ms": heartbeat_ms, "now_ms": now_ms}

    def _stand_back(self, clinic_id: str) -> Callable[[], None]:
        # SQLite has one writer: who stood back there would hold up the very one that is let by.
        if self.database.engine.dialect.name == "sqlite":
            return lambda: None
        return self.gate.courtesy.for_upload(clinic_id, time.monotonic)

    def sync(self, phone: Phone, cursor: int) -> bodies.SyncAnswer:
        """Return what was queued after ``cursor``, which says what the phone holds."""
        now_ms = self.clock.wall_ms()
        self._publish_card(phone.clinic_id, now_ms)
        with self.database.write(phone.clinic_id) as session:
            stored = session.get_one(Phone, (phone.clinic_id, phone.phone_id))
            stored.cursor = max(stored.cursor, cursor)
            note_on_phone(session, phone.clinic_id, phone.patient_id, cursor, now_ms=now_ms)
            way.note_on_phone(session, phone.clinic_id, phone.patient_id, cursor, now_ms=now_ms)
            waiting = after(session, phone.clinic_id, phone.patient_id, cursor)
            items = [bodies.DownItem(cursor=w.cursor, kind=w.kind, body=w.body) for w in waiting]
            bands = bands_of(session, phone.clinic_id, phone.patient_id)
            records = [
                bodies.HeldRecord(**asdict(each))
                for each in holdings(session, phone.clinic_id, bands)
            ]
            heartbeat_ms = newest_heartbeat(session, phone.clinic_id)
        return bodies.SyncAnswer(
            items=items, records=records, heartbeat_ms=heartbeat_ms, now_ms=now_ms
        )

    def _publish_card(self, clinic_id: str, now_ms: int) -> None:
        """Sign what was saved on the pages, in a transaction of its own; a card that can't be
        signed waits, and the phone gets all else."""
        with self.database.read(clinic_id) as session:
            if asked_card(session, clinic_id) is None:
                return
        try:
            with self.database.write(clinic_id) as session:
                publish_asked(session, clinic_id, self.keys["enrolment"], now_ms=now_ms)
        except CloudError as problem:
            log.error("card not published", clinic=clinic_id, problem=problem.code)

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

    def looks(self, phone: Phone) -> bodies.LooksAnswer:
        """Return who at the clinic looked at the patient's data of late."""
        with self.database.read(phone.clinic_id) as session:
            found = looks_at(
                session, phone.clinic_id, phone.patient_id, now_ms=self.clock.wall_ms()
            )
        return bodies.LooksAnswer(
            looks=[
                bodies.LookItem(
                    who=each.who,
                    roles=list(each.roles),
                    caregiver_id=each.caregiver_id,
                    at_ms=each.at_ms,
                    kind=each.kind,
                )
                for each in found
            ]
        )

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


def create_app(
    settings: Settings,
    clock: Clock,
    keys: KeyRing | None = None,
    now_s: Callable[[], float] = time.monotonic,
) -> FastAPI:
    """Return the ingest application.

    ``now_s`` is the time by which what phones may bring flows back to them, in seconds.
    """
    ring = keys or KeyRing.of_process(settings, KEYS, PURPOSES)
    ingest = Ingest(settings, clock, ring, now_s)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        ingest.door.close()
        ingest.database.close()

    app = FastAPI(
        title="Circlet, the phones' API", version="1", lifespan=lifespan, routes=[*_routes()]
    )
    app.state.ingest, app.state.heard = ingest, health.Heard()
    app.state.database, app.state.clock, app.state.keys = ingest.database, clock, ingest.keys
    app.add_middleware(Unforeseen, answer=problems.failed)
    app.add_middleware(Measured)
    problems.add_handlers(app)
    return app


def _ingest(request: Request) -> Ingest:
    found: Ingest = request.app.state.ingest
    return found


Parts = Annotated[Ingest, Depends(_ingest)]


async def _signed(request: Request, ingest: Parts) -> tuple[Phone, bytes]:
    body = await read_body(request)
    return await _verified(request, ingest, body), body


async def _verified(request: Request, ingest: Ingest, body: bytes) -> Phone:
    message = Message(request.method, str(request.url), dict(request.headers))
    return await run_in_threadpool(ingest.verifier.verify, message, body)


Signed = Annotated[tuple[Phone, bytes], Depends(_signed)]


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _body_of(kind: type[bodies.Body]) -> dict[str, object]:
    # The body is read once, as the very bytes that were signed; the schema is told to OpenAPI here.
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": bodies.schema_of(kind)}},
        }
    }


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """All routes, with what each of them asks for: read once, as every application has the same."""
    known = APIRouter()
    for router in (_api(), health.router, readiness.router):
        known.include_router(router)
    return tuple(known.routes)


def _api() -> APIRouter:
    router = APIRouter(prefix="/v1", responses=problems.DESCRIBED)

    @router.post("/enrolments", openapi_extra=_body_of(bodies.EnrolmentRequest))
    async def enrolments(request: Request, ingest: Parts) -> bodies.EnrolmentAnswer:
        """Enrol a phone by a one-time code; 429 says after how many seconds to come again."""
        asked = _parse(bodies.EnrolmentRequest, await read_body(request))
        address = _address(request)
        return await ingest.door.through(address, partial(ingest.enrol, asked, address))

    @router.post(
        "/items",
        openapi_extra=_body_of(bodies.ItemsRequest),
        response_model=bodies.ItemsAnswer,
    )
    async def items(request: Request, ingest: Parts) -> Response:
        """Take items in, answered one by one; 429 says after how many seconds to come again."""
        name = claimed_name(request.headers)
        async with ingest.gate.upload(request, name, _address(request)) as upload:
            body = await read_body(request)
            with ingest.gate.let_by(clinic_of(name), len(body)):
                phone = await _verified(request, ingest, body)
            await upload.prove(phone_name(phone))
            async with ingest.gate.turn(phone.clinic_id, len(body)):
                return await run_in_threadpool(ingest.items, phone, body)

    @router.get("/sync")
    def sync(
        signed: Signed, ingest: Parts, cursor: Annotated[int, Query(ge=0, le=CURSOR_MAX)] = 0
    ) -> bodies.SyncAnswer:
        """Return what waits after the cursor."""
        return ingest.sync(signed[0], cursor)

    @router.get("/received")
    def received(signed: Signed, ingest: Parts) -> bodies.ReceivedAnswer:
        """Return what came from this patient's phones in the last 90 days, by id."""
        return ingest.received(signed[0])

    @router.get("/looks")
    def looks(signed: Signed, ingest: Parts) -> bodies.LooksAnswer:
        """Return who at the clinic looked at this patient's data in the last 90 days."""
        return ingest.looks(signed[0])

    @router.post("/clearances", openapi_extra=_body_of(bodies.ClearanceRequest))
    def clearances(signed: Signed, ingest: Parts) -> bodies.ClearanceAnswer:
        """Return a clearance over a device's nonce."""
        return ingest.clear(signed[0], _parse(bodies.ClearanceRequest, signed[1]))

    @router.post("/time-tokens", openapi_extra=_body_of(bodies.TimeRequest))
    def time_tokens(signed: Signed, ingest: Parts) -> bodies.TimeAnswer:
        """Return the time over a device's nonce."""
        return ingest.tell_time(signed[0], _parse(bodies.TimeRequest, signed[1]))

    @router.post("/releases", openapi_extra=_body_of(bodies.ReleaseRequest))
    def offered(signed: Signed, ingest: Parts) -> bodies.ReleaseAnswer:
        """Return which firmware image a device may have; it judges the image itself."""
        asked = _parse(bodies.ReleaseRequest, signed[1])
        return releases.offer(ingest.database, signed[0], asked)

    @router.post("/releases/parts", openapi_extra=_body_of(bodies.PartRequest))
    def parts(signed: Signed, ingest: Parts) -> bodies.PartAnswer:
        """Return the next bytes of an image that a device may have."""
        return releases.part(ingest.database, signed[0], _parse(bodies.PartRequest, signed[1]))

    @router.post("/releases/tries", openapi_extra=_body_of(bodies.TryRequest))
    def tries(signed: Signed, ingest: Parts) -> bodies.TryAnswer:
        """Take in what became of a try to bring an image to a device."""
        told = _parse(bodies.TryRequest, signed[1])
        return releases.tell(ingest.database, signed[0], told, now_ms=ingest.clock.wall_ms())

    return router


def _parse(kind: type[B], body: bytes) -> B:
    return kind.model_validate_json(body)
