"""A phone's places over a real store, killed at any commit: for flows that tell the clinic."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar, cast

from sqlalchemy import Engine, event

from mobile.engine.answer_book import AnswerBook
from mobile.engine.caring import Caring, default_card
from mobile.engine.enrolment import Enrolment
from mobile.engine.places import PLACES
from mobile.engine.places.place import Place, Ways
from mobile.engine.places.remembering import Remembering
from mobile.engine.preferences import Preferences
from mobile.engine.screens import Screen, Today
from mobile.engine.text_packs import TextPacks
from mobile.engine.unkept import UnkeptHolds
from mobile.presenters.words import Now
from mobile.store import open_store
from shared.care import bodies
from shared.care.bodies import CareItem
from shared.trust.keys import SoftwareKey
from shared.trust.sealing import open_sealed
from shared.wire.items import UpKind, care_context
from shared.wire.operations import NoncePurpose
from tests.mobile.worlds import MemoryKeyStore
from tests.shared.clinic import DEVICE_ID, NOW_S, PATIENT_ID

T = TypeVar("T")
CARE, APP = SoftwareKey.generate(), SoftwareKey.generate()


class Killed(BaseException):
    """The phone ends here; what isn't committed is gone."""


class Band:
    """Hears what it's told, with a new nonce each time."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    async def nonce(self, purpose: NoncePurpose) -> bytes:
        return len(self.heard).to_bytes(16, "big")

    async def gate_answers(self, message: bytes) -> None:
        self.heard.append(message)


class Phone:
    """One start of the app over a folder: as far as a place reaches, without link and clinic."""

    def __init__(self, data: Path, keys: MemoryKeyStore, band: Band) -> None:
        self.store = open_store(data, keys)
        self.screen: Screen | Place = Today()
        self.enrolment = _enrolment()
        self.stimulator, self.app_key = band, APP
        self.card, self.plan, self.status = default_card("Clinic"), None, None
        self.answers, self.caring = AnswerBook(self.store), Caring(self.store)
        self.instants = SimpleNamespace(wall_ms=lambda: NOW_S * 1000)
        self.now = Now(NOW_S * 1000, UTC)
        self.ledger, self.is_linked, self.reachable = None, False, False
        self.text_packs = TextPacks(self.store)
        self.unkept = UnkeptHolds()
        self.preferences = Preferences()
        self.said: list[str] = []
        self.treating = SimpleNamespace(get_ready=self._armed)
        self.remembering = Remembering(self.store)
        self.ways = Ways(
            cast(Any, self),
            cast(Any, SimpleNamespace(wake=lambda: None)),
            cast(Any, self.treating),
            self._leave,
            self._run,
            PLACES,
            self.remembering.keep,
        )
        recalled = self.remembering.recalled()
        if recalled is not None:
            self.ways.open_first(*recalled)

    async def _armed(self, **_: object) -> None:
        self.go_home()

    def _leave(self, work: Coroutine[Any, Any, None]) -> None:
        work.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run(work)

    def go(self, screen: Screen | Place) -> None:
        self.screen = screen

    def go_home(self) -> None:
        self.screen = Today()

    def say(self, title: str, body: str, tone: object = None) -> None:
        self.said.append(f"{title}: {body}")

    def wake(self) -> None:
        """Nobody sends here."""

    def changed(self) -> None:
        """Nobody looks here."""

    def require_enrolment(self) -> Enrolment:
        return self.enrolment

    @property
    def place(self) -> Place | None:
        """Where the person is, but for the day."""
        return self.screen if isinstance(self.screen, Place) else None

    def touch(self, does: Callable[[Place], None]) -> None:
        """A touch of the present place, as the day forwards it: then the place is noted."""
        assert self.place is not None
        does(self.place)
        self.remembering.note(self.screen)

    def told(self) -> list[CareItem]:
        """What waits for the care team, as they'll read it, in order."""
        context = care_context(PATIENT_ID)
        return [
            bodies.unpack(open_sealed(item.body, key=CARE, context=context))[1]
            for item in self.store.outbox.next_items(100)
            if item.kind is UpKind.CARE
        ]

    def queued(self, kind: UpKind) -> int:
        """How many items of a kind wait."""
        return sum(waiting.kind is kind for waiting in self.store.outbox.what_waits())


Flow = Callable[[Phone], None]
"""What a person does from wherever the phone is, to the flow's end; as often as it was killed."""


def killed_at_each_commit(data: Path, begin: Flow, flow: Flow, check: Flow) -> int:
    """Go through a flow, killed before the first commit that writes, before the second, ...; each
    time the next start goes on to the end and is checked. Return how many such commits it has."""
    keys, begun, at = MemoryKeyStore(), data / "begun", 0
    _start(begun, keys, Band(), begin)
    while True:
        folder, band = shutil.copytree(begun, data / str(at)), Band()
        was_killed = _start(folder, keys, band, partial(_killed, flow=flow, at=at))
        if was_killed:
            _start(folder, keys, band, flow)
        _start(folder, keys, band, check)
        if not was_killed:
            return at
        at += 1


def _start(data: Path, keys: MemoryKeyStore, band: Band, does: Callable[[Phone], T]) -> T:
    phone = Phone(data, keys, band)
    try:
        return does(phone)
    finally:
        phone.store.close()


def _killed(phone: Phone, flow: Flow, at: int) -> bool:
    left, wrote = at, False

    def writes(*executed: Any) -> None:
        nonlocal wrote
        wrote = wrote or not executed[2].startswith("SELECT")

    def begins(_: object) -> None:
        nonlocal wrote
        wrote = False

    def commits(_: object) -> None:
        nonlocal left
        if wrote and left == 0:
            raise Killed
        left -= wrote

    watched = {"begin": begins, "before_cursor_execute": writes, "commit": commits}
    for name, hook in watched.items():
        event.listen(Engine, name, hook)
    try:
        with suppress(Killed):
            flow(phone)
            return False
        return True
    finally:
        for name, hook in watched.items():
            event.remove(Engine, name, hook)


def _enrolment() -> Enrolment:
    key = CARE.public_key.data
    return Enrolment(
        "phone", b"clinic", "Clinic", PATIENT_ID, "A B", DEVICE_ID, key, b"-", b"-", b"-", b"-",
        key, key, key,
    )  # fmt: skip
