"""The phone's Bluetooth host on the virtual radio: one per process, as a phone has one adapter.

It keeps its address and its bonds in a folder, as an operating system would, and tells bleak's
errors instead of bumble's. The bleak backend (`client`, `scanner`) stands on it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)
from bumble import att, core, hci, smp
from bumble.device import Advertisement, Connection, Device, DeviceConfiguration
from bumble.host import Host
from bumble.keys import JsonKeyStore
from bumble.transport import open_transport
from bumble.transport.common import Transport

from firmware_bridge.link.pairing import BleakPairingError, PairingAgent, PairingRefusal
from firmware_bridge.radio.cancelling import none_lost
from firmware_bridge.radio.identity import RadioIdentity, load_identity
from firmware_bridge.radio.security import NumberDelegate, NumberSession, number_pairing

log = logging.getLogger(__name__)

T = TypeVar("T")

ATTACH_LIMIT_S = 10.0
CANCEL_LIMIT_S = 2.0
HEARD_LIMIT_S = 2.0
BONDS_FILE = "bonds.json"
BONDS_NAMESPACE = "phone"

# Two sides that encrypt with different keys can't read each other, and hang up for it.
_MIC_FAILURE = hci.HCI_ErrorCode.CONNECTION_TERMINATED_DUE_TO_MIC_FAILURE_ERROR

AdvertisementListener = Callable[[Advertisement], None]

_REFUSAL_BY_SMP_ERROR = {
    smp.ErrorCode.CONFIRM_VALUE_FAILED: PairingRefusal.NUMBER_DIFFERS,
    smp.ErrorCode.NUMERIC_COMPARISON_FAILED: PairingRefusal.NUMBER_DIFFERS,
    smp.ErrorCode.DHKEY_CHECK_FAILED: PairingRefusal.NUMBER_DIFFERS,
    smp.ErrorCode.PAIRING_NOT_SUPPORTED: PairingRefusal.NOT_OPEN,
    smp.ErrorCode.AUTHENTICATION_REQUIREMENTS: PairingRefusal.TOO_WEAK,
}


class Adapter:
    """A central on the virtual radio. Make one with `open`."""

    def __init__(self, transport: Transport, folder: Path, identity: RadioIdentity) -> None:
        self._transport = transport
        self._folder = folder
        self._device = _device(transport, identity)
        self._bonds = JsonKeyStore(BONDS_NAMESPACE, str(folder / BONDS_FILE))
        self._device.keystore = self._bonds
        self._device.smp_session_proxy = NumberSession
        self._device.pairing_config_factory = number_pairing(NumberDelegate(self._compare))
        self._agent: PairingAgent | None = None
        self._listeners: list[AdvertisementListener] = []
        self._connecting = asyncio.Lock()
        self._scanning = asyncio.Lock()
        self._lost = False
        self._device.on(Device.EVENT_ADVERTISEMENT, self._heard)
        self._device.host.on("flush", self._on_radio_lost)

    @classmethod
    async def open(cls, radio: str, folder: Path) -> "Adapter":
        """Attach to the radio's port `HOST:PORT`; bonds and address live in `folder`."""
        try:
            async with asyncio.timeout(ATTACH_LIMIT_S):
                return await cls.over(await open_transport(f"tcp-client:{radio}"), folder)
        except (OSError, TimeoutError, core.BaseBumbleError) as error:
            raise _no_bluetooth() from error

    @classmethod
    async def over(cls, transport: Transport, folder: Path) -> "Adapter":
        """The same over any way to a controller."""
        adapter = cls(transport, folder, load_identity(folder))
        try:
            with none_lost():
                await adapter._device.power_on()
        except BaseException:
            await transport.close()
            raise
        return adapter

    async def close(self) -> None:
        """Let go of the radio; open connections end."""
        await self._transport.close()

    @property
    def folder(self) -> Path:
        """Where this phone's address and bonds are kept."""
        return self._folder

    @property
    def agent(self) -> PairingAgent | None:
        """Who compares the number; without one no pairing succeeds."""
        return self._agent

    @agent.setter
    def agent(self, agent: PairingAgent | None) -> None:
        self._agent = agent

    # Bonds

    async def bonded(self) -> list[str]:
        """Addresses of the devices this phone is bonded with."""
        return [address for address, _ in await self._bonds.get_all()]

    async def forget(self, address: str) -> None:
        """Remove a bond; nothing happens where there's none."""
        bonds = dict(await self._bonds.get_all())
        for name in [each for each in bonds if _same(each, address)]:
            await self._bonds.delete(name)

    # Scanning

    async def start_scanning(self, listener: AdvertisementListener) -> None:
        async with self._scanning:
            self._listeners.append(listener)
            if len(self._listeners) == 1:
                await self.bounded(self._device.start_scanning(active=False))

    async def stop_scanning(self, listener: AdvertisementListener) -> None:
        async with self._scanning:
            if listener in self._listeners:
                self._listeners.remove(listener)
                if not self._listeners and not self._lost:
                    await self.bounded(self._device.stop_scanning())

    def identity_of(self, address: hci.Address) -> hci.Address:
        """The bonded device behind a private address; the address itself where there's none."""
        resolver = self._device.address_resolver
        if resolver is None or not address.is_resolvable:
            return address
        return resolver.resolve(address) or address

    def _heard(self, advertisement: Advertisement) -> None:
        for listener in list(self._listeners):
            listener(advertisement)

    # Connecting

    async def connect(self, address: str, timeout_s: float) -> Connection:
        """A connection to a device that advertises; `BleakDeviceNotFoundError` in vain."""
        self._check_radio()
        peer = hci.Address(address, hci.Address.RANDOM_DEVICE_ADDRESS)
        try:
            async with asyncio.timeout(timeout_s), self._connecting:
                return await self._connect(peer)
        except TimeoutError as error:
            raise BleakDeviceNotFoundError(address, f"{address} doesn't answer") from error
        except core.BaseBumbleError as error:
            raise BleakError(f"no connection to {address}: {error}") from error

    async def _connect(self, peer: hci.Address) -> Connection:
        while True:
            heard = await self._heard_from(peer)
            try:
                # What was just heard answers at once, or has taken another address since.
                async with asyncio.timeout(None if heard == peer else HEARD_LIMIT_S):
                    return await self._connect_to(heard)
            except TimeoutError:
                log.info("%s no longer answers, listening again", heard)

    async def _heard_from(self, peer: hci.Address) -> hci.Address:
        """The address that the device uses now: a private one of its own, if it's bonded."""
        resolver = self._device.address_resolver
        if resolver is None or not resolver.can_resolve_to(peer):
            return peer
        return await self._device.find_peer_by_identity_address(peer)

    async def _connect_to(self, address: hci.Address) -> Connection:
        try:
            return await self._device.connect_le(address, timeout=None)
        except BaseException:
            await asyncio.shield(self._cancel_connecting())
            raise

    async def _cancel_connecting(self) -> None:
        command = hci.HCI_LE_Create_Connection_Cancel_Command()
        try:
            async with asyncio.timeout(CANCEL_LIMIT_S):
                await self._device.send_sync_command(command)
        except (TimeoutError, core.BaseBumbleError) as error:
            log.debug("nothing to cancel: %s", error)

    # Security

    async def is_bonded(self, connection: Connection) -> bool:
        return await self._bonds.get(str(connection.peer_address)) is not None

    async def pair(self, connection: Connection) -> None:
        """Pair by numeric comparison and bond; `BleakPairingError` says why not."""
        try:
            await self.bounded(self._device.pair(connection), connection)
        except core.ProtocolError as error:
            raise BleakPairingError(_refusal(error)) from error
        except BleakPairingError:
            raise
        except BleakError as error:
            raise BleakPairingError(PairingRefusal.BROKEN_OFF) from error

    async def encrypt(self, connection: Connection) -> None:
        """Encrypt with the stored bond; `BleakPairingError` where the peer has none or another."""
        ended_by: list[int] = []
        connection.once(connection.EVENT_DISCONNECTION, ended_by.append)
        try:
            await self.bounded(self._device.encrypt(connection), connection)
        except hci.HCI_Error as error:
            raise BleakPairingError(_lost_bond(error.error_code)) from error
        except BleakError as error:
            if _MIC_FAILURE not in ended_by:
                raise
            raise BleakPairingError(_lost_bond(_MIC_FAILURE)) from error

    async def _compare(self, number: int) -> bool:
        return self._agent is not None and await self._agent.confirm_number(number)

    # Errors

    async def bounded(self, work: Awaitable[T], connection: Connection | None = None) -> T:
        """Await bumble; tell what went wrong as bleak would.

        bumble cancels whoever waits for a link that breaks, which isn't a cancellation of ours; one
        of ours it may lose.
        """
        self._check_radio()
        with none_lost():
            return await _as_bleak_would(work)

    def _check_radio(self) -> None:
        if self._lost:
            raise _no_bluetooth()

    def _on_radio_lost(self) -> None:
        self._lost = True
        for connection in list(self._device.connections.values()):
            self._device.on_disconnection(
                connection.handle, hci.HCI_ErrorCode.HARDWARE_FAILURE_ERROR
            )


