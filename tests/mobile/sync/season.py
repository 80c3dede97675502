"""Weeks of a phone's life against the clinic's real ingest app: a day a step, in any weather."""

from __future__ import annotations

import json
import secrets
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import func, select

from cloud.checkins.models import Checkin
from cloud.ingest.app import create_app
from cloud.ledger.models import DeliveredSession, LedgerChain
from firmware_bridge.timebase import SystemClock
from mobile.engine import enrolment as enrolments
from mobile.engine.ledger_copy import LedgerCopy
from mobile.platform import KeyName, create_signer
from mobile.store import Store, open_store
from mobile.store.outbox import OutboxItem
from mobile.sync import ClinicUnreachable, IngestClient, exchange
from mobile.sync.signing import RequestSigner
from shared.trust import sealing, sign1
from shared.trust.keys import PublicKey
from shared.trust.statements import Clearance, LedgerHead
from shared.wire import fields, items, records
from shared.wire.items import CheckinBody, UpKind
from tests.cloud.worlds import BIRTH_DATE, Band, World, make_world
from tests.mobile.worlds import MemoryKeyStore

DAY_MS = 86_400_000
CARRIED = ("/v1/items", "/v1/sync")
FAR_S = 2**40


class Sky(Enum):
    """How the ways to the clinic are."""

    CLEAR = auto()
    NOTHING_GETS_THROUGH = auto()
    WORDS_ONLY = auto()
    """Clearances come; uploads fail by turns on the way there and on the way back."""


class Weather:
    """Stands before the clinic's app; ``arrivals`` are ids in the order in which it took them."""

    def __init__(self, app: Any) -> None:
        self.app = self._app = app
        self.sky = Sky.CLEAR
        self.arrivals: list[str] = []
        self.lost_answers = self.requests = 0
        self._turn = 0

    def let_answer(self, app: Any) -> None:
        """Let another app answer instead of the clinic's own (None: the clinic's own again)."""
        self._app = app or self.app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.requests += scope["type"] == "http"
        if scope["type"] != "http" or self.sky is Sky.CLEAR:
            await self._app(scope, self._noting(scope, receive), send)
            return
        carried = scope["path"] in CARRIED
        if self.sky is Sky.WORDS_ONLY and not carried:
            await self._app(scope, receive, send)
            return
        self._turn += 1
        if self.sky is Sky.WORDS_ONLY and self._turn % 2:
            self.lost_answers += 1
            await self._app(scope, self._noting(scope, receive), _nobody)
        await _unavailable(send)

    def _noting(self, scope: Any, receive: Any) -> Any:
        body = bytearray()

        async def noted() -> Any:
            message = await receive()
            if scope["path"] == "/v1/items" and message["type"] == "http.request":
                body.extend(message["body"])
                if not message["more_body"]:
                    self.arrivals += [item["id"] for item in json.loads(body)["items"]]
            return message

        return noted


def _seconds(world: World) -> float:
    """A day of the season is one for what a phone may bring, too."""
    return world.clock.now_ms / 1000


async def _nobody(_message: Any) -> None:
    """The answer goes nowhere."""


async def _unavailable(send: Any) -> None:
    await send({"type": "http.response.start", "status": 503, "headers": []})
    await send({"type": "http.response.body", "body": b""})


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


