"""A clinician's assertion, checked as a microcontroller can.

WebAuthn Level 2, section 5.8.1.2, the limited verification algorithm: clientDataJSON is compared
with an exact prefix (type, challenge, origin, crossOrigin) and otherwise ignored; no JSON parser.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from shared.trust import challenge as challenges
from shared.trust.certificates import key_of, require_scope
from shared.trust.errors import TrustError
from shared.trust.keys import raw_signature
from shared.trust.statements import Certificate, Scope
from shared.wire.fields import wire

USER_PRESENT, USER_VERIFIED, BACKUP_ELIGIBLE = 0x01, 0x04, 0x08
MAXIMUM_CLIENT_DATA_BYTES = 512


@dataclass(frozen=True)
class Assertion:
    """One assertion over a list of statements, and which of the list is meant here."""

    authenticator_data: bytes = wire(1, minimum=37, maximum=256)
    client_data: bytes = wire(2, minimum=1, maximum=MAXIMUM_CLIENT_DATA_BYTES)
    signature: bytes = wire(3, minimum=8, maximum=80)
    digests: tuple[bytes, ...] = wire(4, minimum=1, maximum=challenges.MAXIMUM_STATEMENTS)
    index: int = wire(5, maximum=challenges.MAXIMUM_STATEMENTS - 1, default=0)


def verify(
    statement_type: str, data: bytes, assertion: Assertion, certificate: Certificate, scope: Scope
) -> None:
    """Raise TrustError unless this staff key with ``scope`` signed exactly ``data``."""
    require_scope(certificate, scope)
    _check_list(statement_type, data, assertion)
    _check_client_data(assertion, certificate)
    _check_authenticator(assertion.authenticator_data, certificate)
    signed = assertion.authenticator_data + hashlib.sha256(assertion.client_data).digest()
    key_of(certificate).verify(raw_signature(assertion.signature), signed)


def _check_list(statement_type: str, data: bytes, assertion: Assertion) -> None:
    if assertion.index >= len(assertion.digests):
        raise TrustError("list", "the assertion's index is outside its list")
    if assertion.digests[assertion.index] != challenges.digest(statement_type, data):
        raise TrustError("bytes", "the assertion is over other bytes")


def _check_client_data(assertion: Assertion, certificate: Certificate) -> None:
    asked = base64.urlsafe_b64encode(challenges.challenge(assertion.digests)).rstrip(b"=")
    opening = b'{"type":"webauthn.get","challenge":"'
    if not assertion.client_data.startswith(opening):
        raise TrustError("type", "the assertion is not one of signing")
    rest = assertion.client_data[len(opening) :]
    if not rest.startswith(asked + b'"'):
        raise TrustError("challenge", "the assertion answers another challenge")
    rest = rest[len(asked) + 1 :]
    if not certificate.origin:
        raise TrustError("origin", "the certificate names no origin")
    made_at = b',"origin":"' + certificate.origin.encode() + b'"'
    if not rest.startswith(made_at):
        raise TrustError("origin", "the assertion was made at another origin")
    rest = rest[len(made_at) :]
    if not (rest.startswith((b',"crossOrigin":false,', b',"crossOrigin":false}'))):
        raise TrustError("cross_origin", "the assertion was made inside another page")


def _check_authenticator(data: bytes, certificate: Certificate) -> None:
    rp_id = certificate.rp_id
    if not rp_id or data[:32] != hashlib.sha256(rp_id.encode()).digest():
        raise TrustError("rp_id", "the assertion is for another site")
    flags = data[32]
    if not flags & USER_PRESENT or not flags & USER_VERIFIED:
        raise TrustError("user", "nobody was verified at the authenticator")
    if bool(flags & BACKUP_ELIGIBLE) is not bool(certificate.backup_eligible):
        raise TrustError("backup", "the authenticator's backup flag is not the certified one")
