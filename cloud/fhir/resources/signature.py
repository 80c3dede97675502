"""Provenance: the passkey's signature over a prescription, with the bytes that verify.

Whoever has the clinic's root can check it with the ServiceRequest's bytes and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from cloud.fhir.elements import (
    Element,
    Resource,
    extension,
    identifier,
    moment,
    packed,
    standard,
)
from cloud.fhir.mapping import Mapping
from cloud.fhir.resources.prescription import key_of as key_of_prescription
from cloud.fhir.source import Source
from shared.trust.statements import HASH_BYTES

_SIGNATURE = ("urn:iso-astm:E1762-95:2013", "1.2.840.10065.1.12.1.1", "Author's Signature")
_AUTHOR = (
    "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
    "author",
    "Author",
)
_CBOR = "application/cbor"


@dataclass(frozen=True)
class SignatureRecord:
    """The packed assertion over the prescription of this hash, and the certificate of the key that
    made it. ``signer`` is the certificate's subject."""

    prescription_hash: bytes
    assertion: bytes
    certificate: bytes
    key_id: bytes
    signer: str
    signed_ms: int


def _write(record: SignatureRecord, source: Source) -> Resource:
    who = {"identifier": identifier("key", record.key_id.hex()), "display": record.signer}
    key = key_of_prescription(record.prescription_hash)
    return {
        **source.head("Provenance", key),
        "extension": [extension("certificate", "Base64Binary", packed(record.certificate))],
        "target": [
            {
                **source.reference("ServiceRequest", key),
                "identifier": identifier("prescription-hash", record.prescription_hash.hex()),
            }
        ],
        "recorded": moment(record.signed_ms),
        "agent": [{"type": standard(*_AUTHOR), "who": who}],
        "signature": [
            {
                "type": standard(*_SIGNATURE)["coding"],
                "when": moment(record.signed_ms),
                "who": who,
                "targetFormat": _CBOR,
                "sigFormat": _CBOR,
                "data": packed(record.assertion),
            }
        ],
    }


def _read(element: Element) -> SignatureRecord:
    signature = element.first("signature")
    who = signature.child("who")
    return SignatureRecord(
        prescription_hash=element.first("target").identified("prescription-hash", HASH_BYTES),
        assertion=signature.data("data"),
        certificate=element.extension("certificate").data("valueBase64Binary"),
        key_id=bytes.fromhex(_hexadecimal(who.identifier("key"))),
        signer=who.text("display"),
        signed_ms=element.moment("recorded"),
    )


def _hexadecimal(text: str) -> str:
    return text if set(text) <= set("0123456789abcdef") and len(text) % 2 == 0 else ""


SIGNATURE = Mapping(
    "signatures",
    "Provenance",
    SignatureRecord,
    lambda record: key_of_prescription(record.prescription_hash),
    _write,
    _read,
)
