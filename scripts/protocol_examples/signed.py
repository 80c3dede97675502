"""Examples of what clinic and staff sign: a certificate, a prescription, a hold and its lift."""

from __future__ import annotations

from scripts.protocol_examples.annotated import Inside, Signed, envelope
from scripts.protocol_examples.cast import (
    CLINIC_ID,
    DEVICE_ID,
    HOLD_ID,
    HOLD_KEY,
    ROOT,
    STAFF,
    certified,
    staff_certificate,
)
from scripts.protocol_examples.page import Value, block, cbor, plain, request
from shared.dose import prescription as prescriptions
from shared.dose.prescription import Prescription
from shared.trust import certificates, challenge, sign1
from shared.trust.staff_words import LiftHold, LiftLine, SignedWord
from shared.trust.statements import Certificate, HoldKind, HoldSource, PlaceHold, Purpose
from shared.wire import fields
from shared.wire.items import SignedPrescription
from shared.wire.operations import Operation, Request, StatementArguments
from tests.shared.clinic import itbs, sign_as_passkey


def certificate() -> str:
    """The prescriber's certificate by the clinic's root."""
    issued = certificates.issue(staff_certificate(), clinic_id=CLINIC_ID, root=ROOT)
    return block(
        "certificate",
        plain("clinic-root", ROOT.public_key.data, "of the TEST KEY `clinic root`"),
        cbor("certificate", issued, envelope(Certificate), f"{len(issued)} bytes"),
    )


def prescription() -> str:
    """A prescription, the challenge made of it, and what the passkey made of that."""
    data = prescriptions.to_bytes(itbs())
    digest = challenge.digest(challenge.PRESCRIPTION_TYPE, data)
    assertion = sign_as_passkey(STAFF, (digest,))
    issued = certificates.issue(staff_certificate(), clinic_id=CLINIC_ID, root=ROOT)
    blob = fields.pack(SignedPrescription(data, assertion, issued))
    return block(
        "prescription",
        cbor("prescription", data, Prescription, f"{len(data)} bytes, which are signed"),
        plain("name", prescriptions.hash_of(data), "SHA-256 of them: their name in records"),
        plain("digest", digest, "SHA-256(circlet/prescription/v1, them)"),
        plain("challenge", challenge.challenge((digest,)), "SHA-256(circlet/list/v1, [digest])"),
        plain("client-data", assertion.client_data, assertion.client_data[:36].decode() + " ..."),
        plain("authenticator-data", assertion.authenticator_data, "RP id's hash, flags, counter"),
        plain("signature", assertion.signature, "DER, over the two above"),
        cbor(
            "blob",
            blob,
            SignedPrescription,
            f"{len(blob)} bytes: the blob PRESCRIPTION",
            {"certificate": Signed(Certificate)},
        ),
    )


def hold() -> str:
    """A hold by the clinic's key, and the word that lifts it."""
    placed = sign1.sign(
        PlaceHold(HOLD_ID, HoldKind.SAFETY, HoldSource.CLOUD, "clinician", 1),
        audience=DEVICE_ID,
        signer=HOLD_KEY,
    )
    given = StatementArguments(placed, certified(HOLD_KEY, Purpose.HOLD))
    return block(
        "hold",
        request(
            "request",
            Request(20, Operation.PLACE_HOLD, given),
            {"statement": Signed(PlaceHold), "certificate": Signed(Certificate)},
        ),
        *_lifted(),
    )


def _lifted() -> list[Value]:
    word = fields.pack(LiftHold(DEVICE_ID, (LiftLine(HOLD_ID, bytes(range(32))),)))
    digest = challenge.digest(LiftHold.TYPE, word)
    issued = certificates.issue(staff_certificate(), clinic_id=CLINIC_ID, root=ROOT)
    blob = fields.pack(SignedWord(word, sign_as_passkey(STAFF, (digest,)), issued))
    return [
        plain("lift-digest", digest, "SHA-256(circlet/lift-hold/v1, the word)"),
        cbor(
            "lift",
            blob,
            SignedWord,
            f"{len(blob)} bytes: the blob STAFF_WORD",
            {"statement": Inside(LiftHold), "certificate": Signed(Certificate)},
        ),
    ]
