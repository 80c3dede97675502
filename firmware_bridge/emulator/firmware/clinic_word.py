"""What the clinic says to the band: app, time, clearance, prescription, hold (R7, R17 to R22).

Each is signed by a key that the clinic's root certified; every check comes before the first write.
"""

from __future__ import annotations

from typing import Any, Protocol

from firmware_bridge.emulator.firmware.blobs import Blobs
from firmware_bridge.emulator.firmware.journal import Journal
from firmware_bridge.emulator.firmware.nonces import Nonces
from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.ownership import Ownership
from firmware_bridge.emulator.firmware.timekeeping import Timekeeping
from firmware_bridge.emulator.firmware.treatment import Treatment
from shared.dose import prescription as prescriptions
from shared.dose.envelope import violations
from shared.dose.ledger import OPEN_HOLDS_MAX
from shared.dose.prescription import SERIAL_STEP_MAX, Prescription
from shared.trust import passkey, sign1
from shared.trust.certificates import key_of
from shared.trust.challenge import PRESCRIPTION_TYPE
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import Clearance, HoldSource, PlaceHold, Purpose, Scope, TimeToken
from shared.wire import fields, operations, records
from shared.wire.errors import WireError
from shared.wire.items import SignedPrescription
from shared.wire.operations import BlobKind, NoncePurpose, Nothing, StatusCode
from shared.wire.records import CloseCause
from shared.wire.status import DeviceState

CLEARANCE_AHEAD_S = 600


class Device(Protocol):
    """What is asked of the core here."""

    @property
    def state(self) -> DeviceState:
        """The device's state."""


