"""Parts that fail (docs/hardware.md): what they do wrong is for the device to find.

Only failures that leave the oracle its own sight: nothing that hides what happens from everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from firmware_bridge.emulator.parts.board import Board
from shared.wire.status import DeviceState
from tests.campaign.schedules.actions import anything, sessions
from tests.campaign.schedules.actions.registry import Done, action
from tests.campaign.schedules.phone import KNOWN

_OPEN = (DeviceState.STIMULATING, DeviceState.PAUSED, DeviceState.REPOSITIONING, DeviceState.FAULT)

FULL_BYTES = 6_000
"""About where a schedule's log ends."""

BREAKS: dict[str, Callable[[Board], None]] = {
    "pulses uncounted": lambda board: board.coil.miscount(2),
    "pulse counted that nobody fired": lambda board: board.coil.miscount(-1),
    "capacitor empty": lambda board: board.coil.discharge(),
    "countdown stuck": lambda board: board.coil.stick_countdown(),
    "outside counter stuck": lambda board: board.counter.stick(),
    "signing key broken": lambda board: board.key.break_off(),
    "random numbers broken": lambda board: board.randomness.break_off(),
    "log without room": lambda board: board.flash.limit_room(FULL_BYTES),
}


@action(1, during=1)
async def break_a_part(done: Done) -> None:
    """A part fails, before a session or within one."""
    name = done.chance.choice(list(BREAKS))
    done.faults[name] += 1
    done.stage.band.break_part(name, BREAKS[name])
    if done.stage.band.state not in _OPEN:
        await done.ask(sessions.all_of_it(done))
    await done.wait_ms(1, 9_000)


@action(1, during=1)
async def stray_pulse(done: Done) -> None:
    """The coil's counter counts a pulse where none may be."""

    async def count_one() -> None:
        await anything.come_to(done, done.chance.choice(anything.MOMENTS))
        band = done.stage.band
        band.catch_up()
        if band.on and band.state not in _OPEN:
            done.faults["stray pulse"] += 1
            band.break_part("stray pulse", lambda board: board.coil.miscount(-1), fatal=True)
        with suppress(*KNOWN):
            await sessions.all_of_it(done)

    await done.ask(count_one())
    await done.wait_ms(1, 9_000)


@action(2, during=2)
async def shake_sensors(done: Done) -> None:
    """So much noise that contact and position come and go."""
    await sessions.feel(done, "noise", done.chance.choice((6, 9, 12)), 1)
