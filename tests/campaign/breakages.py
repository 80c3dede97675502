"""The product broken on purpose, one guard at a time, for the oracle to find.

Each breakage is a patch of the real code; none of them is subtle, each is one line of one rule.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from firmware_bridge.emulator.firmware import armed, installing, nonces, ownership
from firmware_bridge.emulator.firmware.course_of_pulses import CourseOfPulses
from firmware_bridge.emulator.firmware.firing import Firing, FiringFault
from firmware_bridge.emulator.firmware.holds import Holds
from firmware_bridge.emulator.firmware.journal import Journal
from firmware_bridge.emulator.firmware.supervision import Supervision
from firmware_bridge.emulator.firmware.surroundings import Seen, Surroundings
from firmware_bridge.emulator.firmware.time_word import TimeWord
from firmware_bridge.emulator.firmware.treatment import Treatment
from shared.dose import ledger, ledger_authority, lock
from shared.dose.ledger_state import LedgerState
from shared.dose.reasons import ReasonCode
from shared.dose.totals import Windows
from shared.trust.session_key import CommandReader
from shared.wire import records
from shared.wire.operations import Operation
from shared.wire.records import CloseCause, PauseCause, RecordType
from tests.campaign.schedules.remembered import forget

FOREVER_MS = 2**60
HOUR_MS = 3_600_000
Patches = Iterator[Any]


class AnyHash(bytes):
    """A hash that is like every other."""

    def __ne__(self, other: object) -> bool:
        return False


def _without(function: str, *codes: ReasonCode) -> Any:
    """The lock, silent about some reasons."""
    real: Callable[..., Iterator[Any]] = getattr(lock, function)

    def silent(*given: Any) -> list[Any]:
        return [reason for reason in real(*given) if reason.code not in codes]

    return mock.patch.object(lock, function, silent)


def no_spacing_check() -> Patches:
    yield mock.patch.object(lock, "_spacing", return_value=())


def no_rollback_check() -> Patches:
    yield mock.patch.object(Journal, "_roll_back", return_value=None)


def reserved_after_fired() -> Patches:
    def reserve(self: Any, piece: Any, percent: int) -> None:
        self._fired, self._late = 0, (piece, percent)
        self._coil.load(piece.count)
        self.left = piece.count

    def fire(self: Any, at_us: int, percent: int) -> None:
        if not self._coil.fire(at_us, percent):
            raise FiringFault("trigger_refused")
        if self._late is not None:
            (piece, reserved), self._late = self._late, None
            count = self._journal.outside_count()
            self._journal.write(
                records.SliceReservedBody(piece.train, piece.number, piece.count, reserved, count)
            )
            self._journal.advance_counter()
        self.left, self._fired = self.left - 1, self._fired + 1
        self.last_percent_mso, self._last_pulse_us = percent, at_us
        if not self.left:
            self.close()

    yield mock.patch.object(Firing, "reserve", reserve)
    yield mock.patch.object(Firing, "fire", fire)


def stop_waits_for_the_train() -> Patches:
    real = Treatment.pause

    def pause(self: Treatment, cause: PauseCause) -> None:
        if cause in (PauseCause.STOP, PauseCause.BUTTON) and self.course and self.course.index:
            return
        real(self, cause)

    yield mock.patch.object(Treatment, "pause", pause)


def clearance_lasts_for_ever() -> Patches:
    yield _without("_permissions", ReasonCode.CLEARANCE_OLD)


def hold_is_not_honoured() -> Patches:
    yield _without("_device", ReasonCode.HOLD)


def hold_lets_the_session_end() -> Patches:
    real = Treatment.close

    def close(self: Treatment, cause: CloseCause) -> None:
        if cause is not CloseCause.HOLD:
            real(self, cause)

    yield mock.patch.object(Treatment, "close", close)


def serial_is_not_compared() -> Patches:
    real = ledger_authority._installed

    def installed(state: LedgerState, record: Any, body: Any) -> LedgerState:
        lower = dataclasses.replace(state, serial=min(state.serial, body.serial))
        return real(lower, record, body)

    yield mock.patch.object(installing.Installing, "_check_line", return_value=None)
    yield mock.patch.dict(ledger._STEPS, {RecordType.PRESCRIPTION_INSTALLED: installed})


def locks_end_by_the_wall_clock() -> Patches:
    real = TimeWord._set_time

    def set_time(self: Any, given: Any) -> Any:
        time, anchor = self._rooms.time, self._rooms.time._anchor
        expected_ms = anchor.trusted_wall_ms
        answer = real(self, given)
        now_ms = time.wall_ms()
        if expected_ms is not None and now_ms is not None:
            expected_ms += time.proven_ms - anchor.trusted_proven_ms
            if now_ms > expected_ms:
                gained_ms = now_ms - expected_ms
                self._rooms.journal.write(records.TimeAttestedBody(bytes(32), gained_ms))
                time.gain(gained_ms)
        return answer

    def init(self: Any, rooms: Any) -> None:
        real_init(self, rooms)
        self.steps[Operation.SET_TIME] = lambda given: set_time(self, given)

    real_init = TimeWord.__init__
    yield mock.patch.object(TimeWord, "__init__", init)


def windows_are_an_hour_short() -> Patches:
    real = Windows.fits_from

    def fits_from(self: Windows, window_ms: int, now_ms: int, *amounts: Any) -> int | None:
        return real(self, window_ms - HOUR_MS, now_ms, *amounts)

    yield mock.patch.object(Windows, "fits_from", fits_from)


def nonces_are_good_again() -> Patches:
    def use(self: Any, purpose: Any, nonce: bytes, uptime_ms: int) -> None:
        return None

    yield mock.patch.object(nonces.Nonces, "use", use)


def mac_is_not_checked() -> Patches:
    yield mock.patch.object(CommandReader, "check", return_value=None)


def command_counts_again() -> Patches:
    real = CommandReader.check

    def check(self: Any, *given: Any) -> None:
        self._last = 0
        real(self, *given)

    yield mock.patch.object(CommandReader, "check", check)


def missed_beat_is_ignored() -> Patches:
    def beat(self: Supervision, now_ms: int) -> None:
        self.beat_by_ms = FOREVER_MS

    yield mock.patch.object(Supervision, "beat", beat)


def nobody_has_to_answer() -> Patches:
    def still_here(self: Supervision, now_ms: int) -> None:
        self.ask_at_ms, self.answer_by_ms = FOREVER_MS, None

    yield mock.patch.object(Supervision, "still_here", still_here)


def lift_names_no_record() -> Patches:
    real = Holds._open

    def opened(self: Any, hold_id: bytes) -> Any:
        hold = real(self, hold_id)

        return dataclasses.replace(hold, record_hash=AnyHash(hold.record_hash))

    yield mock.patch.object(Holds, "_open", opened)


def softening_is_forgotten() -> Patches:
    def percent_mso(self: armed.Armed, part: int) -> int:
        return self.prescription.percent_mso(part, self.completed_sessions)

    yield mock.patch.object(armed.Armed, "percent_mso", percent_mso)


def screening_lasts_for_ever() -> Patches:
    yield mock.patch.object(lock, "_answers_are_old", return_value=False)


def no_rest_after_a_pause() -> Patches:
    def go_on(self: CourseOfPulses, now_us: int) -> None:
        self.base_us, self.base_index = now_us, self.index

    yield mock.patch.object(CourseOfPulses, "go_on", go_on)


def a_stolen_key_still_counts() -> Patches:
    yield mock.patch.object(lock, "_signer", return_value=())


def either_app_commands() -> Patches:
    yield mock.patch.object(ownership.Ownership, "app_in_control", ownership.Ownership.app_in_force)


def lost_contact_is_borne() -> Patches:
    real = Surroundings.look

    def look(self: Surroundings, now_ms: int) -> Seen:
        seen = real(self, now_ms)
        return Seen.NOTHING if seen is Seen.CONTACT_LOST else seen

    yield mock.patch.object(Surroundings, "look", look)


def attested_over_a_session() -> Patches:
    yield mock.patch.object(TimeWord, "_check_waits", return_value=None)


BREAKAGES: dict[Callable[[], Patches], frozenset[str]] = {
    no_spacing_check: frozenset({"spacing", "windows"}),
    no_rollback_check: frozenset({"rollback", "service"}),
    reserved_after_fired: frozenset({"reserve before fire"}),
    stop_waits_for_the_train: frozenset({"stop"}),
    clearance_lasts_for_ever: frozenset({"clearance"}),
    hold_is_not_honoured: frozenset({"hold"}),
    hold_lets_the_session_end: frozenset({"stop", "hold"}),
    serial_is_not_compared: frozenset({"authority"}),
    locks_end_by_the_wall_clock: frozenset({"spacing", "windows"}),
    windows_are_an_hour_short: frozenset({"windows"}),
    nonces_are_good_again: frozenset({"nonce"}),
    mac_is_not_checked: frozenset({"replay"}),
    command_counts_again: frozenset({"replay"}),
    missed_beat_is_ignored: frozenset({"stop"}),
    nobody_has_to_answer: frozenset({"stop"}),
    lift_names_no_record: frozenset({"authority", "hold"}),
    softening_is_forgotten: frozenset({"envelope"}),
    screening_lasts_for_ever: frozenset({"gates"}),
    no_rest_after_a_pause: frozenset({"spacing"}),
    a_stolen_key_still_counts: frozenset({"authority"}),
    either_app_commands: frozenset({"authority"}),
    lost_contact_is_borne: frozenset({"stop"}),
    attested_over_a_session: frozenset({"spacing", "windows"}),
}
"""Each breakage, and the rules of which the oracle must name one."""


@contextmanager
def broken(breakage: Callable[[], Patches]) -> Iterator[None]:
    """Break one guard for a while."""
    forget()
    with ExitStack() as patches:
        for patch in breakage():
            patches.enter_context(patch)
        yield
    forget()
