"""Reserve, load, fire, count: the pulses of one slice, in that order and no other (R1, R2, R29)."""

from __future__ import annotations

from firmware_bridge.emulator.firmware.journal import Journal
from firmware_bridge.emulator.firmware.ports import Coil, PartFailure
from firmware_bridge.emulator.firmware.timekeeping import Timekeeping
from shared.dose.ledger import OpenSession
from shared.stimulation.schedule import Slice
from shared.wire import records
from shared.wire.records import CloseCause


class FiringFault(Exception):
    """The hardware did not do what it was told; ``code`` is the fault's."""

    def __init__(self, code: str) -> None:
        self.code = code


def closing_record(session: OpenSession, cause: CloseCause) -> records.SessionClosedBody:
    """Return the last record of a session: completed when every planned pulse was charged."""
    whole = session.charged_pulses >= session.planned_pulses
    completed = whole and cause is CloseCause.COMPLETED
    return records.SessionClosedBody(session.session_id, cause, completed, session.charged_pulses)


class Firing:
    """The slice that is reserved now, and how much of it is fired."""

    def __init__(self, coil: Coil, journal: Journal, time: Timekeeping) -> None:
        self._coil, self._journal, self._time = coil, journal, time
        self._fired = 0
        self._last_pulse_us: int | None = None
        self.left = 0
        self.last_percent_mso = 0

    def reserve(self, piece: Slice, percent_mso: int) -> None:
        """Put the slice into flash, step the outside counter, load the countdown."""
        body = records.SliceReservedBody(
            piece.train, piece.number, piece.count, percent_mso, self._journal.outside_count()
        )
        self._fired = 0
        try:
            self._journal.write(body)
            self._journal.advance_counter()
        except PartFailure as problem:
            raise FiringFault("flash") from problem
        self._coil.load(piece.count)
        self.left = piece.count

    def fire(self, at_us: int, percent_mso: int) -> None:
        """Fire one reserved pulse at ``at_us`` of uptime, then close the slice after its last."""
        if not self._coil.fire(at_us, percent_mso):
            raise FiringFault("trigger_refused")
        self.left -= 1
        self._fired += 1
        self.last_percent_mso = percent_mso
        self._last_pulse_us = at_us
        if not self.left:
            self.close()

    def close(self) -> None:
        """Write what the hardware counted; a difference to what was commanded is a fault (R2)."""
        session = self._journal.state.session
        if session is None or session.reserved is None:
            return
        reserved, measured = session.reserved, self._coil.fired_since_load()
        self._coil.load(0)
        self.left = 0
        last_us = self._last_pulse_us or 0
        self._journal.write(
            records.SliceClosedBody(
                reserved.train,
                reserved.slice,
                self._fired,
                measured,
                self._time.base_ms - (-last_us // 1000),
            )
        )
        if measured != self._fired:
            raise FiringFault("pulse_count")
