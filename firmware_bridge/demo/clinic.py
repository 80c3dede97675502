"""What a demonstration's clinic, its people and its phone sign, over the ids of one band.

Certificates are issued anew for each word, by the root's key: nothing is kept but the keys. The
passkey signs as an authenticator does; the bytes are those that WebAuthn defines.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from firmware_bridge.demo.keys import DAY_S, DemoKeys, Role
from firmware_bridge.timebase import Clock
from shared.dose import prescription as prescriptions
from shared.dose.prescription import Prescription
from shared.trust import certificates, challenge, sign1
from shared.trust.keys import SoftwareKey
from shared.trust.passkey import USER_PRESENT, USER_VERIFIED, Assertion
from shared.trust.staff_words import SignedWord, StaffWord
from shared.trust.statements import (
    Assignment,
    Certificate,
    Clearance,
    Enrolment,
    HoldKind,
    HoldSource,
    PlaceHold,
    Purpose,
    Receipt,
    Revocation,
    RevocationKind,
    Scope,
    TimeToken,
)
from shared.wire import fields
from shared.wire.items import SignedPrescription

DESK_RP = "desk.localhost"
DESK_ORIGIN = "http://desk.localhost"
INITIALS = "D.E."
CERTIFIED_FOR_S = 12 * DAY_S
"""A clearance key's certificate is for 14 days at most (R20)."""

_ROLES = {
    Purpose.ENROLMENT: Role.ENROLMENT,
    Purpose.TIME: Role.TIME,
    Purpose.CLEARANCE: Role.CLEARANCE,
    Purpose.HOLD: Role.HOLD,
    Purpose.RECEIPT: Role.RECEIPT,
}


