"""Certificates: a root's word for one key with one purpose, and how it is judged."""

from __future__ import annotations

from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, Signer
from shared.trust.statements import Certificate, Purpose, Scope


def issue(certificate: Certificate, *, clinic_id: bytes, root: Signer) -> bytes:
    """Return the certificate's COSE_Sign1 by ``root``, for the audience ``clinic_id``."""
    return sign1.sign(certificate, audience=clinic_id, signer=root)


def judge(
    envelope: bytes, *, purpose: Purpose, clinic_id: bytes, root: PublicKey, now_s: int | None
) -> Certificate:
    """Return the certificate that holds for ``purpose`` at ``now_s``, else raise TrustError.

    ``now_s`` is None only where no clock is trusted yet: for the time key's own certificate.
    """
    certificate = sign1.verify(Certificate, envelope, audience=clinic_id, key=root)
    if certificate.purpose is not purpose:
        raise TrustError("purpose", f"the key is for {certificate.purpose.name}")
    if now_s is None:
        return certificate
    if now_s < certificate.not_before_s:
        raise TrustError("not_yet", "the certificate is not valid yet")
    if now_s > certificate.not_after_s:
        raise TrustError("expired", "the certificate has expired")
    return certificate


def key_of(certificate: Certificate) -> PublicKey:
    """Return the certified key."""
    return PublicKey(certificate.public_key)


def require_scope(certificate: Certificate, scope: Scope) -> None:
    """Raise TrustError unless the staff key has ``scope``."""
    if scope not in certificate.scopes:
        raise TrustError("scope", f"the key may not {scope.name.lower()}")
