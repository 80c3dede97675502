"""Another device's course goes on here: is it sure that the old one fires no more (R24)?"""

from __future__ import annotations

from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.ownership import judging
from firmware_bridge.emulator.firmware.rooms import Rooms
from shared.dose.ledger import Course
from shared.dose.prescription import OpeningBalance, Prescription
from shared.trust import certificates, sign1
from shared.trust.statements import LedgerHead, Purpose
from shared.wire.operations import BlobKind, StatusCode


class Replacing:
    """Judges what stands in for the old device."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def check(self, prescription: Prescription) -> None:
        """Refuse a replacement that leaves the old device able to treat, or forgets a charge."""
        replacement = prescription.replacement
        if replacement is None:
            return
        self._check_opening(prescription.course_id, replacement.opening)
        if replacement.in_clinics_hands:
            return
        if replacement.final_head_hash is not None:
            self._check_final_head(replacement.old_device_id, replacement.final_head_hash)
        elif self._rooms.time.require_wall_s() < replacement.old_not_after_s:
            raise Refused(StatusCode.REFUSED, "old_device_at_large")

    def _check_opening(self, course_id: bytes, opening: OpeningBalance) -> None:
        """What this device charged to the course itself stays charged."""
        known = self._course(course_id)
        if known is None:
            return
        charged = known.charged
        if (
            opening.course_pulses < charged.pulses
            or opening.course_sessions < charged.sessions
            or opening.course_completed < known.completed
        ):
            raise Refused(StatusCode.REFUSED, "opening_below_course")

    def _course(self, course_id: bytes) -> Course | None:
        past = self._rooms.past
        courses = (*past.past_courses, *filter(None, (past.current_course,)))
        return next((course for course in courses if course.course_id == course_id), None)

    def _check_final_head(self, old_device_id: bytes, head_hash: bytes) -> None:
        """The old device's own word that nothing follows, by the key that its maker certified. A
        balance that rests on it stands on nothing else."""
        envelope = self._rooms.blobs.take(BlobKind.FINAL_HEAD)
        certificate = self._rooms.blobs.take(BlobKind.DEVICE_CERTIFICATE)
        with judging():
            judged = certificates.judge(
                certificate,
                purpose=Purpose.DEVICE,
                clinic_id=old_device_id,
                root=self._rooms.parts.identity.manufacturer,
                now_s=None,
            )
            head = sign1.verify(
                LedgerHead,
                envelope,
                audience=self._rooms.ownership.require_owner().clinic_id,
                key=certificates.key_of(judged),
            )
        named = sign1.name_of(envelope) == head_hash
        if not (named and head.retired and head.device_id == old_device_id):
            raise Refused(StatusCode.REFUSED, "not_the_final_head")