class ClinicWord:
    """Judges and carries out what the clinic signed."""

    def __init__(
        self,
        device: Device,
        nonces: Nonces,
        blobs: Blobs,
        time: Timekeeping,
        journal: Journal,
        ownership: Ownership,
        treatment: Treatment,
    ) -> None:
        self._device, self._nonces, self._blobs = device, nonces, blobs
        self._time, self._journal = time, journal
        self._ownership, self._treatment = ownership, treatment

    def authorize_app(self, _: Any) -> Nothing:
        """Take another app in place of the one there is, while nothing is under way (R22)."""
        self._require_quiet()
        enrolment = self._blobs.take(BlobKind.ENROLMENT)
        app = self._ownership.judge_app(
            enrolment, self._blobs.take(BlobKind.CERTIFICATE), self._time.require_wall_s()
        )
        self._ownership.keep_app(app)
        key_id = PublicKey(app.key).key_id
        self._journal.write(records.AppAuthorizedBody(app.statement_hash, key_id, app.number))
        return Nothing()

    def set_time(self, given: operations.StatementArguments) -> Nothing:
        """Set the trusted wall clock by a token of the clinic's (R7), on the record first."""
        key = self._ownership.certified(given.certificate, Purpose.TIME, self._time.wall_s())
        token = self._ownership.statement(TimeToken, given.statement, key)
        self._nonces.use(NoncePurpose.TIME, token.nonce, self._time.uptime_ms)
        trusted_ms = self._journal.newest_trusted_ms
        if not self._time.may_set(token.wall_ms, newest_trusted_ms=trusted_ms):
            raise Refused(StatusCode.REFUSED, "clock_step")
        body = records.ClockSetBody(token.wall_ms, sign1.name_of(given.statement))
        self._journal.append(body, token.wall_ms)
        self._time.set_wall(token.wall_ms)
        return Nothing()

    def clearance(self, given: operations.StatementArguments) -> Nothing:
        """Take the clinic's word that nothing newer is in force (R20)."""
        now_s = self._time.require_wall_s()
        key = self._ownership.certified(given.certificate, Purpose.CLEARANCE, now_s)
        word = self._ownership.statement(Clearance, given.statement, key)
        self._nonces.use(NoncePurpose.CLEARANCE, word.nonce, self._time.uptime_ms)
        newest = self._journal.state.clearance
        if word.issued_s > now_s + CLEARANCE_AHEAD_S:
            raise Refused(StatusCode.REFUSED, "clearance_from_the_future")
        if newest is not None and word.issued_s < newest.issued_s:
            raise Refused(StatusCode.REFUSED, "clearance_not_newer")
        self._journal.write(
            records.ClearanceBody(
                sign1.name_of(given.statement),
                word.issued_s,
                word.newest_serial,
                word.newest_hold,
                word.newest_revocation,
            )
        )
        return Nothing()

    def install(self, _: Any) -> Nothing:
        """Put a prescription in force that is signed, in place and in bounds (R17, R18, R31)."""
        self._require_quiet()
        blob = self._blobs.take(BlobKind.PRESCRIPTION)
        try:
            signed = fields.unpack(SignedPrescription, blob)
            prescription = prescriptions.from_bytes(signed.prescription)
        except WireError as problem:
            raise Refused(StatusCode.BAD_REQUEST, "prescription_unreadable") from problem
        signer = self._check_signature(signed)
        self._check_place(prescription, signed.prescription)
        if violations(prescription):
            raise Refused(StatusCode.REFUSED, "outside_envelope")
        self._ownership.keep_prescription(signed.prescription, prescription)
        self._journal.write(
            records.PrescriptionInstalledBody(
                prescriptions.hash_of(signed.prescription),
                prescription.serial,
                prescription.course_id,
                prescription.kind,
                signer.key_id[: records.SIGNER_BYTES],
            )
        )
        return Nothing()

    def _check_signature(self, signed: SignedPrescription) -> PublicKey:
        certificate = self._ownership.certificate(
            signed.certificate, Purpose.STAFF, self._time.require_wall_s()
        )
        try:
            passkey.verify(
                PRESCRIPTION_TYPE,
                signed.prescription,
                signed.assertion,
                certificate,
                Scope.PRESCRIBE,
            )
        except TrustError as problem:
            raise Refused(StatusCode.NOT_TRUSTED, f"trust_{problem.code}") from problem
        return key_of(certificate)

    def _check_place(self, prescription: Prescription, data: bytes) -> None:
        """Is it for this device and patient, and the next of its line (R17)?"""
        owner, state = self._ownership.require_owner(), self._journal.state
        if prescription.device_id != self._ownership.device_id:
            raise Refused(StatusCode.REFUSED, "other_device")
        if prescription.patient_id != owner.patient_id:
            raise Refused(StatusCode.REFUSED, "other_patient")
        if prescription.clinic_id != owner.clinic_id:
            raise Refused(StatusCode.REFUSED, "other_clinic")
        if prescription.serial == state.serial:
            same = prescriptions.hash_of(data) == state.prescription_hash
            code = "already_installed" if same else "serial_taken"
            raise Refused(StatusCode.ALREADY, code)
        if not state.serial < prescription.serial <= state.serial + SERIAL_STEP_MAX:
            raise Refused(StatusCode.REFUSED, "serial_not_next")
        if prescription.replaces_hash != state.prescription_hash:
            raise Refused(StatusCode.REFUSED, "replaces_another")
        if not prescription.new_course and prescription.course_id != state.course_id:
            raise Refused(StatusCode.REFUSED, "course_not_opened")
        if self._time.require_wall_s() > prescription.install_by_s:
            raise Refused(StatusCode.REFUSED, "install_by_passed")

    def place_hold(self, given: operations.StatementArguments) -> Nothing:
        """Stop treating, at once and until it is lifted (R21)."""
        hold = self._judge_hold(given)
        if self._hold_is_known(hold):
            return Nothing()
        self._treatment.close(CloseCause.HOLD)
        self._journal.write(
            records.HoldPlacedBody(hold.hold_id, hold.kind, hold.source, hold.reason, hold.number)
        )
        return Nothing()

    def _hold_is_known(self, hold: PlaceHold) -> bool:
        """The same message again, or one too many that says nothing new: no further record."""
        state = self._journal.state
        if any(known.hold_id == hold.hold_id for known in state.holds):
            return True
        return len(state.holds) >= OPEN_HOLDS_MAX and hold.number <= state.newest_hold

    def _judge_hold(self, given: operations.StatementArguments) -> PlaceHold:
        """The cloud's hold key or the app's key may place; a clock is not asked for: failing
        closed is always allowed."""
        if given.certificate is not None:
            key = self._ownership.certified(given.certificate, Purpose.HOLD, self._time.wall_s())
            source = HoldSource.CLOUD
        else:
            self._ownership.require_owner()
            if self._ownership.app is None:
                raise Refused(StatusCode.NOT_TRUSTED, "no_app")
            key, source = PublicKey(self._ownership.app.key), HoldSource.APP
        hold = self._ownership.statement(PlaceHold, given.statement, key)
        if hold.source is not source:
            raise Refused(StatusCode.NOT_TRUSTED, "hold_source")
        return hold

    def _require_quiet(self) -> None:
        if self._device.state is not DeviceState.IDLE:
            raise Refused(StatusCode.WRONG_STATE, "not_idle")
