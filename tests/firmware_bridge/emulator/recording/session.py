"""A run worth recording: a phone pairs, sets the band up, treats, breaks off; the band reboots."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from firmware_bridge.emulator.life import Life
from firmware_bridge.emulator.parts.identity import load_manufacture
from firmware_bridge.emulator.profile.figures import DESKTOP, Profile
from firmware_bridge.emulator.recording.recorder import Recorded, Recorder
from firmware_bridge.emulator.recording.witness import Witness
from firmware_bridge.emulator.shell import HOLD_MS
from firmware_bridge.timebase import Clock
from shared.wire.status import DeviceState
from tests.campaign.kill.patient import Patient
from tests.campaign.kill.stand import Made
from tests.firmware_bridge.emulator.living import Scene, living

RECORDING = "recording"
LIMIT_MS = 600_000


class Hand:
    """A hand at the band's button, and an eye on its display."""

    def __init__(self, life: Life) -> None:
        self._life = life

    async def press(self) -> None:
        await self._life.press()

    async def hold(self) -> None:
        await self._life.press(HOLD_MS)

    async def state(self) -> dict[str, str]:
        return {"display": self._life.core.display.text}


class Acting:
    """A recorded band, and the patient whose it becomes."""

    def __init__(self, scene: Scene, made: Made) -> None:
        self.scene, self.made = scene, made
        self.hand: Any = Hand(scene.life)
        self.patient = Patient(made.clinic, scene.client, scene.connection)

    async def treat(self) -> None:
        """From an unknown band to a session that the person stops in its midst."""
        address = await self.patient.pair(self.hand)
        async with self.patient.kept(address):
            await self.patient.set_up(self.hand)
            await self.patient.pass_gates()
            await self.patient.arm(self.made.device.public_key)
            async with self.patient.treated(self.hand):
                await self.patient.until(DeviceState.STIMULATING, LIMIT_MS)
                await self.scene.connection.clock.sleep_ms(9_000)
                await self.scene.client.stop()
                await self.patient.until(DeviceState.PAUSED, LIMIT_MS)
            await self.scene.client.close()
            await self.patient.until(DeviceState.IDLE, LIMIT_MS)
            await self.patient.record()
            await self.patient.signed_head(self.made.device.public_key)


@asynccontextmanager
async def recorded(folder: Path, profile: Profile = DESKTOP) -> AsyncIterator[Acting]:
    """A band that is recorded into `folder / RECORDING` until left."""
    made = Made()
    made.write_identity(folder / "identity")
    identity = load_manufacture(folder / "identity").identity
    band = Recorded(folder / "band", folder / "identity", identity.device_id, profile)
    with ExitStack() as closing:

        def witness(clock: Clock) -> Witness:
            return Recorder(folder / RECORDING, band, clock, closing)

        by: Callable[[Clock], Witness] = witness
        async with living(folder, identity=identity, profile=profile, witnessed_by=by) as scene:
            yield Acting(scene, made)
