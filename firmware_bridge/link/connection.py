"""The phone's one connection to its band: paired once, then kept, and made again when lost.

What takes place on the air is bounded in real time, for the radio doesn't follow a clock server;
back-off and everything asked of the band run on the given clock.
"""

import asyncio
import itertools
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from bleak import BleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from firmware_bridge.link.audience import Audience
from firmware_bridge.link.bluetooth import BluetoothPort
from firmware_bridge.link.errors import (
    BluetoothUnavailable,
    LinkError,
    LinkLost,
    LinkTimeout,
    NotABand,
    PairingRefused,
)
from firmware_bridge.link.pairing import PairingAgent, PairingRefusal
from firmware_bridge.link.session import Listeners, Session
from firmware_bridge.link.states import LinkState
from firmware_bridge.link.translation import link_errors
from firmware_bridge.timebase import Clock
from shared.wire import gatt
from shared.wire.status import Status, Telemetry

log = logging.getLogger(__name__)

T = TypeVar("T")

# A band takes a new private address now and then: one that was found may be gone already.
SEARCHES = 3


@dataclass(frozen=True)
class Limits:
    """How long the link waits: `_s` in real time, `_ms` on the clock."""

    search_s: float = 30.0
    connect_s: float = 15.0
    pair_s: float = 120.0
    let_go_s: float = 5.0
    first_back_off_ms: int = 200
    longest_back_off_ms: int = 5_000


