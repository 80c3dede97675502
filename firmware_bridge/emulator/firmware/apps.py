"""Apps that may command: enrolment of two at most, and which of them has control (R22)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.ownership import App
from firmware_bridge.emulator.firmware.rooms import Rooms
from shared.dose.ledger import EnrolledApp
from shared.dose.prescription import SERIAL_STEP_MAX
from shared.trust import sign1
from shared.trust.keys import PublicKey
from shared.trust.statements import Control, Enrolment
from shared.wire import records
from shared.wire.operations import (
    BlobKind,
    NoncePurpose,
    Nothing,
    Operation,
    StatementArguments,
    StatusCode,
)


class Apps:
    """Carries out what is said about apps."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self.steps: dict[Operation, Callable[[Any], Any]] = {
            Operation.AUTHORIZE_APP: self._authorize,
            Operation.TAKE_CONTROL: self._take_control,
            Operation.RELEASE_CONTROL: self._release_control,
        }

    def _authorize(self, _: Any) -> Nothing:
        """Enrol an app; it takes control, and the older of two others leaves. An app that is
        enrolled by this very number already changes nothing."""
        rooms = self._rooms
        envelope = rooms.blobs.take(BlobKind.ENROLMENT)
        enrolment = rooms.ownership.enrolment(
            envelope, rooms.blobs.take(BlobKind.CERTIFICATE), rooms.time.require_wall_s()
        )
        named = EnrolledApp(PublicKey(enrolment.app_key).key_id, enrolment.number)
        if named in rooms.past.apps:
            return Nothing()
        if enrolment.number <= self._newest_number():
            raise Refused(StatusCode.ALREADY, "enrolment_not_newer")
        if enrolment.number > self._newest_number() + SERIAL_STEP_MAX:
            raise Refused(StatusCode.REFUSED, "enrolment_not_next")
        self._enrol(envelope, enrolment)
        return Nothing()

    def _newest_number(self) -> int:
        tenure = self._rooms.ownership.tenure
        assert tenure is not None
        return max(self._rooms.past.enrolment_number, tenure.enrolment_number)

    def _enrol(self, envelope: bytes, enrolment: Enrolment) -> None:
        name = sign1.name_of(envelope)
        app = App(enrolment.app_key, enrolment.number, enrolment.not_after_s, name)
        self._rooms.ownership.keep_app(app)
        self._rooms.journal.write(
            records.AppAuthorizedBody(name, app.named.key_id, enrolment.number)
        )

    def _take_control(self, given: StatementArguments) -> Nothing:
        """Command passes to another enrolled app, and only in idle."""
        key_id = self._said(given, take=True)
        if key_id != self._rooms.past.control_key_id:
            self._rooms.journal.write(records.ControlTakenBody(key_id))
        return Nothing()

    def _release_control(self, given: StatementArguments) -> Nothing:
        """Nobody commands from now on; only the app in control gives it up."""
        if self._said(given, take=False) != self._rooms.past.control_key_id:
            raise Refused(StatusCode.REFUSED, "not_in_control")
        self._rooms.journal.write(records.ControlTakenBody())
        return Nothing()

    def _said(self, given: StatementArguments, *, take: bool) -> bytes:
        rooms = self._rooms
        key = rooms.ownership.app_in_force(given.statement, rooms.time.wall_s())
        said = rooms.ownership.statement(Control, given.statement, key)
        rooms.require_patient(said.patient_id)
        if said.take is not take:
            raise Refused(StatusCode.REFUSED, "control_otherwise")
        rooms.use_nonce(NoncePurpose.CONTROL, said.nonce)
        return key.key_id
