"""States without treatment: practice, self-test, update (R30).

All three are reached from idle and return to it; the trigger is interlocked, and a pulse measured
there is a fault.
"""

from __future__ import annotations

from collections.abc import Callable

from firmware_bridge.emulator.firmware.journal import Journal
from firmware_bridge.emulator.firmware.ports import Coil
from firmware_bridge.emulator.firmware.states import Happening, StateMachine
from firmware_bridge.emulator.firmware.timekeeping import Timekeeping
from shared.wire import records
from shared.wire.status import DeviceState

PRACTICE_LIMIT_MS = 10 * 60_000
"""A practice is as long as a pause may be (own figure)."""

SELF_TEST_MS = 2_000
"""How long the device examines itself (own figure)."""


class Modes:
    """Which of the three there is now, if any, and when it ends."""

    def __init__(
        self,
        coil: Coil,
        journal: Journal,
        time: Timekeeping,
        machine: StateMachine,
        *,
        examine: Callable[[], bool],
        changed: Callable[[], None],
    ) -> None:
        self._coil, self._journal, self._time, self._machine = coil, journal, time, machine
        self._examine, self._changed = examine, changed
        self.state: DeviceState | None = None
        self._limit_ms: int | None = None

    def practise(self) -> None:
        """Go through a session's motions without a pulse; pressed again it changes nothing."""
        self._journal.write(records.PracticeBody(True))
        self._enter(DeviceState.PRACTICE, PRACTICE_LIMIT_MS)

    def self_test(self) -> None:
        """Examine the device; what comes of it stands on the record."""
        self._enter(DeviceState.SELF_TESTING, SELF_TEST_MS)

    def begin_update(self) -> None:
        """Take another firmware; raise Refused unless nothing is under way."""
        self._machine.take(Happening.UPDATE_BEGIN)
        self._enter(DeviceState.UPDATING, None)

    def end_update(self) -> None:
        """The other firmware is in its slot, or was given up."""
        if self._machine.take(Happening.UPDATE_END):
            self._leave()

    def note_firmware(self, version: str, *, confirmed: bool) -> None:
        """Another firmware runs: on trial it starts no session until it is confirmed (R15)."""
        self._journal.write(records.FirmwareBody(version, confirmed))

    def end_practice(self) -> None:
        """Stop practising, by a touch, the button or the time."""
        if self.state is DeviceState.PRACTICE:
            self._journal.write(records.PracticeBody(False))
            self._leave()

    def advance(self, uptime_ms: int) -> None:
        """End what has come to its time."""
        if self._limit_ms is None or uptime_ms < self._limit_ms:
            return
        if self.state is DeviceState.PRACTICE:
            self._machine.take(Happening.PRACTICE_LIMIT)
            self.end_practice()
        else:
            self._machine.take(Happening.SELF_TEST_DONE)
            self._journal.write(records.SelfTestBody(self._examine()))
            self._leave()

    def _enter(self, state: DeviceState, limit_ms: int | None) -> None:
        self._coil.interlock(closed=True)
        self._coil.load(0)
        self.state = state
        self._limit_ms = None if limit_ms is None else self._time.uptime_ms + limit_ms
        self._machine.changed()
        self._changed()

    def _leave(self) -> None:
        self.state = self._limit_ms = None
        self._machine.changed()
        self._changed()
