"""The clinic's word on a document for its phones: clinic cards and text packs.

The document travels beside a COSE_Sign1 over its digest, since it may be longer than a statement
may. The enrolment key signs: it's the one by which the clinic tells phones what belongs to them
(docs/adr/0028-the-enrolment-key-signs-the-clinics-card.md).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeVar

from shared.care.card import ClinicCard
from shared.trust import certificates, sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, Signer
from shared.trust.statements import HASH_BYTES, Purpose
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.fields import wire

DOCUMENT_BYTES_MAX = 64_000


@dataclass(frozen=True)
class ClinicCardSeal:
    """This clinic card, by its digest, is the clinic's. Audience: the clinic."""

    TYPE: ClassVar[str] = "circlet/clinic-card/v1"

    serial: int = wire(1, maximum=2**31)
    digest: bytes = wire(2, length=HASH_BYTES)


@dataclass(frozen=True)
class TextPackSeal:
    """This text pack, by its digest, may be shown to the clinic's patients. Audience: the clinic.

    A pack's serial rises by its name: an instrument's id in a language.
    """

    TYPE: ClassVar[str] = "circlet/text-pack/v1"

    serial: int = wire(1, maximum=2**31)
    digest: bytes = wire(2, length=HASH_BYTES)


class Seal(Protocol):
    """A statement over a document's digest."""

    TYPE: ClassVar[str]
    serial: int
    digest: bytes


S = TypeVar("S", ClinicCardSeal, TextPackSeal)


@dataclass(frozen=True)
class SignedDocument:
    """A document, the COSE_Sign1 over its digest, and the certificate of the key that signed."""

    document: bytes = wire(1, minimum=1, maximum=DOCUMENT_BYTES_MAX)
    seal: bytes = wire(2, minimum=1, maximum=700)
    certificate: bytes = wire(3, minimum=1, maximum=700)


def sign(
    kind: type[S],
    document: bytes,
    *,
    serial: int,
    clinic_id: bytes,
    signer: Signer,
    certificate: bytes,
) -> SignedDocument:
    """Return the document signed; ``certificate`` is the signer's, for enrolment."""
    statement = kind(serial, hashlib.sha256(document).digest())
    envelope = sign1.sign(statement, audience=clinic_id, signer=signer)
    return SignedDocument(document, envelope, certificate)


def judge(
    kind: type[S], signed: SignedDocument, *, clinic_id: bytes, root: PublicKey, now_s: int
) -> S:
    """Return the seal; raise TrustError unless a key of this clinic's stands for the document."""
    certificate = certificates.judge(
        signed.certificate,
        purpose=Purpose.ENROLMENT,
        clinic_id=clinic_id,
        root=root,
        now_s=now_s,
    )
    key = certificates.key_of(certificate)
    seal = sign1.verify(kind, signed.seal, audience=clinic_id, key=key)
    if seal.digest != hashlib.sha256(signed.document).digest():
        raise TrustError("digest", "the seal is over another document")
    return seal


def sign_card(
    card: ClinicCard, *, clinic_id: bytes, signer: Signer, certificate: bytes
) -> SignedDocument:
    """Return the card signed."""
    return sign(
        ClinicCardSeal,
        fields.pack(card),
        serial=card.serial,
        clinic_id=clinic_id,
        signer=signer,
        certificate=certificate,
    )


def judge_card(
    signed: SignedDocument, *, clinic_id: bytes, root: PublicKey, now_s: int
) -> ClinicCard:
    """Return the card; raise TrustError where it isn't the clinic's, WireError for its limits."""
    seal = judge(ClinicCardSeal, signed, clinic_id=clinic_id, root=root, now_s=now_s)
    card = fields.unpack(ClinicCard, signed.document)
    if card.serial != seal.serial:
        raise WireError("serial", f"is {card.serial}, signed as {seal.serial}")
    return card
