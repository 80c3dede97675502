"""Faults placed in a running band: each strikes at its instant, at its event, or by chance.

At an event it strikes in the midst of what happens, before anything follows. On the clock it
strikes with the tick that its instant falls into. Not for what a fault does: see `table`.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from firmware_bridge.emulator.events import Events, Occurred
from firmware_bridge.emulator.faults.errors import FaultRefused
from firmware_bridge.emulator.faults.placing import Placement, Strike, read_placement
from firmware_bridge.emulator.faults.reach import Reach
from firmware_bridge.emulator.faults.standing import StandingFaults, judge, named
from firmware_bridge.timebase import Clock

STRUCK_KEPT = 256
MOST_PLACED = 256
"""More at once is a mistake of who places them (own figure)."""


@dataclass(frozen=True)
class Struck:
    """A placed fault that came true."""

    placement: int
    fault: str
    value: Any
    at_ms: int


@dataclass
class _Waiting:
    """A placement, with what it has seen so far."""

    placement: Placement
    chance: random.Random
    seen: int = 0

    def strikes(self, strike: Strike) -> bool:
        """Count one occurrence; whether this is one to strike at."""
        self.seen += 1
        if strike.probability is None:
            return self.seen == strike.nth
        return self.chance.random() < strike.probability


class Placements:
    """All that is placed in one band, and what of it stands."""

    def __init__(self, band: Reach, clock: Clock, events: Events) -> None:
        self._band = band
        self._clock = clock
        self._events = events
        self._standing = StandingFaults(band)
        self._waiting: dict[int, _Waiting] = {}
        self._ends: dict[str, tuple[int, int]] = {}
        """By fault: when the newest strike is over, and which placement it was."""
        self._struck: deque[Struck] = deque(maxlen=STRUCK_KEPT)
        self._last_id = 0
        self._changed = asyncio.Event()
        self._stop_listening: Callable[[], None] | None = None

    def tell_changes(
        self, on_fault: Callable[[str, Any], None], on_sound: Callable[[str], None]
    ) -> None:
        """Tell of each fault just before it becomes true, and just before it is taken back."""
        self._standing.on_fault, self._standing.on_sound = on_fault, on_sound

    # At once

    def set(self, asked: Mapping[str, Any]) -> None:
        """Make faults true now, by their names: all of them, or none and raise FaultRefused."""
        for name, value in asked.items():
            judge(name, value)
        for name, value in asked.items():
            self._standing.inject(name, value)

    def take_back(self, name: str) -> None:
        """Undo a fault that stands, whoever set it."""
        named(name)
        self._ends.pop(name, None)
        self._standing.take_back(name)

    def standing(self) -> dict[str, Any]:
        """Every fault that stands now, with its value."""
        return self._standing.now()

    # In time

    def place(self, asked: Mapping[str, Any]) -> int:
        """Place a fault, see `placing`; return the placement's number. FaultRefused says why not.

        One whose instant has come strikes at once.
        """
        placement = read_placement(asked, self._band.elapsed_ms())
        if len(self._waiting) >= MOST_PLACED:
            raise FaultRefused("placements", f"at most {MOST_PLACED} at once")
        self._last_id += 1
        seed = placement.strike.seed if placement.strike else 0
        self._waiting[self._last_id] = _Waiting(placement, random.Random(seed))
        self._strike_what_is_due()
        self._listen_if_needed()
        self._changed.set()
        return self._last_id

    def placed(self) -> dict[int, Placement]:
        """What is still to strike, or may strike again, by its number."""
        return {number: waiting.placement for number, waiting in self._waiting.items()}

    def struck(self) -> tuple[Struck, ...]:
        """What has struck, in order; the newest 256."""
        return tuple(self._struck)

    def remove(self, number: int) -> None:
        """Let a placement strike no more, and take back what stands by it."""
        standing = [fault for fault, (_, by) in self._ends.items() if by == number]
        if self._waiting.pop(number, None) is None and not standing:
            raise FaultRefused("placement", "the number of one that is placed")
        for fault in standing:
            self._end(fault)
        self._listen_if_needed()
        self._changed.set()

    def clear(self) -> None:
        """Remove every placement, and take back every fault that stands."""
        self._waiting.clear()
        self._ends.clear()
        for name in self.standing():
            self._standing.take_back(name)
        self._listen_if_needed()
        self._changed.set()

    async def run(self) -> None:
        """Strike at instants and take back in time, until cancelled."""
        while True:
            self._changed.clear()
            await self._until(self._next_ms())
            self._band.catch_up()
            self._strike_what_is_due()
            self._take_back_what_is_over()

    # Inside

    async def _until(self, next_ms: int | None) -> None:
        if next_ms is None:
            await self._changed.wait()
            return
        left_ms = next_ms - self._band.elapsed_ms()
        with suppress(TimeoutError):
            if left_ms > 0:
                await self._clock.wait_for(self._changed.wait(), left_ms)

    def _next_ms(self) -> int | None:
        instants = [
            waiting.placement.at_ms
            for waiting in self._waiting.values()
            if waiting.placement.at_ms is not None
        ]
        instants += [at_ms for at_ms, _ in self._ends.values()]
        return min(instants, default=None)

    def _strike_what_is_due(self) -> None:
        due = [
            (waiting.placement.at_ms, number)
            for number, waiting in self._waiting.items()
            if waiting.placement.at_ms is not None
            and waiting.placement.at_ms <= self._band.elapsed_ms()
        ]
        for _, number in sorted(due):
            self._strike(number, self._waiting.pop(number).placement)

    def _take_back_what_is_over(self) -> None:
        now_ms = self._band.elapsed_ms()
        over = [(at_ms, fault) for fault, (at_ms, _) in self._ends.items() if at_ms <= now_ms]
        for _, fault in sorted(over):
            self._end(fault)

    def _end(self, fault: str) -> None:
        del self._ends[fault]
        self._standing.take_back(fault)

    def _occurred(self, occurred: Occurred) -> None:
        for number, waiting in list(self._waiting.items()):
            strike = waiting.placement.strike
            if strike is None or not strike.concerns(occurred) or not waiting.strikes(strike):
                continue
            if strike.probability is None:
                del self._waiting[number]
            self._strike(number, waiting.placement)
        self._listen_if_needed()

    def _strike(self, number: int, placement: Placement) -> None:
        fault, now_ms = placement.fault, self._band.elapsed_ms()
        self._struck.append(Struck(number, fault, placement.value, now_ms))
        self._standing.inject(fault, placement.value)
        self._ends.pop(fault, None)
        if placement.for_ms is not None:
            self._ends[fault] = (now_ms + placement.for_ms, number)
            self._changed.set()

    def _listen_if_needed(self) -> None:
        needed = any(waiting.placement.strike for waiting in self._waiting.values())
        if needed and self._stop_listening is None:
            self._stop_listening = self._events.listen(self._occurred)
        elif not needed and self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
