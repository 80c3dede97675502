"""One clock, one radio, one band and one phone: a place to treat at, with its processes."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from firmware_bridge.emulator.parts.board import PULSE_LOG
from firmware_bridge.emulator.parts.coil import Pulse, read_pulses
from firmware_bridge.link import Connection, LinkError, StimulatorClient
from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.port import VirtualBluetooth
from firmware_bridge.timebase import ServedClock
from shared.trust import certificates
from shared.trust.keys import SoftwareKey
from shared.trust.statements import Certificate, Purpose
from shared.wire.ticks import DEFAULT_STEP_MS
from tests.campaign.kill.patient import LOOK_MS, Patient
from tests.journey.band import EmulatedBand
from tests.journey.processes import Process, start
from tests.shared.clinic import DAY_S, DEVICE_ID, FAR_S, NOW_S, Clinic

UNHURRIED = 10.0
"""Simulated seconds in a real one while nothing but the link is waited for."""

HURRIED = 1000.0
"""The same while treatment runs: in effect as fast as band and phone acknowledge."""


@dataclass(frozen=True)
class Made:
    """The keys of one clinic and of the one band that its maker made."""

    clinic: Clinic = field(default_factory=Clinic)
    device: SoftwareKey = field(default_factory=SoftwareKey.generate)

    def write_identity(self, folder: Path) -> None:
        """Write what the maker puts into the band, in the form that the emulator reads."""
        folder.mkdir(parents=True)
        label = {"device_id": DEVICE_ID.hex(), "name": "Band"}
        (folder / "device.json").write_text(json.dumps(label))
        (folder / "device.key").write_bytes(self.device.to_pem())
        (folder / "device.cert").write_bytes(self._certificate())
        maker = self.clinic.manufacturer.public_key.data
        (folder / "manufacturer.pub").write_text(maker.hex())

    def _certificate(self) -> bytes:
        key = self.device.public_key.data
        certificate = Certificate(Purpose.DEVICE, key, "Band", NOW_S - DAY_S, FAR_S)
        maker = self.clinic.manufacturer
        return certificates.issue(certificate, clinic_id=DEVICE_ID, root=maker)


@dataclass(frozen=True)
class Template:
    """A band that is paired, provisioned, prescribed for and cleared; switched off."""

    made: Made
    identity: Path
    band_state: Path
    phone_bonds: Path
    band_address: str


class Stand:
    """The parts that run; make one with `open_stand`."""

    def __init__(self, folder: Path, made: Made, identity: Path) -> None:
        self.folder, self.made, self.identity = folder, made, identity
        self.band_state = folder / "band"
        self.phone_bonds = folder / "phone"
        self.emulator: Process | None = None
        self.band: EmulatedBand
        self.clock: ServedClock
        self.adapter: Adapter
        self.connection: Connection
        self.patient: Patient
        self._clock_process: Process
        self._radio: Process

    async def open(self, started_s: int, step_ms: int, phone_bonds: Path | None) -> None:
        """Start clock and radio, and switch the phone on."""
        begin = datetime.fromtimestamp(started_s, UTC).isoformat()
        pace = ("--rate", str(UNHURRIED), "--step-ms", str(step_ms))
        self._clock_process = await self._start(
            "clock", "circlet-clock", "--start-wall", begin, *pace
        )
        self._radio = await self._start("radio", "circlet-radio", "--port", "0", "--port", "0")
        if phone_bonds is not None:
            shutil.copytree(phone_bonds, self.phone_bonds)
        self.clock = await ServedClock.connect(
            "127.0.0.1", self._clock_process.ready["port"], "phone"
        )
        phone_radio = f"127.0.0.1:{self._radio.ready['ports'][1]}"
        self.adapter = await Adapter.open(phone_radio, self.phone_bonds)
        self.connection = Connection(VirtualBluetooth(self.adapter), self.clock)
        client = StimulatorClient(self.connection)
        self.patient = Patient(self.made.clinic, client, self.connection)

    def renew(self, template: Template, name: str) -> None:
        """Put a copy of the template's band in the place of the present one, which is off."""
        self.band_state = self.folder / name
        shutil.copytree(template.band_state, self.band_state)

    async def switch_on(self) -> None:
        """Start the band over whatever its folder keeps."""
        self.emulator = await self._start(
            "emulator",
            "circlet-emulator",
            "run",
            "--radio",
            f"127.0.0.1:{self._radio.ready['ports'][0]}",
            "--state",
            str(self.band_state),
            "--identity",
            str(self.identity),
            "--clock",
            f"127.0.0.1:{self._clock_process.ready['port']}",
        )
        ready = self.emulator.ready
        self.band = EmulatedBand(ready["port"], ready["token"], self._radio.ready["control_port"])

    async def cut_power(self) -> None:
        """End the band as a power cut does: SIGKILL, in whatever it is doing."""
        if self.emulator is not None:
            emulator, self.emulator = self.emulator, None
            await emulator.kill()
            await self.band.close()

    async def until_fired(self, pulses: int, limit_ms: int) -> None:
        """Return at the tick at which the coil's log has so many; AssertionError if it hasn't."""
        until_ms = self.clock.elapsed_ms() + limit_ms
        fired = 0
        with (self.band_state / "coil" / PULSE_LOG).open("rb") as log:
            while (fired := fired + log.read().count(b"\n")) < pulses:
                late = self.clock.elapsed_ms() > until_ms
                assert not late, f"{fired} of {pulses} fired: {self.connection.status}"
                await self.clock.sleep_ms(LOOK_MS)

    def pulses(self) -> tuple[Pulse, ...]:
        """What the coil fired, by its own log."""
        return read_pulses(self.band_state / "coil" / PULSE_LOG)

    async def close(self) -> None:
        """End everything."""
        await self.cut_power()
        with suppress(LinkError):
            await self.connection.let_go()
        await self.adapter.close()
        await self.clock.close()
        await self._radio.end()
        await self._clock_process.end()

    async def _start(self, name: str, *command: str) -> Process:
        return await start(name, *command, log=self.folder / "logs" / f"{name}.log")


@asynccontextmanager
async def open_stand(
    folder: Path,
    made: Made,
    identity: Path,
    *,
    started_s: int = NOW_S,
    step_ms: int = DEFAULT_STEP_MS,
    phone_bonds: Path | None = None,
) -> AsyncIterator[Stand]:
    """Run clock, radio and phone, the band still off."""
    stand = Stand(folder, made, identity)
    await stand.open(started_s, step_ms, phone_bonds)
    try:
        yield stand
    finally:
        await stand.close()