@contextmanager
def serving_ingest(world: World) -> Iterator[tuple[str, Weather]]:
    """Serve the world's ingest app behind a weather; yields its address."""
    bound = socket.create_server(("127.0.0.1", 0))
    now_s = partial(_seconds, world)
    weather = Weather(create_app(world.settings, world.clock, now_s=now_s))
    server = _Server(uvicorn.Config(weather, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    assert server.listens.wait(20)
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}", weather
    finally:
        server.should_exit = True
        thread.join(20)
        world.database.close()


class PhoneClock(SystemClock):
    """The world's clock, as far as the person set it right."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self.wrong_by_ms = 0

    def wall_ms(self) -> int:
        return self._world.clock.now_ms + self.wrong_by_ms

    def elapsed_ms(self) -> int:
        return self._world.clock.now_ms


class Season:
    """A phone, a band and a clinic, day by day."""

    def __init__(self, folder: Path, world: World, url: str, weather: Weather) -> None:
        self.world, self.weather, self._url, self._folder = world, weather, url, folder
        self.keys = MemoryKeyStore()
        self.clock = PhoneClock(world)
        self._begin()

    def _begin(self) -> None:
        self.store = open_store(self._folder, self.keys, now_ms=self.clock.wall_ms())
        self.client = IngestClient(self._url, self.clock)

    async def enrol(self) -> None:
        """Enrol as the app does, and take the band's first record."""
        app_key = create_signer(self.keys, KeyName.APP)
        self._request_key = create_signer(self.keys, KeyName.REQUEST)
        enrolled = await self.client.enrol(
            code=self.world.enrol()[1],
            birth_date=BIRTH_DATE.isoformat(),
            app_key=app_key.public_key,
            request_key=self._request_key.public_key,
        )
        self.enrolment = enrolments.check(
            enrolled, app_key=app_key.public_key, now_s=self.world.clock.now_ms // 1000
        )
        self.band = Band(self.world.identity, self.enrolment.patient_id)
        self._know()
        self.ledger.begin(self.band.epoch)

    def _know(self) -> None:
        self.client.sign_as(RequestSigner(self.enrolment.phone_id, self._request_key))
        self.ledger = LedgerCopy(self.store, self.enrolment.device_id)

    async def restart(self) -> None:
        """The app ends and begins."""
        await self.close()
        self._begin()
        self._know()

    async def close(self) -> None:
        self.store.close()
        await self.client.close()

    # A day

    async def day(self, *, sessions: int, answers: int) -> bool:
        """Live a day; return whether the clinic was reached at its end."""
        self.world.clock.now_ms += DAY_MS
        self.band.clock_ms = self.world.clock.now_ms
        for _ in range(sessions):
            self.band.session(trains=1, planned=1)
        self.fetch_record()
        for _ in range(answers):
            self.answer()
        return await self.exchange()

    def fetch_record(self) -> None:
        """Bring the band's new records to the phone, with its signed head."""
        new = self.band.data[self.ledger.next_number - 1 :]
        for record in new:
            self.ledger.hear(record)
        item = self.band.head_item()
        envelope = item["body"]
        assert isinstance(envelope, bytes)
        head = sign1.verify(
            LedgerHead,
            envelope,
            audience=self.enrolment.clinic_id,
            key=PublicKey(self.enrolment.device_key),
        )
        self.ledger.prove(head, now_ms=self.clock.wall_ms())
        self._queue(OutboxItem(str(item["id"]), UpKind.HEAD, envelope))

    def answer(self) -> None:
        """Answer a check-in, as the app keeps and queues one."""
        number = len(self.store.checkins.all())
        body = CheckinBody(
            "phq9-own-words",
            1,
            self.enrolment.patient_id,
            self.clock.wall_ms(),
            tuple(number // 4**place % 4 for place in range(9)),
            "en",
        )
        sealed = sealing.seal(
            fields.pack(body),
            to=PublicKey(self.enrolment.care_key),
            context=items.checkin_context(self.enrolment.patient_id),
        )
        name = f"checkin/{self.enrolment.device_id.hex()}/{number}"
        with self.store.transaction():
            self.store.checkins.add(body)
            self._queue(OutboxItem(name, UpKind.CHECKIN, sealed))

    def _queue(self, item: OutboxItem) -> None:
        self.store.outbox.queue([item], now_ms=self.clock.wall_ms())

    async def exchange(self) -> bool:
        """Send and fetch; return whether it went through."""
        try:
            await exchange(self.store, self.client)
        except ClinicUnreachable:
            return False
        return True

    async def renew_clearance(self) -> bool:
        """Fetch the clinic's word and give it to the band; return whether it came."""
        nonce = secrets.token_bytes(16)
        try:
            word = await self.client.clearance(
                device_id=self.enrolment.device_id, nonce=nonce, serial=0
            )
        except ClinicUnreachable:
            return False
        body = sign1.verify(
            Clearance,
            word.statement,
            audience=self.enrolment.device_id,
            key=self.world.identity.keys["clearance"].public_key,
        )
        self.band.write(
            records.ClearanceBody(
                sign1.name_of(word.statement),
                body.issued_s,
                body.newest_serial,
                body.newest_hold,
                body.newest_revocation,
                FAR_S,
            )
        )
        return True

    # What the clinic has

    def at_the_clinic(self) -> tuple[int, int, int, int]:
        """Records verified, sessions delivered, their pulses, check-ins."""
        with self.world.database.read("demo") as session:
            key = ("demo", self.enrolment.device_id, self.band.epoch)
            chain = session.get(LedgerChain, key)
            sessions, pulses = session.execute(
                select(func.count(), func.sum(DeliveredSession.charged_pulses)).select_from(
                    DeliveredSession
                )
            ).one()
            checkins = session.scalar(select(func.count()).select_from(Checkin))
        return (0 if chain is None else chain.verified_to, sessions, pulses or 0, checkins or 0)

    def queued(self, store: Store) -> list[str]:
        """Every id that was ever queued, in order."""
        with store.transaction() as session:
            rows = session.connection().exec_driver_sql("SELECT id FROM outbox ORDER BY sequence")
            return [name for (name,) in rows]


@asynccontextmanager
async def season(folder: Path) -> AsyncIterator[Season]:
    """An enrolled phone with its band, and the clinic's real ingest app."""
    clinic = folder / "clinic"
    clinic.mkdir()
    world = make_world(clinic)
    with serving_ingest(world) as (url, weather):
        made = Season(folder / "phone", world, url, weather)
        await made.enrol()
        yield made
        await made.close()
