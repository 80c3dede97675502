"""A small clinic for tests: roots, certified keys, a prescriber with a passkey in software.

The passkey signs as an authenticator does; the bytes are those that WebAuthn defines.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from shared.dose import prescription as prescriptions
from shared.dose.prescription import (
    Limits,
    Part,
    Prescription,
    PrescriptionKind,
    Threshold,
    ThresholdKind,
)
from shared.stimulation.catalogue import catalogue
from shared.trust import certificates, challenge, sign1
from shared.trust.keys import SoftwareKey
from shared.trust.passkey import Assertion
from shared.trust.statements import (
    Assignment,
    Certificate,
    Clearance,
    Enrolment,
    Gate,
    HoldKind,
    HoldSource,
    PlaceHold,
    Purpose,
    Scope,
    TimeToken,
    Transfer,
)
from shared.wire import fields
from shared.wire.items import SignedPrescription

DESK_ORIGIN = "http://desk.localhost:8123"
DESK_RP = "desk.localhost"
NOW_S = 1_790_000_000
DAY_S = 86_400
FAR_S = NOW_S + 400 * DAY_S
DEVICE_ID = bytes(range(16))
PATIENT_ID = b"patient-16-bytes"
CLINIC_ID = b"demo-clinic"


@dataclass
class Clinic:
    """All keys of a clinic and its demo maker."""

    manufacturer: SoftwareKey = field(default_factory=SoftwareKey.generate)
    root: SoftwareKey = field(default_factory=SoftwareKey.generate)
    recovery: SoftwareKey = field(default_factory=SoftwareKey.generate)
    staff: SoftwareKey = field(default_factory=SoftwareKey.generate)
    app: SoftwareKey = field(default_factory=SoftwareKey.generate)
    request: SoftwareKey = field(default_factory=SoftwareKey.generate)
    demo: bool = True
    clinic_id: bytes = CLINIC_ID
    online: dict[Purpose, SoftwareKey] = field(
        default_factory=lambda: {
            purpose: SoftwareKey.generate()
            for purpose in (
                Purpose.ENROLMENT,
                Purpose.TIME,
                Purpose.CLEARANCE,
                Purpose.HOLD,
                Purpose.RECEIPT,
            )
        }
    )

    def certificate(self, purpose: Purpose) -> bytes:
        """Return the root's certificate of an online key."""
        key = self.online[purpose].public_key.data
        name = purpose.name.lower()
        return self.certify(Certificate(purpose, key, name, NOW_S - DAY_S, FAR_S))

    def certify(self, certificate: Certificate) -> bytes:
        """Return a certificate by the clinic's root."""
        return certificates.issue(certificate, clinic_id=self.clinic_id, root=self.root)

    def staff_certificate(self, **changes: Any) -> Certificate:
        """Return what the prescriber's certificate says."""
        plain = Certificate(
            Purpose.STAFF,
            self.staff.public_key.data,
            "Demo prescriber",
            NOW_S - DAY_S,
            FAR_S,
            (Scope.PRESCRIBE,),
            DESK_RP,
            DESK_ORIGIN,
            False,
            b"credential",
        )
        return replace(plain, **changes)

    def transfer(self, device_id: bytes = DEVICE_ID, *, number: int = 1) -> bytes:
        """Return the maker's transfer of a device to this clinic."""
        statement = Transfer(
            self.clinic_id,
            self.root.public_key.data,
            self.recovery.public_key.data,
            number,
            self.demo,
        )
        return sign1.sign(statement, audience=device_id, signer=self.manufacturer)

    def assignment(
        self, device_id: bytes = DEVICE_ID, *, patient_id: bytes = PATIENT_ID, number: int = 1
    ) -> bytes:
        """Return the clinic's word whose device it is."""
        return sign1.sign(
            Assignment(patient_id, "T.P.", number),
            audience=device_id,
            signer=self.online[Purpose.ENROLMENT],
        )

    def enrolment(self, **changes: Any) -> bytes:
        """Return the enrolment of the clinic's one app."""
        plain = Enrolment(
            self.app.public_key.data,
            self.request.public_key.data,
            PATIENT_ID,
            1,
            NOW_S - 60,
            FAR_S,
        )
        return sign1.sign(
            replace(plain, **changes), audience=DEVICE_ID, signer=self.online[Purpose.ENROLMENT]
        )

    def time_token(self, nonce: bytes, wall_ms: int) -> bytes:
        """Return a time token."""
        return sign1.sign(
            TimeToken(nonce, wall_ms), audience=DEVICE_ID, signer=self.online[Purpose.TIME]
        )

    def clearance(
        self, nonce: bytes, issued_s: int, *, serial: int = 0, hold: int = 0, revocation: int = 0
    ) -> bytes:
        """Return a clearance."""
        return sign1.sign(
            Clearance(nonce, issued_s, serial, hold, revocation),
            audience=DEVICE_ID,
            signer=self.online[Purpose.CLEARANCE],
        )

    def hold(self, number: int = 1, hold_id: bytes = b"h" * 16) -> bytes:
        """Return a safety hold by the cloud's key."""
        return sign1.sign(
            PlaceHold(hold_id, HoldKind.SAFETY, HoldSource.CLOUD, "clinician", number),
            audience=DEVICE_ID,
            signer=self.online[Purpose.HOLD],
        )

    def prescribe(
        self,
        prescription: Prescription,
        *,
        origin: str = DESK_ORIGIN,
        rp_id: str = DESK_RP,
        flags: int = 0x05,
        cross_origin: bool = False,
        signer: SoftwareKey | None = None,
        certificate: Certificate | None = None,
        root: SoftwareKey | None = None,
    ) -> bytes:
        """Return the packed prescription, signed as at the desk."""
        data = prescriptions.to_bytes(prescription)
        assertion = sign_as_passkey(
            signer or self.staff,
            (challenge.digest(challenge.PRESCRIPTION_TYPE, data),),
            origin=origin,
            rp_id=rp_id,
            flags=flags,
            cross_origin=cross_origin,
        )
        said = certificate or self.staff_certificate()
        certified = certificates.issue(said, clinic_id=self.clinic_id, root=root or self.root)
        return fields.pack(SignedPrescription(data, assertion, certified))


