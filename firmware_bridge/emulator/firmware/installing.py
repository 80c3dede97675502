"""Prescriptions: which signed bytes come into force, and when (R14, R17, R18, R24, R26, R31).

One serial rises over all of a device's prescriptions. An end, and what only lowers, take effect
within a session too; everything else waits until the device is idle.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.replacing import Replacing
from firmware_bridge.emulator.firmware.rooms import Rooms
from shared.dose import prescription as prescriptions
from shared.dose.envelope import violations
from shared.dose.lowering import only_lowers
from shared.dose.prescription import SERIAL_STEP_MAX, Prescription, PrescriptionKind
from shared.stimulation.catalogue import catalogue
from shared.trust import passkey
from shared.trust.certificates import key_of
from shared.trust.challenge import PRESCRIPTION_TYPE
from shared.trust.errors import TrustError
from shared.trust.statements import Purpose, Scope
from shared.wire import fields, records
from shared.wire.errors import WireError
from shared.wire.items import SignedPrescription
from shared.wire.operations import BlobKind, Nothing, Operation, StatusCode
from shared.wire.records import SIGNER_BYTES, CloseCause
from shared.wire.status import DeviceState

AHEAD_S = 600
"""How far a statement's own time may lie ahead of the device's clock (own figure)."""


class Installing:
    """Judges prescriptions and puts them in force."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._replacing = Replacing(rooms)
        self.steps: dict[Operation, Callable[[Any], Any]] = {Operation.INSTALL: self._install}

    def _install(self, _: Any) -> Nothing:
        self._rooms.ownership.require_owner()
        signed, prescription = self._read()
        self._check_moment(prescription)
        self._rooms.blobs.take(BlobKind.PRESCRIPTION)
        signer = self._signer(signed)
        named = prescriptions.hash_of(signed.prescription)
        self._check_recipient(prescription)
        if named in (self._rooms.past.prescription_hash, self._rooms.past.titration_hash):
            self._adopt(prescription, named, signer)
            return Nothing()
        self._check_line(prescription)
        if prescription.kind is not PrescriptionKind.END:
            self._check_dates(prescription)
            self._check_content(prescription)
        self._put_in_force(prescription, signed.prescription, signer)
        return Nothing()

    # When

    def _check_moment(self, prescription: Prescription) -> None:
        """An end, and what only lowers, need no idle band; all else waits, its bytes too."""
        if self._rooms.device.state is DeviceState.IDLE:
            return
        in_force = self._rooms.ownership.prescription
        ends = prescription.kind is PrescriptionKind.END
        if not ends and not (in_force is not None and only_lowers(in_force, prescription)):
            raise Refused(StatusCode.WRONG_STATE, "not_idle")

    # Whose word, for whom

    def _read(self) -> tuple[SignedPrescription, Prescription]:
        blob = self._rooms.blobs.look(BlobKind.PRESCRIPTION)
        try:
            signed = fields.unpack(SignedPrescription, blob)
            return signed, prescriptions.from_bytes(signed.prescription)
        except WireError as problem:
            raise Refused(StatusCode.BAD_REQUEST, "prescription_unreadable") from problem

    def _signer(self, signed: SignedPrescription) -> bytes:
        certificate = self._rooms.ownership.certificate(
            signed.certificate, Purpose.STAFF, self._rooms.time.require_wall_s()
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
        return key_of(certificate).key_id[:SIGNER_BYTES]

    def _check_recipient(self, prescription: Prescription) -> None:
        self._rooms.require_this_device(prescription.device_id)
        self._rooms.require_patient(prescription.patient_id)
        if prescription.clinic_id != self._rooms.ownership.require_owner().clinic_id:
            raise Refused(StatusCode.REFUSED, "other_clinic")

    def _adopt(self, prescription: Prescription, named: bytes, signer: bytes) -> None:
        """The same bytes by another prescriber stand on that word from now on, where the first
        one's counts no more (R18)."""
        past = self._rooms.past
        first = past.titration_signer if named == past.titration_hash else past.signer
        if past.revoked(first) is None:
            raise Refused(StatusCode.ALREADY, "already_installed")
        self._write_record(prescription, named, signer)

    # Its place in the line

    def _check_line(self, prescription: Prescription) -> None:
        """Is it the next of its line (R17)?"""
        past, serial = self._rooms.past, prescription.serial
        if serial == past.serial:
            raise Refused(StatusCode.ALREADY, "serial_taken")
        if not past.serial < serial <= past.serial + SERIAL_STEP_MAX:
            raise Refused(StatusCode.REFUSED, "serial_not_next")
        if prescription.kind is PrescriptionKind.TITRATION:
            if prescription.replaces_hash is not None:
                raise Refused(StatusCode.REFUSED, "replaces_another")
            return
        if prescription.replaces_hash != past.prescription_hash:
            raise Refused(StatusCode.REFUSED, "replaces_another")
        goes_on = prescription.course_id == past.course_id
        opens = prescription.new_course or prescription.kind is PrescriptionKind.REPLACEMENT
        if not goes_on and not opens:
            raise Refused(StatusCode.REFUSED, "course_not_opened")

    # What it says

    def _check_dates(self, prescription: Prescription) -> None:
        now_s = self._rooms.time.require_wall_s()
        if now_s > prescription.install_by_s:
            raise Refused(StatusCode.REFUSED, "install_by_passed")
        if prescription.issued_s > now_s + AHEAD_S:
            raise Refused(StatusCode.REFUSED, "issued_in_the_future")

    def _check_content(self, prescription: Prescription) -> None:
        rooms = self._rooms
        if prescription.coil != rooms.parts.profile.coil:
            raise Refused(StatusCode.REFUSED, "other_coil")
        accepted = rooms.past.catalogue_accepted == catalogue().digest
        if not accepted and not rooms.ownership.require_owner().demo:
            raise Refused(StatusCode.REFUSED, "catalogue_not_accepted")
        if violations(prescription, rooms.ownership.prescription):
            raise Refused(StatusCode.REFUSED, "outside_envelope")
        self._replacing.check(prescription)

    # In force

    def _put_in_force(self, prescription: Prescription, data: bytes, signer: bytes) -> None:
        """The page first, then the record that makes it count; an end stops pulses before both."""
        ownership, treatment = self._rooms.ownership, self._rooms.treatment
        if prescription.kind is PrescriptionKind.END:
            treatment.close(CloseCause.PRESCRIPTION_ENDED)
        if prescription.kind is PrescriptionKind.TITRATION:
            ownership.keep_titration(data)
        else:
            ownership.keep_prescription(data)
        named = prescriptions.hash_of(data)
        self._write_record(prescription, named, signer)
        treatment.adopt(prescription, named)

    def _write_record(self, prescription: Prescription, named: bytes, signer: bytes) -> None:
        replacement = prescription.replacement
        known = named in (self._rooms.past.prescription_hash, self._rooms.past.titration_hash)
        body = records.PrescriptionInstalledBody(
            named,
            prescription.serial,
            prescription.course_id,
            prescription.kind,
            signer,
            None if replacement is None or known else replacement.opening,
        )
        try:
            self._rooms.journal.write(body)
        except WireError as problem:
            raise Refused(StatusCode.REFUSED, "record_too_long") from problem
