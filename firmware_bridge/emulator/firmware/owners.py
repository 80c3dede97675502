"""Owners come and go: provisioned, handed over, reset, retired (R23).

Keys, bonds and names go with the owner; epoch, numbers, totals and ceilings stay. A device that has
an owner goes on to another only by a prescriber's word over its present head, and the button.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.ownership import judging
from firmware_bridge.emulator.firmware.rooms import Rooms, StaffSaid
from firmware_bridge.emulator.firmware.tenure import Owner, Tenure
from shared.trust import certificates, sign1
from shared.trust.keys import PublicKey
from shared.trust.staff_words import HandOver, HandOverPurpose
from shared.trust.statements import ID_BYTES, Assignment, HoldKind, Purpose, Transfer
from shared.wire import records
from shared.wire.operations import (
    BlobKind,
    Nothing,
    Operation,
    StatusCode,
)
from shared.wire.status import DeviceState


@dataclass(frozen=True)
class NewOwner:
    """An owner that was judged, with the names and numbers of what made it one."""

    owner: Owner
    transfer_hash: bytes
    transfer_number: int
    assignment_hash: bytes
    assignment_number: int
    rotated: bool


class Owners:
    """Carries out what is said about owners."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self.steps: dict[Operation, Callable[[Any], Any]] = {
            Operation.PROVISION: self._provision,
            Operation.RESET: self._reset,
        }

    # A new owner

    def _provision(self, _: Any) -> Nothing:
        """Judge everything, then wait a minute for the button."""
        rooms = self._rooms
        if rooms.device.state is DeviceState.FAULT:
            raise Refused(StatusCode.FAULT, "out_of_service")
        if rooms.ownership.owner is not None:
            self._check_leaving()
        made = self._judged()
        number = rooms.journal.count
        rooms.device.await_button(lambda: self._agreed(made, number))
        raise Refused(StatusCode.BUTTON_NEEDED, "press_the_button")

    def _check_leaving(self) -> None:
        """The present owner lets it go: no safety hold, its head signed."""
        if BlobKind.STAFF_WORD not in self._rooms.blobs:
            raise Refused(StatusCode.ALREADY, "already_provisioned")
        self._hand_over(HandOverPurpose.ANOTHER_OWNER)

    def _judged(self) -> NewOwner:
        tenure = self._rooms.ownership.tenure
        if tenure is not None and tenure.owner and BlobKind.TRANSFER not in self._rooms.blobs:
            return self._judged_patient(tenure, tenure.owner)
        return self._judged_clinic(tenure)

    def _judged_patient(self, tenure: Tenure, owner: Owner) -> NewOwner:
        """The same clinic gives the device to another of its patients."""
        certificate = self._rooms.blobs.take(BlobKind.CERTIFICATE)
        now_s = self._rooms.time.require_wall_s()
        key = self._rooms.ownership.certified(certificate, Purpose.ENROLMENT, now_s)
        assignment, name = self._assignment(key, newer_than=tenure.assignment_number)
        return NewOwner(
            owner=_of_patient(owner, assignment),
            transfer_hash=tenure.transfer_hash,
            transfer_number=tenure.transfer_number,
            assignment_hash=name,
            assignment_number=assignment.number,
            rotated=tenure.rotated,
        )

    def _judged_clinic(self, tenure: Tenure | None) -> NewOwner:
        """The maker gives the device to a clinic, and that clinic to a patient."""
        envelope = self._rooms.blobs.take(BlobKind.TRANSFER)
        with judging():
            given = sign1.verify(
                Transfer,
                envelope,
                audience=self._rooms.ownership.device_id,
                key=self._rooms.parts.identity.manufacturer,
            )
        name = sign1.name_of(envelope)
        self._check_transfer(tenure, given, name)
        key = self._enrolment_key(given)
        known = tenure is not None and tenure.clinic_id == given.clinic_id
        newest = tenure.assignment_number if tenure is not None and known else 0
        assignment, assignment_name = self._assignment(key, newer_than=newest)
        owner = Owner(
            given.clinic_id,
            given.clinic_root,
            given.recovery_root,
            given.demo,
            assignment.patient_id,
            assignment.initials,
        )
        return NewOwner(owner, name, given.number, assignment_name, assignment.number, False)

    def _check_transfer(self, tenure: Tenure | None, given: Transfer, name: bytes) -> None:
        """The maker's numbers rise. Only a clinic that reset the device, and has the roots that its
        transfer names, takes it again by the same one."""
        if given.demo and self._rooms.parts.fuse.released:
            raise Refused(StatusCode.REFUSED, "demo_owner")
        if tenure is None or given.number > tenure.transfer_number:
            return
        was_reset = tenure.owner is None and not self._rooms.past.retired
        if not (was_reset and name == tenure.transfer_hash and not tenure.rotated):
            raise Refused(StatusCode.REFUSED, "transfer_not_newer")

    def _enrolment_key(self, given: Transfer) -> PublicKey:
        with judging():
            certificate = certificates.judge(
                self._rooms.blobs.take(BlobKind.CERTIFICATE),
                purpose=Purpose.ENROLMENT,
                clinic_id=given.clinic_id,
                root=PublicKey(given.clinic_root),
                now_s=None,
            )
            PublicKey(given.recovery_root)
            return certificates.key_of(certificate)

    def _assignment(self, key: PublicKey, *, newer_than: int) -> tuple[Assignment, bytes]:
        envelope = self._rooms.blobs.take(BlobKind.ASSIGNMENT)
        assignment = self._rooms.ownership.statement(Assignment, envelope, key)
        if assignment.number <= newer_than:
            raise Refused(StatusCode.REFUSED, "assignment_not_newer")
        return assignment, sign1.name_of(envelope)

    def _agreed(self, made: NewOwner, number: int) -> None:
        """The button agreed; whatever was recorded since the judgement needs another one."""
        rooms, before = self._rooms, self._rooms.ownership.tenure
        if rooms.journal.count != number:
            raise Refused(StatusCode.REFUSED, "head_not_current")
        epoch = rooms.parts.randomness.bytes(ID_BYTES) if before is None else before.epoch
        if before is None:
            rooms.journal.begin(rooms.ownership.device_id, epoch)
        another = before is not None and before.clinic_id != made.owner.clinic_id
        rooms.ownership.prepare_tenure(
            Tenure(
                from_number=number + 1,
                epoch=epoch,
                clinic_id=made.owner.clinic_id,
                transfer_hash=made.transfer_hash,
                transfer_number=made.transfer_number,
                assignment_number=made.assignment_number,
                enrolment_number=0 if another else self._enrolment_number(before),
                rotated=made.rotated,
                owner=made.owner,
            )
        )
        rooms.journal.write(
            records.ProvisionedBody(
                made.transfer_hash, made.assignment_hash, made.owner.patient_id, another
            )
        )
        rooms.ownership.begin_tenure()
        rooms.journal.advance_counter()
        if before is None:
            self._record_first_boot()

    def _record_first_boot(self) -> None:
        """The boot in which the record began: from here on proven time is on the record."""
        reading, rooms = self._rooms.parts.clock.read(), self._rooms
        rooms.journal.write(
            records.BootBody(
                reading.count_ms,
                reading.unbroken,
                rooms.time.proven_ms,
                rooms.device.firmware_version,
            )
        )

    def _enrolment_number(self, before: Tenure | None) -> int:
        kept = 0 if before is None else before.enrolment_number
        return max(kept, self._rooms.past.enrolment_number)

    # No owner

    def _reset(self, _: Any) -> Nothing:
        """Nobody's from now on; another transfer, or the same clinic's, makes it somebody's."""
        said = self._hand_over(HandOverPurpose.RESET)
        self._end_tenure(records.ResetBody(said.name))
        return Nothing()

    def retire(self) -> None:
        """Out of use: nothing but reads works until the maker transfers it anew (R24)."""
        said = self._hand_over(HandOverPurpose.RETIRE)
        self._end_tenure(records.RetiredBody(said.name))

    def finish_reset(self) -> None:
        """Wipe what a power cut kept from being wiped."""
        if self._rooms.ownership.has_leftovers:
            self._rooms.device.forget_bonds()
            self._rooms.ownership.wipe_leftovers()

    def _end_tenure(self, body: records.ResetBody | records.RetiredBody) -> None:
        rooms, tenure = self._rooms, self._rooms.ownership.tenure
        assert tenure is not None
        rooms.ownership.prepare_tenure(
            Tenure(
                from_number=rooms.journal.count + 1,
                epoch=tenure.epoch,
                clinic_id=tenure.clinic_id,
                transfer_hash=tenure.transfer_hash,
                transfer_number=tenure.transfer_number,
                assignment_number=tenure.assignment_number,
                enrolment_number=self._enrolment_number(tenure),
                rotated=tenure.rotated,
            )
        )
        rooms.journal.write(body)
        rooms.ownership.begin_tenure()
        self.finish_reset()

    # The present owner's word

    def _hand_over(self, purpose: HandOverPurpose) -> StaffSaid[HandOver]:
        """A prescriber knows the record up to its present head (R23). What is held may only
        retire: that opens nothing."""
        rooms, past = self._rooms, self._rooms.past
        held = any(hold.kind is HoldKind.SAFETY for hold in past.holds)
        if held and purpose is not HandOverPurpose.RETIRE:
            raise Refused(StatusCode.REFUSED, "holds_open")
        said = rooms.by_staff(HandOver)
        word, tenure = said.word, rooms.ownership.tenure
        rooms.require_this_device(word.device_id)
        if word.purpose is not purpose:
            raise Refused(StatusCode.REFUSED, "hand_over_otherwise")
        assert tenure is not None
        if (word.epoch, word.head_number, word.head_hash) != (tenure.epoch, past.number, past.hash):
            raise Refused(StatusCode.REFUSED, "head_not_current")
        return said


def _of_patient(owner: Owner, assignment: Assignment) -> Owner:
    return Owner(
        owner.clinic_id,
        owner.clinic_root,
        owner.recovery_root,
        owner.demo,
        assignment.patient_id,
        assignment.initials,
    )