class DemoClinic:
    """Signs for everybody of the clinic."""

    def __init__(self, keys: DemoKeys, clock: Clock) -> None:
        self.keys, self._clock = keys, clock

    @property
    def now_s(self) -> int:
        """The clinic's time in Unix seconds."""
        return self._clock.wall_ms() // 1000

    def by(self, role: Role, statement: sign1.Statement) -> bytes:
        """A statement to the band by one of the clinic's keys."""
        key = self.keys.private[role]
        return sign1.sign(statement, audience=self.keys.device_id, signer=key)

    def by_root(self, statement: sign1.Statement) -> bytes:
        """A statement by the root: it is to the clinic, not to one band."""
        root = self.keys.private[Role.ROOT]
        return sign1.sign(statement, audience=self.keys.clinic_id, signer=root)

    def by_staff(self, word: StaffWord) -> bytes:
        """A staff word with its passkey's assertion, as it travels."""
        data = fields.pack(word)
        certificate = self._certify(self.staff_certificate())
        return fields.pack(SignedWord(data, self.assert_by_passkey(word.TYPE, data), certificate))

    # Certificates

    def certificate(self, purpose: Purpose) -> bytes:
        """The root's certificate of one of the online keys."""
        key, now_s = self.keys.private[_ROLES[purpose]].public_key.data, self.now_s
        name = purpose.name.lower()
        return self._certify(
            Certificate(purpose, key, name, now_s - DAY_S, now_s + CERTIFIED_FOR_S)
        )

    def expired_certificate(self, purpose: Purpose) -> bytes:
        """One that ended yesterday."""
        key, now_s = self.keys.private[_ROLES[purpose]].public_key.data, self.now_s
        name = purpose.name.lower()
        return self._certify(Certificate(purpose, key, name, now_s - 3 * DAY_S, now_s - DAY_S))

    def staff_certificate(self) -> Certificate:
        """What the prescriber's certificate says."""
        return Certificate(
            Purpose.STAFF,
            self.keys.private[Role.STAFF].public_key.data,
            "Demo prescriber",
            self.now_s - DAY_S,
            self.now_s + CERTIFIED_FOR_S,
            (Scope.PRESCRIBE, Scope.LIFT_HOLD, Scope.SUPERVISE),
            DESK_RP,
            DESK_ORIGIN,
            False,
            b"demo",
        )

    def _certify(self, certificate: Certificate) -> bytes:
        root = self.keys.private[Role.ROOT]
        return certificates.issue(certificate, clinic_id=self.keys.clinic_id, root=root)

    # Set-up

    def assignment(self, number: int) -> bytes:
        """Whose band it is; each number is above the last one."""
        return self.by(Role.ENROLMENT, Assignment(self.keys.patient_id, INITIALS, number))

    def enrolment(self, number: int) -> bytes:
        """The phone's keys, for as long as the clinic's certificates."""
        app, request = self.keys.private[Role.APP], self.keys.private[Role.REQUEST]
        now_s = self.now_s
        return self.by(
            Role.ENROLMENT,
            Enrolment(
                app.public_key.data,
                request.public_key.data,
                self.keys.patient_id,
                number,
                now_s - DAY_S,
                now_s + CERTIFIED_FOR_S,
            ),
        )

    def prescribe(self, prescription: Prescription, *, origin: str = DESK_ORIGIN) -> bytes:
        """A prescription, signed as at the desk, as it travels."""
        data = prescriptions.to_bytes(prescription)
        assertion = self.assert_by_passkey(challenge.PRESCRIPTION_TYPE, data, origin=origin)
        certificate = self._certify(self.staff_certificate())
        return fields.pack(SignedPrescription(data, assertion, certificate))

    # Words that answer a nonce, or none

    def time(self, nonce: bytes) -> bytes:
        """What time it is."""
        return self.by(Role.TIME, TimeToken(nonce, self._clock.wall_ms()))

    def clearance(self, nonce: bytes, *, serial: int, hold: int = 0, revocation: int = 0) -> bytes:
        """No newer prescription, hold or revocation than these."""
        return self.by(Role.CLEARANCE, Clearance(nonce, self.now_s, serial, hold, revocation))

    def hold(self, hold_id: bytes, number: int, kind: HoldKind = HoldKind.SAFETY) -> bytes:
        """Stop treating, by the clinic."""
        hold = PlaceHold(hold_id, kind, HoldSource.CLOUD, "demonstration", number)
        return self.by(Role.HOLD, hold)

    def own_hold(self, hold_id: bytes, reason: str = "slip") -> bytes:
        """Stop treating, by the phone."""
        hold = PlaceHold(hold_id, HoldKind.SAFETY, HoldSource.APP, reason, 0)
        return self.by(Role.APP, hold)

    def receipt(self, epoch: bytes, number: int, chain_hash: bytes) -> bytes:
        """The clinic has the records up to this one."""
        return self.by(Role.RECEIPT, Receipt(epoch, number, chain_hash))

    def revocation(self, number: int, key: SoftwareKey) -> bytes:
        """A key's word counts no more."""
        at_s = self.now_s
        return self.by_root(
            Revocation(number, key.public_key.key_id, RevocationKind.COMPROMISED, at_s, at_s)
        )

    # The passkey

    def assert_by_passkey(
        self, statement_type: str, data: bytes, *, origin: str = DESK_ORIGIN
    ) -> Assertion:
        """What the prescriber's authenticator would answer at this origin."""
        digests = (challenge.digest(statement_type, data),)
        asked = base64.urlsafe_b64encode(challenge.challenge(digests)).rstrip(b"=").decode()
        said = {"type": "webauthn.get", "challenge": asked, "origin": origin, "crossOrigin": False}
        client_data = json.dumps(said, separators=(",", ":")).encode()
        flags = bytes([USER_PRESENT | USER_VERIFIED])
        authenticator = hashlib.sha256(DESK_RP.encode()).digest() + flags + bytes(4)
        made = self.keys.private[Role.STAFF].sign(
            authenticator + hashlib.sha256(client_data).digest()
        )
        r, s = int.from_bytes(made[:32], "big"), int.from_bytes(made[32:], "big")
        return Assertion(authenticator, client_data, encode_dss_signature(r, s), digests, 0)


def tampered(assertion: Assertion) -> Assertion:
    """The same assertion with another signature."""
    last = assertion.signature[-1] ^ 1
    return replace(assertion, signature=assertion.signature[:-1] + bytes([last]))
