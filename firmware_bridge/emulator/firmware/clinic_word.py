"""What the clinic's servers say of their own knowledge: that nothing newer is in force (R20), and
how much of the record they have (R28)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.rooms import Rooms
from shared.trust import sign1
from shared.trust.statements import Clearance, Purpose, Receipt
from shared.wire import records
from shared.wire.operations import (
    NoncePurpose,
    Nothing,
    Operation,
    StatementArguments,
    StatusCode,
)

CLEARANCE_AHEAD_S = 600


class ClinicWord:
    """Judges and keeps what the clinic's servers signed."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self.steps: dict[Operation, Callable[[Any], Any]] = {
            Operation.CLEARANCE: self._clearance,
            Operation.RECEIPT: self._receipt,
        }

    def _clearance(self, given: StatementArguments) -> Nothing:
        """Take the clinic's word that nothing newer is in force."""
        now_s = self._rooms.time.require_wall_s()
        word = self._rooms.by_certified(Clearance, given, Purpose.CLEARANCE, now_s=now_s)
        self._rooms.use_nonce(NoncePurpose.CLEARANCE, word.nonce)
        newest = self._rooms.past.clearance
        if word.issued_s > now_s + CLEARANCE_AHEAD_S:
            raise Refused(StatusCode.REFUSED, "clearance_from_the_future")
        if newest is not None and word.issued_s < newest.issued_s:
            raise Refused(StatusCode.REFUSED, "clearance_not_newer")
        self._rooms.journal.write(
            records.ClearanceBody(
                sign1.name_of(given.statement),
                word.issued_s,
                word.newest_serial,
                word.newest_hold,
                word.newest_revocation,
            )
        )
        return Nothing()

    def _receipt(self, given: StatementArguments) -> Nothing:
        """The clinic has verified the record so far; needs no clock, for it opens nothing."""
        now_s = self._rooms.time.wall_s()
        said = self._rooms.by_certified(Receipt, given, Purpose.RECEIPT, now_s=now_s)
        self._rooms.journal.keep_receipt(said.number, said.hash, said.epoch)
        return Nothing()
