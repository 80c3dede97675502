"""One world with everybody in it: band, air, clinic, cloud, phones. Made fresh, or from a snapshot.

Not for what anybody does: see `actions`.
"""

from __future__ import annotations

import asyncio
import copy
import random
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any
from unittest import mock

from firmware_bridge.emulator.firmware import session_commands
from firmware_bridge.emulator.firmware.ports import Identity
from firmware_bridge.emulator.parts.board import Kept
from mobile.engine import session as engine_session
from shared.dose import prescription as prescriptions
from shared.dose.prescription import Prescription
from tests.campaign.schedules.air import Air, Weather
from tests.campaign.schedules.band import Band
from tests.campaign.schedules.clinic import APPS, DEVICE, DEVICE_ID, MAKER, PATIENTS, Clinic
from tests.campaign.schedules.cloud import Cloud
from tests.campaign.schedules.facts import World
from tests.campaign.schedules.keys import Ephemerals, FixedKey
from tests.campaign.schedules.kinds import Kind
from tests.campaign.schedules.memory_store import Image, Shelf
from tests.campaign.schedules.phone import Phone
from tests.campaign.schedules.timeline import SimulatedClock, Timeline
from tests.shared.clinic import NOW_S

BEGIN_WALL_MS = NOW_S * 1000
LONG_MS = 100_000
VALUE_BYTES = (509, 509, 182)


@dataclass(frozen=True)
class Snapshot:
    """Everything that a schedule begins with."""

    kind: Kind
    kept: Kept
    world: World
    clinics: tuple[Clinic, ...]
    down: tuple[Any, ...]
    image: Image
    prescription: Prescription
    now_us: int
    boots: int
    recorded: tuple[bytes, ...]


@dataclass
class Person:
    """What the people around the band know and have."""

    clinics: list[Clinic]
    prescription: Prescription
    """The newest treatment that a prescriber signed; the device may not have it."""

    clinic: int = 0
    patient: bytes = PATIENTS[0]
    app: int = 0
    apps_used: int = 1
    titration: Prescription | None = None
    staff: int = 0
    held: list[tuple[bytes, bytes]] = field(default_factory=list)
    words: list[tuple[str, int, bytes]] = field(default_factory=list)
    """Blobs that were used once: what for, their kind, their bytes."""

    images: list[Image] = field(default_factory=list)
    flashes: list[tuple[dict[str, bytes], int]] = field(default_factory=list)
    last_session_id: bytes = bytes(16)


class Stage:
    """A world that runs."""

    def __init__(
        self, timeline: Timeline, shelf: Shelf, kind: Kind, seed: int, snapshot: Snapshot | None
    ) -> None:
        timeline.begin()
        random.seed(seed)
        self.timeline, self.shelf, self.kind, self.seed = timeline, shelf, kind, seed
        self.clock = SimulatedClock(timeline, BEGIN_WALL_MS)
        if snapshot is None:
            clinics, kept = [Clinic(0), Clinic(1)], Kept()
            self.world = World(
                DEVICE_ID, DEVICE.public_key.data, MAKER.public_key.data, BEGIN_WALL_MS
            )
            self.person = Person(clinics, kind.prescription)
        else:
            clinics, kept = [copy.copy(clinic) for clinic in snapshot.clinics], snapshot.kept.copy()
            timeline.now_us = snapshot.now_us
            self.world = replace(
                snapshot.world,
                facts=list(snapshot.world.facts),
                pulses=list(snapshot.world.pulses),
                uploaded=list(snapshot.world.uploaded),
                logs=[],
            )
            self.person = Person(clinics, snapshot.prescription)
        self.cloud = Cloud(clinics[0], self.clock.wall_ms)
        self.cloud.uploaded = self.world.uploaded
        if snapshot is not None:
            self.cloud.down = list(snapshot.down)
        identity = Identity(DEVICE_ID, DEVICE, b"", MAKER.public_key)
        self.band = Band(timeline, self.world, identity, kept, kind.profile, seed)
        if snapshot is not None:
            self.band.boots = snapshot.boots
        self.air = Air(timeline, self.band, VALUE_BYTES[seed % len(VALUE_BYTES)])
        if snapshot is not None:
            self.air.heard = list(snapshot.recorded)
        timeline.step_us = lambda: self.band.step_us
        timeline.passed = self.band.catch_up
        self.phones: list[Phone] = []
        self.phone: Phone | None = None

    @property
    def clinic(self) -> Clinic:
        """The clinic that owns the device."""
        return self.person.clinics[self.person.clinic]

    @property
    def app_key(self) -> FixedKey:
        """The key of the app that is used now."""
        return APPS[self.person.app]

    def open_app(self, image: Image | None) -> Phone:
        """Start the app over a store; the one that was used before is closed."""
        if self.phone is not None and self.phone.alive:
            self.phone.freeze()
        phone = Phone(
            self.air, self.clock, self.cloud, self.app_key, self.person.patient, self.shelf, image
        )
        self.phones.append(phone)
        self.phone = phone
        return phone

    async def sleep_ms(self, duration_ms: int) -> None:
        """Let the world's time pass; for longer than a session nobody holds the phone, and its
        system ends an app that still follows a session."""
        carried_away = duration_ms > LONG_MS and self.air.in_reach
        if carried_away:
            self.air.out_of_reach()
            await self.clock.sleep_ms(LONG_MS // 4)
        closed = self._close_app() if duration_ms > LONG_MS else None
        await self.clock.sleep_ms(duration_ms - LONG_MS // 4 * carried_away)
        if closed is not None:
            self.open_app(closed)
        if carried_away:
            self.air.back_in_reach()
            if self.phone is not None and self.band.on:
                await self.phone.ready()

    def _close_app(self) -> Image | None:
        phone = self.phone
        follows = phone is not None and phone.alive and phone.run is not None
        return phone.freeze() if phone is not None and follows else None

    async def settle(self) -> None:
        """End everything that still runs, so that the next schedule begins with nothing."""
        self.air.weather = Weather()
        for phone in self.phones:
            if phone.alive:
                phone.freeze()
        self.band.on_power = lambda _on: None
        self.air.drop()
        for phone in self.phones:
            await phone.bury()
        await asyncio.sleep(0)

    def named(self) -> bytes:
        """The hash of the newest treatment."""
        return prescriptions.hash_of(prescriptions.to_bytes(self.person.prescription))


def without_chance(seed: int) -> Any:
    """Replace what the product draws by chance with a pool and a seed: patches to enter."""
    ephemerals, drawn = Ephemerals(seed), random.Random(seed)
    pool = SimpleNamespace(generate=ephemerals, from_random=lambda _random: ephemerals())
    return (
        mock.patch.object(session_commands, "SoftwareKey", pool),
        mock.patch.object(engine_session, "SoftwareKey", pool),
        mock.patch.object(engine_session, "secrets", SimpleNamespace(token_bytes=drawn.randbytes)),
    )
