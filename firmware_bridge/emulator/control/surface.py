"""What each request to the control surface does: one method for each route.

It acts on a running band and knows no HTTP; what it takes and returns are values. Not for who may
ask: see `guard`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from firmware_bridge.emulator.control import looks
from firmware_bridge.emulator.control.errors import NotThere
from firmware_bridge.emulator.control.fault_looks import all_faults, all_placements
from firmware_bridge.emulator.control.flash_map import flash_map
from firmware_bridge.emulator.control.guard import Guard
from firmware_bridge.emulator.control.machine import machine
from firmware_bridge.emulator.control.shapes import (
    LONGEST_HOLD_MS,
    BandState,
    ButtonPress,
    Done,
    Faults,
    FlashMap,
    Machine,
    Messages,
    Nothing,
    PageLink,
    Placed,
    Placements,
    RawLedger,
    ReadLedger,
    RecordsFrom,
)
from firmware_bridge.emulator.control.watching import Watch
from firmware_bridge.emulator.export import ledger_bytes
from firmware_bridge.emulator.life import Life
from shared.wire.ledger_file import Spelling


class Surface:
    """Hands and eyes at one band."""

    def __init__(self, band: Life, guard: Guard, watch: Watch) -> None:
        self._band = band
        self._guard = guard
        self._watch = watch
        self._finger: asyncio.Event | None = None

    # Eyes

    async def state(self) -> BandState:
        """Everything there is to see."""
        return await looks.look(self._band)

    async def events(self) -> AsyncGenerator[bytes]:
        """All of it as it happens."""
        return self._watch.live.stream(self.state)

    async def messages(self) -> Messages:
        """What passed on the link."""
        return self._watch.messages.newest

    async def machine(self) -> Machine:
        """The table of states."""
        return machine()

    async def flash(self) -> FlashMap:
        """The flash by blocks."""
        return flash_map(self._band.board.flash)

    async def records(self, asked: RecordsFrom) -> ReadLedger:
        """Some records, read."""
        return looks.read_ledger(self._band.core, asked.first)

    async def ledger(self) -> RawLedger:
        """All records, as bytes."""
        return looks.raw_ledger(self._band.core)

    async def ledger_jsonl(self) -> bytes:
        """The ledger as a file of JSON lines."""
        return ledger_bytes(self._band.core, self._band.board.identity, Spelling.JSON)

    async def ledger_cbor(self) -> bytes:
        """The ledger as a file of CBOR."""
        return ledger_bytes(self._band.core, self._band.board.identity, Spelling.CBOR)

    # Hands

    async def button(self, asked: ButtonPress) -> Done:
        """Press; with `down` the answer comes when the finger has let go again."""
        if asked.down is None:
            await self._band.press(asked.hold_ms)
        elif asked.down:
            return await self._hold()
        elif self._finger is not None:
            self._finger.set()
        return Done(ok=True)

    async def _hold(self) -> Done:
        if self._finger is not None:
            return Done(ok=False)
        self._finger = asyncio.Event()
        try:
            await self._band.press(LONGEST_HOLD_MS, self._finger)
        finally:
            self._finger = None
        return Done(ok=True)

    async def fault(self, asked: dict[str, Any]) -> Done:
        """Set or break things: all of them, or none."""
        self._band.faults.set(asked)
        return Done(ok=True)

    async def faults(self) -> Faults:
        """What can go wrong, and what is wrong."""
        return all_faults(self._band.faults.standing())

    async def take_back(self, name: str) -> Done:
        """Undo a fault."""
        stood = name in self._band.faults.standing()
        self._band.faults.take_back(name)
        return Done(ok=stood)

    async def placements(self) -> Placements:
        """What is still to strike."""
        return all_placements(self._band.faults)

    async def place(self, asked: dict[str, Any]) -> Placed:
        """Place a fault."""
        return Placed(self._band.faults.place(asked))

    async def remove(self, number: str) -> Done:
        """Take a placement away."""
        if not number.isdecimal() or int(number) not in self._band.faults.placed():
            raise NotThere("number", f"{number!r:.20} is the number of no placement")
        self._band.faults.remove(int(number))
        return Done(ok=True)

    async def clear(self) -> Done:
        """Make the band sound again, and place nothing more."""
        self._band.faults.clear()
        return Done(ok=True)

    async def advertise(self, _: Nothing) -> Done:
        """Advertise anew."""
        await self._band.face.advertise()
        return Done(ok=not self._band.face.connected)

    async def drop(self, _: Nothing) -> Done:
        """Break the link."""
        return Done(ok=await self._band.face.drop())

    async def link(self, _: Nothing) -> PageLink:
        """Make a one-time link."""
        return PageLink(self._guard.new_link())
