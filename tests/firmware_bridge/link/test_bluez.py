"""What bleak's BlueZ backend leaves unsaid of a bond is said, with BlueZ's own answers played."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from bleak.backends.bluezdbus.client import BleakClientBlueZDBus
from bleak.exc import BleakDBusError, BleakDeviceNotFoundError

from firmware_bridge.link import PairingRefusal, SystemBluetooth
from firmware_bridge.link import bluez as bluez_client
from firmware_bridge.link.bluetooth import client_backend
from firmware_bridge.link.bluez import TURNED_AWAY_AFTER, BluezClient
from firmware_bridge.link.pairing import BleakPairingError

ADDRESS = "F0:F1:F2:F3:F4:F5"
PATH = "/org/bluez/hci0/dev_4A_00_00_00_00_01"
ABORTED = BleakDBusError("org.bluez.Error.Failed", ["le-connection-abort-by-local"])
CANCELED = BleakDBusError("org.bluez.Error.Failed", ["br-connection-canceled"])

BROKEN_OFF = BleakDBusError("org.bluez.Error.AuthenticationCanceled", ["Authentication Canceled"])


class System:
    """What bluetoothd knows, and how its next connections end."""

    def __init__(self) -> None:
        self.paired = True
        self.hang_ups = 0
        self.then: Exception | None = None
        self.after_hang_up: Exception | None = None
        self.tries = 0

    def _iter_device_props(self) -> Iterator[tuple[str, dict[str, Any]]]:
        yield PATH, {"Address": ADDRESS, "Paired": self.paired}

    async def connect(self, client: BleakClientBlueZDBus) -> None:
        """As bleak does: again after each hang-up; a word that it doesn't know ends it."""
        while True:
            await asyncio.sleep(0)
            self.tries += 1
            if self.hang_ups == 0:
                break
            self.hang_ups -= 1
            heard = client._disconnect_monitor_event = asyncio.Event()
            client._on_disconnected()
            if self.after_hang_up is not None:
                raise self.after_hang_up
            await heard.wait()
        if self.then is not None:
            raise self.then
        client._is_connected = True


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    played = System()

    async def connect(client: BleakClientBlueZDBus, pair: bool, **kwargs: Any) -> None:
        await played.connect(client)

    async def manager() -> System:
        return played

    monkeypatch.setattr(BleakClientBlueZDBus, "connect", connect)
    monkeypatch.setattr(bluez_client, "get_global_bluez_manager", manager)
    return played


class Told:
    def __init__(self) -> None:
        self.losses = 0

    def __call__(self) -> None:
        self.losses += 1


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def client(told: Told) -> BluezClient:
    return BluezClient(ADDRESS, disconnected_callback=told, timeout=5.0, bluez={})


async def test_bonded_device_that_answers_is_connected(system: System, client: BluezClient) -> None:
    await client.connect(pair=False)
    assert system.tries == 1


async def test_device_that_turns_the_bond_away_each_time_has_lost_it(
    system: System, client: BluezClient, told: Told
) -> None:
    system.hang_ups = 1_000
    async with asyncio.timeout(1):
        with pytest.raises(BleakPairingError) as caught:
            await client.connect(pair=False)
    assert caught.value.refusal is PairingRefusal.BOND_BROKEN
    assert system.tries == TURNED_AWAY_AFTER
    assert told.losses == 0


@pytest.mark.parametrize("word", [ABORTED, CANCELED], ids=str)
async def test_bluez_may_have_any_word_for_it(
    system: System, client: BluezClient, word: BleakDBusError
) -> None:
    system.hang_ups, system.after_hang_up = 1_000, word
    with pytest.raises(BleakPairingError) as caught:
        await client.connect(pair=False)
    assert caught.value.refusal is PairingRefusal.BOND_BROKEN


async def test_one_hang_up_is_interference_and_nobody_is_told(
    system: System, client: BluezClient, told: Told
) -> None:
    system.hang_ups = TURNED_AWAY_AFTER - 1
    await client.connect(pair=False)
    assert told.losses == 0


async def test_pairing_that_nobody_answered_is_too_late(
    system: System, client: BluezClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bluez_client, "PAIRING_ENDS_S", 0.0)
    system.paired, system.then = False, BROKEN_OFF
    with pytest.raises(BleakPairingError) as caught:
        await client.connect(pair=True)
    assert caught.value.refusal is PairingRefusal.TOO_LATE


async def test_pairing_that_breaks_off_before_its_time_keeps_its_own_error(
    system: System, client: BluezClient
) -> None:
    system.paired, system.then = False, BROKEN_OFF
    with pytest.raises(BleakDBusError) as caught:
        await client.connect(pair=True)
    assert caught.value is BROKEN_OFF


async def test_connection_that_never_came_about_keeps_its_own_error(
    system: System, client: BluezClient
) -> None:
    system.then = ABORTED
    with pytest.raises(BleakDBusError):
        await client.connect(pair=False)
    assert system.tries == 1


async def test_device_that_the_system_forgot_is_not_connected_to(
    system: System, client: BluezClient
) -> None:
    system.paired = False
    with pytest.raises(BleakPairingError) as caught:
        await client.connect(pair=False)
    assert caught.value.refusal is PairingRefusal.NOT_PAIRED
    assert system.tries == 0


async def test_device_to_pair_with_needs_no_bond(system: System, client: BluezClient) -> None:
    system.paired = False
    await client.connect(pair=True)
    assert system.tries == 1


async def test_loss_of_a_connection_is_told(
    system: System, client: BluezClient, told: Told
) -> None:
    await client.connect(pair=False)
    client._on_disconnected()
    assert told.losses == 1


async def test_bond_is_found_under_the_private_address_that_it_was_made_at(
    system: System, client: BluezClient
) -> None:
    assert await client._get_device_path() == PATH


def test_linux_has_our_client_and_android_which_is_linux_too_has_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert client_backend() is BluezClient
    monkeypatch.setenv("P4A_BOOTSTRAP", "sdl2")
    assert client_backend() is None


async def test_forgetting_what_the_system_does_not_know_does_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def unpair(client: BleakClientBlueZDBus) -> None:
        raise BleakDeviceNotFoundError(client.address)

    monkeypatch.setattr(BleakClientBlueZDBus, "unpair", unpair)
    await SystemBluetooth().forget(ADDRESS)


async def test_connecting_that_is_broken_off_leaves_nothing_behind(
    system: System, client: BluezClient
) -> None:
    system.hang_ups = TURNED_AWAY_AFTER - 1
    connecting = asyncio.create_task(client.connect(pair=False))
    await asyncio.sleep(0)
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    assert len(asyncio.all_tasks()) == 1