class Connection:
    """Pairs, connects, reconnects; tells its state and the band's status to whoever listens."""

    def __init__(
        self,
        bluetooth: BluetoothPort,
        clock: Clock,
        *,
        limits: Limits | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._bluetooth = bluetooth
        self._clock = clock
        self._limits = limits or Limits()
        self._jitter = jitter
        self._state = LinkState.OFF
        self._states: Audience[LinkState] = Audience()
        self._statuses: Audience[Status] = Audience()
        self._telemetry: Audience[Telemetry] = Audience()
        self._status: Status | None = None
        self._request_ids = itertools.count(random.randrange(1 << 31))
        self._client: BleakClient | None = None
        self._session: Session | None = None
        self._broken = asyncio.Event()

    @property
    def clock(self) -> Clock:
        return self._clock

    @property
    def state(self) -> LinkState:
        return self._state

    @property
    def session(self) -> Session:
        """The secured connection of the moment; `LinkLost` where there's none."""
        if self._session is None:
            raise LinkLost()
        return self._session

    @property
    def status(self) -> Status | None:
        """What the band last said of itself."""
        return self._status

    def watch(self, callback: Callable[[LinkState], None]) -> Callable[[], None]:
        """Hear of each change of state; call what is returned to stop."""
        return self._states.join(callback)

    def watch_status(self, callback: Callable[[Status], None]) -> Callable[[], None]:
        return self._statuses.join(callback)

    def watch_telemetry(self, callback: Callable[[Telemetry], None]) -> Callable[[], None]:
        return self._telemetry.join(callback)

    async def until_ready(self, limit_ms: int) -> None:
        """Return when commands can be sent; `LinkTimeout` if not within the limit."""
        ready = asyncio.Event()
        leave = self.watch(lambda state: ready.set() if state is LinkState.READY else None)
        try:
            if self._state is not LinkState.READY:
                await self._clock.wait_for(ready.wait(), limit_ms)
        except TimeoutError as error:
            raise LinkTimeout("connect", limit_ms) from error
        finally:
            leave()

    # Pairing

    async def pair(self, agent: PairingAgent) -> str:
        """Find a band that's ready to pair, pair with it, stay connected; returns its address."""
        await self.let_go()
        self._bluetooth.ask(agent)
        try:
            await self._find_and_connect()
            address = await self._pair()
            await self._secure_or_forget(address)
        except (PairingRefused, NotABand):
            await self._give_up(LinkState.REFUSED)
            raise
        except BaseException:
            await asyncio.shield(self._give_up(LinkState.OFF))
            raise
        finally:
            self._bluetooth.ask(None)
        return address

    async def forget(self, address: str) -> None:
        """Let go of the band and remove its bond from this phone."""
        await self.let_go()
        with link_errors():
            await self._bluetooth.forget(address)

    async def _find_and_connect(self) -> None:
        for left in reversed(range(SEARCHES)):
            self._enter(LinkState.SEARCHING)
            device = await self._search()
            self._enter(LinkState.CONNECTING)
            try:
                await self._connect(device)
                return
            except LinkLost:
                if not left:
                    raise
            except PairingRefused:
                if not left:
                    raise
                # The band was reset; this phone's half of the old bond is worth nothing.
                await self._bluetooth.forget(device.address)

    async def _search(self) -> BLEDevice:
        found: asyncio.Future[BLEDevice] = asyncio.get_running_loop().create_future()

        def heard(device: BLEDevice, data: AdvertisementData) -> None:
            if _is_band(data) and not found.done():
                found.set_result(device)

        with link_errors():
            async with self._bluetooth.scanner(heard):
                try:
                    return await _within(self._limits.search_s, found)
                except TimeoutError as error:
                    raise LinkTimeout("search", int(self._limits.search_s * 1000)) from error

    async def _pair(self) -> str:
        self._enter(LinkState.PAIRING)
        client = self._open_client()
        try:
            with link_errors():
                await _within(self._limits.pair_s, client.pair())
        except LinkLost as error:
            raise PairingRefused(PairingRefusal.BROKEN_OFF) from error
        return client.address

    async def _secure_or_forget(self, address: str) -> None:
        try:
            await self._secure()
        except LinkError:
            await self._give_up(LinkState.OFF)
            with suppress(LinkError), link_errors():
                await self._bluetooth.forget(address)
            raise

    # Keeping

    async def keep(self, address: str) -> None:
        """Stay connected until cancelled; ends only by an error that trying again won't mend."""
        failures = 0
        try:
            while True:
                if await self._once(address):
                    failures = 0
                else:
                    failures += 1
                _end_if_told()
                await self._clock.sleep_ms(self._back_off_ms(failures))
        except (PairingRefused, NotABand):
            await self._give_up(LinkState.REFUSED)
            raise
        except BaseException:
            await asyncio.shield(self._give_up(LinkState.OFF))
            raise

    async def let_go(self) -> None:
        """Disconnect, if connected."""
        await self._give_up(LinkState.OFF)

    async def _once(self, address: str) -> bool:
        """One connection from beginning to end; whether it came about at all."""
        try:
            if self._state is not LinkState.READY:
                await self._open(address)
            await self._broken.wait()
        except (LinkLost, LinkTimeout, BluetoothUnavailable) as error:
            log.info("connecting: %s", error)
            await self._give_up(LinkState.LOST)
            return False
        await self._give_up(LinkState.LOST)
        return True

    async def _open(self, address: str) -> None:
        if self._state is not LinkState.LOST:
            self._enter(LinkState.CONNECTING)
        await self._connect(address)
        await self._secure()

    async def _connect(self, device: BLEDevice | str) -> None:
        self._broken.clear()
        self._client = self._bluetooth.client(device, self._on_lost, self._limits.connect_s)
        with link_errors():
            await _within(self._limits.connect_s, self._client.connect())

    async def _secure(self) -> None:
        self._enter(LinkState.SECURING)
        listeners = Listeners(self._heard_status, self._telemetry.tell)
        session = Session(self._open_client(), self._clock, self._request_ids, listeners)
        with self._clock.work(), link_errors():
            await _within(self._limits.connect_s, session.secure())
        if self._broken.is_set():
            raise LinkLost()
        self._session = session
        self._enter(LinkState.READY)

    def _back_off_ms(self, failures: int) -> int:
        limits = self._limits
        longest = min(limits.longest_back_off_ms, limits.first_back_off_ms * 2 ** min(failures, 16))
        return int(longest * (0.5 + self._jitter() / 2))

    # Ends

    def _on_lost(self, client: BleakClient) -> None:
        if client is not self._client:
            return
        self._broken.set()
        if self._session is not None:
            self._session.lost()
            self._session = None
            self._enter(LinkState.LOST)

    async def _give_up(self, state: LinkState) -> None:
        client, self._client = self._client, None
        session, self._session = self._session, None
        if session is not None:
            session.lost()
        self._enter(state)
        if client is not None:
            # Also after a loss: some stacks double notifications otherwise.
            with suppress(LinkError), link_errors():
                await _within(self._limits.let_go_s, client.disconnect())

    def _open_client(self) -> BleakClient:
        if self._client is None:
            raise LinkLost()
        return self._client

    def _enter(self, state: LinkState) -> None:
        if state is not self._state:
            self._state = state
            self._states.tell(state)

    def _heard_status(self, status: Status) -> None:
        self._status = status
        self._statuses.tell(status)


def _end_if_told() -> None:
    # In Python 3.11 asyncio.wait_for, by which the stack waits, loses a cancellation that comes in
    # the same turn as its result: a loop that catches errors has to look.
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _is_band(data: AdvertisementData) -> bool:
    return data.local_name == gatt.ADVERTISED_NAME or gatt.STIMULATION_SERVICE in data.service_uuids


async def _within(limit_s: float, work: Awaitable[T]) -> T:
    async with asyncio.timeout(limit_s):
        return await work
