"""The clinic, its maker and its cloud: every key, every statement, honest or not.

Numbers rise as a real clinic's would. What a lying cloud would say is asked for by name.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace
from typing import Any

from shared.dose import prescription as prescriptions
from shared.dose.prescription import Prescription
from shared.stimulation.catalogue import catalogue
from shared.stimulation.recalled import closed_digest
from shared.trust import certificates, challenge, sign1
from shared.trust.staff_words import SignedWord, StaffWord
from shared.trust.statements import (
    Assignment,
    CatalogueAcceptance,
    Certificate,
    Clearance,
    ConfirmHold,
    Enrolment,
    HoldKind,
    HoldSource,
    LedgerHead,
    PlaceHold,
    Purpose,
    Receipt,
    Revocation,
    RevocationKind,
    RootRotation,
    Scope,
    TimeToken,
    Transfer,
)
from shared.wire import fields
from shared.wire.items import SignedPrescription
from tests.campaign.schedules.keys import FixedKey, fixed_key
from tests.shared.clinic import DAY_S, DESK_ORIGIN, DESK_RP, NOW_S, sign_as_passkey

FAR_S = NOW_S + 800 * DAY_S
MAKER, DEVICE, OLD_DEVICE, STRANGER = (fixed_key(number) for number in range(1, 5))
APPS = tuple(fixed_key(number) for number in range(10, 16))
STAFF = tuple(fixed_key(number) for number in range(20, 23))
"""Two prescribers who may do everything, and a nurse who may lift and supervise."""

_SCOPES = (
    (Scope.PRESCRIBE, Scope.LIFT_HOLD, Scope.SUPERVISE),
    (Scope.PRESCRIBE, Scope.LIFT_HOLD, Scope.SUPERVISE),
    (Scope.LIFT_HOLD, Scope.SUPERVISE),
)
_ONLINE = (Purpose.ENROLMENT, Purpose.TIME, Purpose.CLEARANCE, Purpose.HOLD, Purpose.RECEIPT)
DEVICE_ID = bytes(range(16))
OLD_DEVICE_ID = b"old-device-16-by"
CLINIC_IDS = (b"demo-clinic", b"other-clinic")
PATIENTS = (b"patient-16-bytes", b"second-patient-1")


@dataclass
class Clinic:
    """One clinic; ``index`` tells the first from the one that gets the device later."""

    index: int = 0
    root: FixedKey = field(init=False)
    recovery: FixedKey = field(init=False)
    online: dict[Purpose, FixedKey] = field(init=False)
    serial: int = 0
    holds: int = 0
    revocations: int = 0
    assignments: int = 0
    enrolments: int = 0
    rotations: int = 0
    transfers: int = 0

    def __post_init__(self) -> None:
        base = 100 + 40 * self.index
        self.root, self.recovery = fixed_key(base), fixed_key(base + 1)
        self.online = {
            purpose: fixed_key(base + 10 + place) for place, purpose in enumerate(_ONLINE)
        }

    @property
    def id(self) -> bytes:
        """The clinic's short name."""
        return CLINIC_IDS[self.index]

    def next(self, what: str) -> int:
        """Count up one of the clinic's numbers."""
        number: int = getattr(self, what) + 1
        setattr(self, what, number)
        return number

    # Certificates

    def certificate(self, purpose: Purpose) -> bytes:
        """Return the root's certificate of an online key."""
        key = self.online[purpose].public_key.data
        name = purpose.name.lower()
        return _certified(Certificate(purpose, key, name, NOW_S - DAY_S, FAR_S), self.id, self.root)

    def staff_certificate(self, staff: int) -> bytes:
        """Return a staff key's certificate."""
        return _certified(_staff(staff), self.id, self.root)

    # The device and its apps

    def transfer(self, device_id: bytes = DEVICE_ID) -> bytes:
        """Return the maker's transfer of the device to this clinic."""
        statement = Transfer(
            self.id,
            self.root.public_key.data,
            self.recovery.public_key.data,
            self.next("transfers"),
            True,
        )
        return sign1.sign(statement, audience=device_id, signer=MAKER)

    def assignment(self, patient_id: bytes) -> bytes:
        """Return the clinic's word whose device it is."""
        number = self.next("assignments")
        initials = "T.P." if patient_id == PATIENTS[0] else "S.P."
        return self._online(Purpose.ENROLMENT, Assignment(patient_id, initials, number))

    def enrolment(self, app: FixedKey, patient_id: bytes, **changes: Any) -> bytes:
        """Return the enrolment of an app."""
        request = fixed_key(30).public_key.data
        number = self.next("enrolments")
        plain = Enrolment(app.public_key.data, request, patient_id, number, NOW_S - 60, FAR_S)
        return self._online(Purpose.ENROLMENT, replace(plain, **changes))

    # What the servers say

    def _online(self, purpose: Purpose, statement: Any) -> bytes:
        return sign1.sign(statement, audience=DEVICE_ID, signer=self.online[purpose])

    def time_token(self, nonce: bytes, wall_ms: int) -> bytes:
        """Return a time token."""
        return self._online(Purpose.TIME, TimeToken(nonce, wall_ms))

    def clearance(self, nonce: bytes, issued_s: int, **lies: int) -> bytes:
        """Return a clearance; a lying cloud says smaller numbers."""
        numbers = {"serial": self.serial, "hold": self.holds, "revocation": self.revocations} | lies
        return self._online(Purpose.CLEARANCE, Clearance(nonce, issued_s, *numbers.values()))

    def hold(self, hold_id: bytes, kind: HoldKind, reason: str) -> bytes:
        """Return a hold by the cloud's key."""
        number = self.next("holds")
        return self._online(
            Purpose.HOLD, PlaceHold(hold_id, kind, HoldSource.CLOUD, reason, number)
        )

    def confirm_hold(self, hold_id: bytes) -> bytes:
        """Return the word that a rest hold stays."""
        return self._online(Purpose.HOLD, ConfirmHold(hold_id))

    def receipt(self, epoch: bytes, number: int, record_hash: bytes) -> bytes:
        """Return a receipt for the record so far."""
        return self._online(Purpose.RECEIPT, Receipt(epoch, number, record_hash))

    # What the root says

    def revocation(self, staff: int, kind: RevocationKind, at_s: int, until_s: int) -> bytes:
        """Return the word that a staff key counts no more."""
        key_id = STAFF[staff].public_key.key_id
        said = Revocation(self.next("revocations"), key_id, kind, at_s, until_s)
        return sign1.sign(said, audience=self.id, signer=self.root)

    def rotation(self, *, by_recovery: bool) -> bytes:
        """Return the word that the root is another key from now on."""
        number = self.next("rotations")
        root = fixed_key(120 + 40 * self.index + number)
        said = RootRotation(number, root.public_key.data, self.recovery.public_key.data)
        signer = self.recovery if by_recovery else self.root
        return sign1.sign(said, audience=self.id, signer=signer)

    def rotated(self) -> None:
        """Go by the newest root."""
        self.root = fixed_key(120 + 40 * self.index + self.rotations)

    def acceptance(self) -> bytes:
        """Return the acceptance of the catalogue."""
        own = catalogue()
        said = CatalogueAcceptance(own.version, own.digest, closed_digest(), NOW_S)
        return sign1.sign(said, audience=self.id, signer=self.root)

    # What staff say

    def prescribe(self, prescription: Prescription, staff: int = 0) -> bytes:
        """Return the packed prescription, signed as at the desk."""
        return _prescribed(
            prescriptions.to_bytes(prescription), staff, self.staff_certificate(staff)
        )

    def staff_word(self, word: StaffWord, staff: int = 0) -> bytes:
        """Return a staff word, signed as at the desk."""
        data = fields.pack(word)
        assertion = sign_as_passkey(STAFF[staff], (challenge.digest(word.TYPE, data),))
        return fields.pack(SignedWord(data, assertion, self.staff_certificate(staff)))


