"""Holds: place, take back, confirm, lift, and the end that a rest hold comes to by itself (R21).

Placing needs no clock and is never refused for want of a state: failing closed is always allowed.
Only a person with the scope `lift_hold` opens again what a safety hold closed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.rooms import Rooms
from shared.dose.ledger import OPEN_HOLDS_MAX, OpenHold
from shared.trust import sign1
from shared.trust.staff_words import LiftHold
from shared.trust.statements import (
    ID_BYTES,
    ConfirmHold,
    HoldKind,
    HoldSource,
    PlaceHold,
    Purpose,
    TakeBackHold,
)
from shared.wire import records
from shared.wire.operations import Nothing, Operation, StatementArguments, StatusCode
from shared.wire.records import CloseCause

REST_HOLD_MS = 72 * 3_600_000
TAKE_BACK_MS = 60_000
GRAVE_SIGNS = ("seizure", "stroke")
"""Reasons that begin so stay until a person lifts them, also where they were a slip."""

REASON_BYTES = 32


class Holds:
    """Carries out what is said about holds."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._placed: dict[bytes, tuple[bytes | None, int]] = {}
        self._joined: set[bytes] = set()
        self.steps: dict[Operation, Callable[[Any], Any]] = {
            Operation.PLACE_HOLD: self._place,
            Operation.TAKE_BACK: self._take_back,
            Operation.CONFIRM_HOLD: self._confirm,
            Operation.LIFT_HOLD: self._lift,
        }

    def place_own(self, reason: str) -> None:
        """Place the device's own safety hold: what is running ends, before anything is written."""
        self._rooms.treatment.close(CloseCause.HOLD)
        named = reason.encode()[:REASON_BYTES].decode(errors="ignore")
        hold_id = self._rooms.parts.randomness.bytes(ID_BYTES)
        self._rooms.journal.write(
            records.HoldPlacedBody(hold_id, HoldKind.SAFETY, HoldSource.DEVICE, named, 0)
        )

    def expire(self) -> None:
        """End the rest holds that have lasted their 72 hours of proven time."""
        now_ms, journal = self._rooms.time.proven_ms, self._rooms.journal
        if journal.sealed:
            return
        for hold in journal.state.holds:
            if hold.kind is HoldKind.REST and now_ms >= hold.placed_ms + REST_HOLD_MS:
                journal.write(records.HoldExpiredBody(hold.hold_id))

    # Placing

    def _place(self, given: StatementArguments) -> Nothing:
        hold, app_key_id = self._judged(given)
        if self._says_nothing_new(hold):
            return Nothing()
        self._rooms.treatment.close(CloseCause.HOLD)
        if len(self._rooms.past.holds) >= OPEN_HOLDS_MAX:
            self._joined.add(hold.hold_id)
        self._rooms.journal.write(
            records.HoldPlacedBody(hold.hold_id, hold.kind, hold.source, hold.reason, hold.number)
        )
        self._placed[hold.hold_id] = (app_key_id, self._rooms.time.uptime_ms)
        return Nothing()

    def _judged(self, given: StatementArguments) -> tuple[PlaceHold, bytes | None]:
        """The cloud's hold key or an enrolled app's key may place."""
        rooms = self._rooms
        if given.certificate is not None:
            now_s = rooms.time.wall_s()
            hold = rooms.by_certified(PlaceHold, given, Purpose.HOLD, now_s=now_s)
            source, app_key_id = HoldSource.CLOUD, None
        else:
            hold = rooms.by_app_failing_closed(PlaceHold, given)
            source = HoldSource.APP
            app_key_id = rooms.ownership.app_that_signed(given.statement).key_id
        if hold.source is not source:
            raise Refused(StatusCode.NOT_TRUSTED, "hold_source")
        return hold, app_key_id

    def _says_nothing_new(self, hold: PlaceHold) -> bool:
        """The same hold again writes no record. One of the clinic's that ended is refused; an app's
        holds again, for its number proves nothing."""
        past = self._rooms.past
        if past.hold(hold.hold_id) is not None or hold.hold_id in self._joined:
            return True
        if hold.source is HoldSource.CLOUD and hold.number <= past.newest_hold:
            raise Refused(StatusCode.ALREADY, "hold_known")
        return False

    # What becomes of one

    def _take_back(self, given: StatementArguments) -> Nothing:
        """Only the app that placed it, within a minute of the same boot."""
        ownership, time = self._rooms.ownership, self._rooms.time
        key = ownership.app_that_signed(given.statement)
        said = ownership.statement(TakeBackHold, given.statement, key)
        hold = self._open(said.hold_id)
        placed = self._placed.get(said.hold_id)
        if placed is None or placed[0] != key.key_id:
            raise Refused(StatusCode.REFUSED, "hold_not_yours")
        if time.uptime_ms - placed[1] > TAKE_BACK_MS:
            raise Refused(StatusCode.REFUSED, "take_back_late")
        stays = hold.reason.startswith(GRAVE_SIGNS) or hold.count > 0
        self._rooms.journal.write(records.HoldTakenBackBody(said.hold_id, stays))
        del self._placed[said.hold_id]
        return Nothing()

    def _confirm(self, given: StatementArguments) -> Nothing:
        """The clinic keeps a rest hold until somebody lifts it; needs no clock, like placing."""
        now_s = self._rooms.time.wall_s()
        said = self._rooms.by_certified(ConfirmHold, given, Purpose.HOLD, now_s=now_s)
        if self._open(said.hold_id).kind is HoldKind.REST:
            name = sign1.name_of(given.statement)
            self._rooms.journal.write(records.HoldConfirmedBody(said.hold_id, name))
        return Nothing()

    def _lift(self, _: Any) -> Nothing:
        """All that is named, or nothing: each line names the record that placed its hold."""
        rooms = self._rooms
        said = rooms.by_staff(LiftHold)
        word = said.word
        rooms.require_this_device(word.device_id)
        if not word.holds and word.postponement_hash is None:
            raise Refused(StatusCode.BAD_REQUEST, "nothing_to_lift")
        for line in word.holds:
            if self._open(line.hold_id).record_hash != line.record_hash:
                raise Refused(StatusCode.REFUSED, "hold_unknown")
        if word.postponement_hash not in (None, rooms.past.postponed_hash):
            raise Refused(StatusCode.REFUSED, "postponement_unknown")
        for hold_id in dict.fromkeys(line.hold_id for line in word.holds):
            rooms.journal.write(records.HoldLiftedBody(said.name, hold_id))
        if word.postponement_hash is not None:
            rooms.journal.write(records.HoldLiftedBody(said.name))
        return Nothing()

    def _open(self, hold_id: bytes) -> OpenHold:
        hold = self._rooms.past.hold(hold_id)
        if hold is None:
            raise Refused(StatusCode.REFUSED, "hold_unknown")
        return hold
