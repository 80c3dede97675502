"""Finds a link that is up but dead: the radio holds it, and nothing comes any more.

While a session is under way the band tells its status every second, and three that don't come are
a lost link. Otherwise it may have nothing to say for hours, so it's asked now and then. Before a
link is given up one read is tried, bounded in real time: a clock that steps must not cost it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from firmware_bridge.link.errors import LinkError, LinkSilent
from firmware_bridge.timebase import Clock, fine_steps
from shared.wire.status import DeviceState, Status

BEAT_MS = 1_000
"""How often the band tells its status while a session is under way (docs/protocol.md)."""
MISSED_BEATS = 3
IDLE_CHECK_MS = 20_000
"""How often an idle band that says nothing is asked (own figure)."""

_TELLS_EACH_SECOND = frozenset(
    {
        DeviceState.ARMED,
        DeviceState.STIMULATING,
        DeviceState.PAUSED,
        DeviceState.REPOSITIONING,
        DeviceState.CLOSING,
    }
)

Probe = Callable[[], Awaitable[None]]


class Watchdog:
    """Watches one connection. `probe` reads a value, within a bound of its own."""

    def __init__(self, clock: Clock, probe: Probe, *, idle_check_ms: int = IDLE_CHECK_MS) -> None:
        self._clock = clock
        self._probe = probe
        self._idle_check_ms = idle_check_ms
        self._under_way = False
        self._heard_ms = clock.elapsed_ms()

    def heard(self, status: Status) -> None:
        """The band told its status."""
        self._heard_ms = self._clock.elapsed_ms()
        self._under_way = status.state in _TELLS_EACH_SECOND

    async def until_dead(self) -> LinkError:
        """Return once nothing comes any more; cancelled when the link ends in another way."""
        while True:
            await self._until_silent()
            silent_ms = self._silent_ms()
            try:
                with self._clock.work():
                    await self._probe()
            except LinkError:
                return LinkSilent(silent_ms)
            self._heard_ms = self._clock.elapsed_ms()

    async def _until_silent(self) -> None:
        while (left_ms := self._patience_ms() - self._silent_ms()) > 0:
            if self._under_way:
                with fine_steps(self._clock):
                    await self._clock.sleep_ms(min(left_ms, BEAT_MS))
            else:
                await self._clock.sleep_ms(min(left_ms, BEAT_MS))

    def _patience_ms(self) -> int:
        return MISSED_BEATS * BEAT_MS if self._under_way else self._idle_check_ms

    def _silent_ms(self) -> int:
        return self._clock.elapsed_ms() - self._heard_ms