def sign_as_passkey(
    key: SoftwareKey,
    digests: tuple[bytes, ...],
    *,
    origin: str = DESK_ORIGIN,
    rp_id: str = DESK_RP,
    flags: int = 0x05,
    cross_origin: bool = False,
) -> Assertion:
    """Return the assertion that an authenticator with ``key`` would make."""
    asked = base64.urlsafe_b64encode(challenge.challenge(digests)).rstrip(b"=").decode()
    client_data = json.dumps(
        {
            "type": "webauthn.get",
            "challenge": asked,
            "origin": origin,
            "crossOrigin": cross_origin,
        },
        separators=(",", ":"),
    ).encode()
    data = hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + bytes(4)
    raw = key.sign(data + hashlib.sha256(client_data).digest())
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    return Assertion(data, client_data, der, digests, 0)


def itbs(**changes: Any) -> Prescription:
    """Return the catalogue's left iTBS as a prescription; ``changes`` by field."""
    entry = catalogue().entry("mdd-l-dlpfc-itbs")
    part = entry.parts[0]
    plain = Prescription(
        kind=PrescriptionKind.TREATMENT,
        clinic_id=CLINIC_ID,
        device_id=DEVICE_ID,
        patient_id=PATIENT_ID,
        initials="T.P.",
        serial=1,
        replaces_hash=None,
        new_course=True,
        course_id=b"c" * 16,
        protocol_id=entry.id,
        catalogue_version=catalogue().version,
        envelope_version=1,
        coil=entry.coil,
        parts=(Part(part.site, part.pattern, part.trains, part.interval_ms, 120),),
        threshold=Threshold(
            ThresholdKind.RMT,
            52,
            NOW_S - DAY_S,
            NOW_S + 28 * DAY_S,
            NOW_S + 42 * DAY_S,
            True,
            DEVICE_ID,
            entry.coil,
        ),
        limits=Limits(
            day_window_s=20 * 3600,
            sessions_per_day_window=1,
            pulses_per_day_window=600,
            sessions_per_week=5,
            pulses_per_week=3000,
            course_sessions=30,
            course_pulses=18_000,
            min_interval_s=14_400,
        ),
        gates=(Gate.SCREENING,),
        beat_limit_ms=3000,
        still_here_s=120,
        clearance_limit_s=7 * DAY_S,
        button_required=True,
        make_up_within_s=None,
        issued_s=NOW_S,
        install_by_s=NOW_S + 7 * DAY_S,
        not_before_s=NOW_S,
        not_after_s=NOW_S + 60 * DAY_S,
        table_exception=None,
    )
    return replace(plain, **changes)
