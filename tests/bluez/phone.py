"""The phone in the guest: the link over bleak's BlueZ backend, an agent for the system's dialog.

`Tap` sees each value that bleak hands the link. Not for the steps: those are the story's.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bleak.backends.bluezdbus.manager import get_global_bluez_manager
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import NotifyCallback
from bleak.exc import BleakError

from firmware_bridge.link import Connection, PairingAgent, StimulatorClient, SystemBluetooth
from firmware_bridge.link.bluez import BluezClient
from firmware_bridge.timebase import ServedClock
from shared.trust.keys import PublicKey
from tests.bluez.agent import Agent, agent_on_the_bus
from tests.bluez.given import THIS_MACHINE, Ports, read_keys, read_ports
from tests.campaign.kill.patient import Patient
from tests.journey.band import EmulatedBand
from tests.journey.polling import until

ADAPTER_WITHIN_S = 60.0


class BandAtHand(EmulatedBand):
    """The band's control surface, and the hand at its switch."""

    def __init__(self, ports: Ports) -> None:
        super().__init__(ports.band_control, ports.band_token, ports.radio_control, THIS_MACHINE)
        self._hand = f"http://{THIS_MACHINE}:{ports.hand}"

    async def hang_up(self) -> None:
        """The band itself ends the connection."""
        await self._call("POST", f"{self._band}/drop", {})

    async def forget_phones(self) -> None:
        """Lose every bond, while switched off."""
        await self._call("POST", f"{self._hand}/forget")

    async def change_key(self) -> None:
        """Have another key for each phone."""
        await self._call("POST", f"{self._hand}/change-key")


class DialogBluetooth(SystemBluetooth):
    """The system's Bluetooth, with a dialog of ours: whom the link names is asked there."""

    def __init__(self, dialog: Agent) -> None:
        self._dialog = dialog

    def ask(self, agent: PairingAgent | None) -> None:
        self._dialog.person = agent


@dataclass
class Tap:
    """Each value that bleak delivered, by characteristic, since `clear`."""

    values: dict[str, list[bytes]] = field(default_factory=dict)

    def clear(self) -> None:
        self.values.clear()

    def of(self, uuid: str) -> list[bytes]:
        """The values of one characteristic, in order."""
        return self.values.get(uuid, [])

    def put_on(self) -> None:
        """See what every client is told from now on."""
        start_notify = BluezClient.start_notify

        async def tapped(
            client: BluezClient,
            characteristic: BleakGATTCharacteristic,
            callback: NotifyCallback,
            **kwargs: Any,
        ) -> None:
            def deliver(value: bytearray) -> None:
                self.values.setdefault(characteristic.uuid, []).append(bytes(value))
                callback(value)

            await start_notify(client, characteristic, deliver, **kwargs)

        BluezClient.start_notify = tapped  # type: ignore[assignment, method-assign]


@dataclass(frozen=True)
class Phone:
    """Everything that the steps use."""

    band: BandAtHand
    bluetooth: SystemBluetooth
    clock: ServedClock
    connection: Connection
    patient: Patient
    device: PublicKey
    tap: Tap

    async def bonded(self) -> list[str]:
        """The devices that the system has a bond with."""
        manager = await get_global_bluez_manager()
        devices = manager._iter_device_props()
        return [device["Address"] for _, device in devices if device["Paired"]]


@asynccontextmanager
async def open_phone(exchange: Path) -> AsyncIterator[Phone]:
    """A phone whose Bluetooth is on."""
    ports = read_ports(exchange)
    clinic, device = read_keys(exchange)
    tap = Tap()
    tap.put_on()
    await adapter_on()
    clock = await ServedClock.connect(THIS_MACHINE, ports.clock, "phone")
    band = BandAtHand(ports)
    try:
        async with agent_on_the_bus() as dialog:
            bluetooth = DialogBluetooth(dialog)
            connection = Connection(bluetooth, clock)
            patient = Patient(clinic, StimulatorClient(connection), connection)
            yield Phone(band, bluetooth, clock, connection, patient, device.public_key, tap)
    finally:
        await band.close()
        await clock.close()


async def adapter_on() -> None:
    """Return once bluetoothd has an adapter that is on."""

    async def look() -> bool:
        try:
            manager = await get_global_bluez_manager()
            manager.get_default_adapter()
        except (BleakError, OSError, EOFError):
            return False
        return True

    async with asyncio.timeout(ADAPTER_WITHIN_S):
        await until(look, lambda on: on, within_s=ADAPTER_WITHIN_S)
