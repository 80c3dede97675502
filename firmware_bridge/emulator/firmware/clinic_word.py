"""What the clinic's servers say of their own knowledge: that nothing newer is in force (R20), and
how much of the record they have (R28)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.rooms import Rooms
from shared.stimulation.limits import absolute_limits
from shared.trust import sign1
from shared.trust.certificates import key_of
from shared.trust.statements import Certificate, Clearance, Purpose, Receipt
from shared.wire import records
from shared.wire.operations import (
    NoncePurpose,
    Nothing,
    Operation,
    StatementArguments,
    StatusCode,
)

CLEARANCE_AHEAD_S = 600
DAY_S = 86_400


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
        now_s, ownership = self._rooms.time.require_wall_s(), self._rooms.ownership
        certificate = ownership.certificate(given.certificate, Purpose.CLEARANCE, now_s)
        self._check_term(certificate)
        word = ownership.statement(Clearance, given.statement, key_of(certificate))
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
                certificate.not_after_s,
            )
        )
        return Nothing()

    def _check_term(self, certificate: Certificate) -> None:
        """A key that lies hides a hold for as long as its certificate lasts; outside a
        demonstration that is no longer than the longest clearance limit (R20, R31)."""
        longest_s = absolute_limits().caps["clearance_days_max"] * DAY_S
        term_s = certificate.not_after_s - certificate.not_before_s
        if term_s > longest_s and not self._rooms.ownership.require_owner().demo:
            raise Refused(StatusCode.NOT_TRUSTED, "certificate_too_long")

    def _receipt(self, given: StatementArguments) -> Nothing:
        """The clinic has verified the record so far; needs no clock, for it opens nothing."""
        now_s = self._rooms.time.wall_s()
        said = self._rooms.by_certified(Receipt, given, Purpose.RECEIPT, now_s=now_s)
        self._rooms.journal.keep_receipt(said.number, said.hash, said.epoch)
        return Nothing()
