"""The phone's one connection to its band: paired once, then kept, and made again when lost.

What takes place on the air is bounded in real time, for the radio doesn't follow a clock server;
back-off and everything asked of the band run on the given clock. Which states there are, and which
may follow which, stands in `states`.
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

from firmware_bridge.link.audience import Audience
from firmware_bridge.link.bluetooth import BluetoothPort
from firmware_bridge.link.doubts import Doubts
from firmware_bridge.link.errors import (
    BluetoothNotAllowed,
    BluetoothUnavailable,
    LinkError,
    LinkLost,
    LinkTimeout,
    NotABand,
    PairingRefused,
)
from firmware_bridge.link.finding import find_band
from firmware_bridge.link.pace import QUICK, THRIFTY, BackOff, Pace
from firmware_bridge.link.pairing import PairingAgent, PairingRefusal
from firmware_bridge.link.session import Listeners, Session
from firmware_bridge.link.states import LinkState, Standing
from firmware_bridge.link.translation import link_errors
from firmware_bridge.link.watchdog import IDLE_CHECK_MS, Watchdog
from firmware_bridge.timebase import Clock
from shared.wire.status import Status, Telemetry

log = logging.getLogger(__name__)

T = TypeVar("T")

# A band takes a new private address now and then: one that was found may be gone already.
SEARCHES = 3
# So many bands are asked before the person is: one in reach of another patient's takes a fresh
# address each time, and is met again (own figure).
BANDS_ASKED = 5
# So many tries in vain while nobody waits, and the band counts as asleep (own figure).
ASLEEP_AFTER = 3

# A link that can't be had stays so to whoever watches until it's had: no flicker at each try.
_LINGERING = frozenset(
    {LinkState.LOST, LinkState.ASLEEP, LinkState.NO_PERMISSION, LinkState.BLUETOOTH_OFF}
)


@dataclass(frozen=True)
class Limits:
    """How long the link waits: `_s` in real time, `_ms` on the clock."""

    search_s: float = 30.0
    others_s: float = 2.0
    connect_s: float = 15.0
    pair_s: float = 120.0
    let_go_s: float = 5.0
    quick: BackOff = QUICK
    thrifty: BackOff = THRIFTY
    idle_check_ms: int = IDLE_CHECK_MS


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
        self._limits = limits = limits or Limits()
        self._standing = Standing()
        self.pace = Pace(clock, quick=limits.quick, thrifty=limits.thrifty, jitter=jitter)
        self._statuses: Audience[Status] = Audience()
        self._telemetry: Audience[Telemetry] = Audience()
        self._status: Status | None = None
        self._request_ids = itertools.count(random.randrange(1 << 31))
        self._doubts = Doubts()
        self._client: BleakClient | None = None
        self._session: Session | None = None
        self._watchdog: Watchdog | None = None
        self._broken = asyncio.Event()
        self._closed: set[str] = set()
        """Addresses of bands that aren't open for pairing, within one try to pair."""

    @property
    def clock(self) -> Clock:
        return self._clock

    @property
    def state(self) -> LinkState:
        return self._standing.state

    @property
    def reason(self) -> LinkError | None:
        """What led to the present state, where it wasn't wanted."""
        return self._standing.reason

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
        return self._standing.watch(callback)

    def watch_status(self, callback: Callable[[Status], None]) -> Callable[[], None]:
        return self._statuses.join(callback)

    def watch_telemetry(self, callback: Callable[[Telemetry], None]) -> Callable[[], None]:
        return self._telemetry.join(callback)

    async def until_ready(self, limit_ms: int) -> None:
        """Return when commands can be sent; `LinkTimeout` if not within the limit."""
        ready = asyncio.Event()
        leave = self.watch(lambda state: ready.set() if state is LinkState.READY else None)
        try:
            if self.state is not LinkState.READY:
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
            address = await self._pair_with_an_open_one()
            await self._secure_or_forget(address)
        except (PairingRefused, NotABand) as error:
            await self._give_up(_state_after(error), error)
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

    async def _pair_with_an_open_one(self) -> str:
        """Several bands may be near, as where one takes another's place: the one whose button was
        held. Where none is, what the first said holds."""
        self._closed.clear()
        refused: PairingRefused | None = None
        for _ in range(BANDS_ASKED):
            try:
                await self._find_and_connect()
                return await self._pair()
            except PairingRefused as error:
                if error.refusal is not PairingRefusal.NOT_OPEN:
                    raise
                refused = refused or error
                self._closed.add(self._open_client().address)
                await self._hang_up()
            except LinkTimeout:
                if refused is None:
                    raise
                break
        assert refused is not None
        raise refused

    async def _find_and_connect(self) -> None:
        for left in reversed(range(SEARCHES)):
            self._standing.enter(LinkState.SEARCHING)
            device = await self._search()
            self._standing.enter(LinkState.CONNECTING)
            try:
                await self._connect_to_pair(device)
                return
            except LinkLost:
                if not left:
                    raise
            except PairingRefused as error:
                if not left or not error.bond_is_broken:
                    raise
                # The band was reset; this phone's half of the old bond is worth nothing.
                await self._bluetooth.forget(device.address)

    async def _connect_to_pair(self, device: BLEDevice) -> None:
        limits = self._limits
        client = self._bluetooth.pairing_client(
            device, self._on_lost, connect_s=limits.connect_s, pair_s=limits.pair_s
        )
        await self._connect(client, limits.pair_s)

    async def _search(self) -> BLEDevice:
        """Find a band that hasn't said no; the wait for another than those is short."""
        limits, closed = self._limits, self._closed
        limit_s = limits.others_s if closed else limits.search_s
        return await find_band(self._bluetooth, limit_s, but=closed)

    async def _pair(self) -> str:
        self._standing.enter(LinkState.PAIRING)
        client = self._open_client()
        try:
            with link_errors():
                await _within(self._limits.pair_s, client.pair())
        except LinkLost as error:
            late = isinstance(error.__cause__, TimeoutError)
            refusal = PairingRefusal.TOO_LATE if late else PairingRefusal.BROKEN_OFF
            raise PairingRefused(refusal) from error
        return client.address

    async def _secure_or_forget(self, address: str) -> None:
        try:
            await self._secure()
        except LinkError:
            await self._hang_up()
            with suppress(LinkError), link_errors():
                await self._bluetooth.forget(address)
            raise

    # Keeping

    async def keep(self, address: str) -> None:
        """Stay connected until cancelled; ends only by an error that trying again won't mend."""
        failures = 0
        try:
            while True:
                failures = 0 if await self._once(address) else failures + 1
                if failures >= ASLEEP_AFTER and not self.pace.in_haste:
                    self._standing.enter(LinkState.ASLEEP)
                await self.pace.wait(failures)
        except (PairingRefused, NotABand) as error:
            await self._give_up(_state_after(error), error)
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
            if self.state is not LinkState.READY:
                await self._open(address)
            reason = await self._until_broken()
        except (LinkLost, LinkTimeout, BluetoothUnavailable, BluetoothNotAllowed) as error:
            log.info("connecting: %s", error)
            await self._give_up(_state_after(error), error)
            return False
        log.info("the link ended: %s", reason)
        await self._give_up(LinkState.LOST, reason)
        return True

    async def _open(self, address: str) -> None:
        if self.state not in _LINGERING:
            self._standing.enter(LinkState.CONNECTING)
        limit_s = self._limits.connect_s
        await self._connect(self._bluetooth.client(address, self._on_lost, limit_s), limit_s)
        await self._secure()

    async def _connect(self, client: BleakClient, limit_s: float) -> None:
        self._broken.clear()
        self._client = client
        with link_errors():
            await _within(limit_s, client.connect())

    async def _secure(self) -> None:
        self._standing.enter(LinkState.SECURING)
        listeners = Listeners(self._heard_status, self._telemetry.tell)
        session = Session(
            self._open_client(), self._clock, self._request_ids, listeners, self._doubts
        )
        self._watchdog = Watchdog(
            self._clock, session.probe, idle_check_ms=self._limits.idle_check_ms
        )
        with self._clock.work(), link_errors():
            await _within(self._limits.connect_s, self._subscribe_and_sync(session))
        if self._broken.is_set():
            raise LinkLost()
        self._session = session
        self._standing.enter(LinkState.READY)

    async def _subscribe_and_sync(self, session: Session) -> None:
        await session.secure()
        self._standing.enter(LinkState.SYNCING)
        await session.sync()

    # Ends

    async def _until_broken(self) -> LinkError:
        """Why the link ended: it broke, or it's up and nothing comes."""
        if self._watchdog is None:
            raise LinkLost()
        broken = asyncio.ensure_future(self._broken.wait())
        dead = asyncio.ensure_future(self._watchdog.until_dead())
        try:
            await asyncio.wait({broken, dead}, return_when=asyncio.FIRST_COMPLETED)
            return LinkLost() if broken.done() else dead.result()
        finally:
            broken.cancel()
            dead.cancel()
            await asyncio.gather(broken, dead, return_exceptions=True)

    def _on_lost(self, client: BleakClient) -> None:
        if client is not self._client:
            return
        self._broken.set()
        if self._session is not None:
            self._session.lost()
            self._session = None
            self._standing.enter(LinkState.LOST, LinkLost())

    async def _give_up(self, state: LinkState, reason: LinkError | None = None) -> None:
        hanging_up = self._hang_up()
        self._standing.enter(state, reason)
        await hanging_up

    def _hang_up(self) -> Awaitable[None]:
        """Nobody waits any longer from here on; await it for the stack to be done too."""
        client, self._client = self._client, None
        session, self._session = self._session, None
        if session is not None:
            session.lost()
        return self._disconnect(client)

    async def _disconnect(self, client: BleakClient | None) -> None:
        if client is not None:
            # Also after a loss: some stacks double notifications otherwise.
            with suppress(LinkError), link_errors():
                await _within(self._limits.let_go_s, client.disconnect())

    def _open_client(self) -> BleakClient:
        if self._client is None:
            raise LinkLost()
        return self._client

    def _heard_status(self, status: Status) -> None:
        self._status = status
        if self._watchdog is not None:
            self._watchdog.heard(status)
        self._statuses.tell(status)


def _state_after(error: LinkError) -> LinkState:
    match error:
        case PairingRefused(bond_is_broken=True):
            return LinkState.BOND_BROKEN
        case PairingRefused() | NotABand():
            return LinkState.REFUSED
        case BluetoothNotAllowed():
            return LinkState.NO_PERMISSION
        case BluetoothUnavailable():
            return LinkState.BLUETOOTH_OFF
        case _:
            return LinkState.LOST


async def _within(limit_s: float, work: Awaitable[T]) -> T:
    async with asyncio.timeout(limit_s):
        return await work