def _device(transport: Transport, identity: RadioIdentity) -> Device:
    config = DeviceConfiguration(
        name="phone",
        address=identity.address,
        irk=identity.irk,
        identity_address_type=hci.Address.RANDOM_DEVICE_ADDRESS,
    )
    return Device(config=config, host=Host(transport.source, transport.sink))


async def _as_bleak_would(work: Awaitable[T]) -> T:
    try:
        return await work
    except asyncio.CancelledError:
        raise BleakError("the link broke") from None
    except att.ATT_Error as error:
        raise BleakGATTProtocolError(error.error_code) from error
    except (core.ProtocolError, hci.HCI_Error):
        raise
    except core.BaseBumbleError as error:
        raise BleakError(str(error) or type(error).__name__) from error


def _same(name: str, address: str) -> bool:
    return name.split("/")[0].lower() == address.split("/")[0].lower()


def _refusal(error: core.ProtocolError) -> PairingRefusal:
    for code, refusal in _REFUSAL_BY_SMP_ERROR.items():
        if code == error.error_code:
            return refusal
    return PairingRefusal.UNKNOWN


def _lost_bond(code: int | None) -> PairingRefusal:
    if code == _MIC_FAILURE:
        return PairingRefusal.KEYS_DIFFER
    return PairingRefusal.BOND_LOST


def _no_bluetooth() -> BleakBluetoothNotAvailableError:
    return BleakBluetoothNotAvailableError(
        "the virtual radio isn't there", BleakBluetoothNotAvailableReason.NO_BLUETOOTH
    )