def old_device_certificate() -> bytes:
    """Return the maker's certificate of the device that the course comes from."""
    key = OLD_DEVICE.public_key.data
    certificate = Certificate(Purpose.DEVICE, key, "Old band", NOW_S - DAY_S, FAR_S)
    return certificates.issue(certificate, clinic_id=OLD_DEVICE_ID, root=MAKER)


def final_head(clinic_id: bytes, *, retired: bool) -> bytes:
    """Return a head of that device over its record; its last word if it is retired."""
    head = LedgerHead(OLD_DEVICE_ID, bytes(16), 90, bytes(32), bytes(16), 3, 1_000, retired)
    return sign1.sign(head, audience=clinic_id, signer=OLD_DEVICE)


@functools.cache
def _staff(staff: int) -> Certificate:
    return Certificate(
        Purpose.STAFF,
        STAFF[staff].public_key.data,
        f"Staff {staff}",
        NOW_S - DAY_S,
        FAR_S,
        _SCOPES[staff],
        DESK_RP,
        DESK_ORIGIN,
        False,
        b"credential",
    )


@functools.lru_cache(maxsize=64)
def _certified(certificate: Certificate, clinic_id: bytes, root: FixedKey) -> bytes:
    return certificates.issue(certificate, clinic_id=clinic_id, root=root)


@functools.lru_cache(maxsize=512)
def _prescribed(data: bytes, staff: int, certificate: bytes) -> bytes:
    digest = challenge.digest(challenge.PRESCRIPTION_TYPE, data)
    assertion = sign_as_passkey(STAFF[staff], (digest,))
    return fields.pack(SignedPrescription(data, assertion, certificate))
