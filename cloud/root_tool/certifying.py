"""Issues certificates by the clinic's root: for a staff passkey, for a server's key, anew."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cloud.root_tool.errors import RootToolError
from cloud.root_tool.request import CertificateRequest
from shared.stimulation.limits import absolute_limits
from shared.trust import certificates, sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, Signer
from shared.trust.statements import Certificate, Purpose, Scope
from shared.wire.errors import WireError

DAY_S = 86_400
MAXIMUM_DAYS = 1100
SERVER_PURPOSES = (
    Purpose.ENROLMENT,
    Purpose.TIME,
    Purpose.CLEARANCE,
    Purpose.HOLD,
    Purpose.RECEIPT,
    Purpose.VAULT,
    Purpose.CARE,
    Purpose.AUDIT,
)


@dataclass(frozen=True)
class Clinic:
    """On whose behalf, and at which signing desk its people sign."""

    clinic_id: str
    desk_rp_id: str
    desk_origin: str

    @property
    def audience(self) -> bytes:
        """The clinic's id as statements name it."""
        return self.clinic_id.encode()


@dataclass(frozen=True)
class Validity:
    """From when, and for how many days."""

    from_s: int
    days: int

    def __post_init__(self) -> None:
        if not 1 <= self.days <= MAXIMUM_DAYS:
            raise RootToolError("days", f"a certificate is for 1 to {MAXIMUM_DAYS} days")

    @property
    def until_s(self) -> int:
        """The last second."""
        return self.from_s + self.days * DAY_S


def certify_staff(
    request: CertificateRequest,
    *,
    compared: str,
    scopes: tuple[Scope, ...],
    clinic: Clinic,
    root: Signer,
    validity: Validity,
) -> bytes:
    """Return a staff key's certificate; refuse unless ``compared`` is the key's fingerprint."""
    _check_fingerprint(request.key, compared)
    _check_desk(request, clinic)
    certificate = Certificate(
        purpose=Purpose.STAFF,
        public_key=request.public_key,
        subject=request.subject,
        not_before_s=validity.from_s,
        not_after_s=validity.until_s,
        scopes=tuple(sorted(set(scopes))),
        rp_id=request.rp_id,
        origin=request.origin,
        backup_eligible=request.backup_eligible,
        credential_id=request.credential_id,
    )
    return _issue(certificate, clinic, root)


def check_term(purpose: Purpose, validity: Validity, *, demo: bool) -> None:
    """A clearance key that lies hides a hold as long as its certificate lasts: outside a
    demonstration that is no longer than the longest clearance limit (R20)."""
    longest = absolute_limits().caps["clearance_days_max"]
    if purpose is Purpose.CLEARANCE and validity.days > longest and not demo:
        raise RootToolError(
            "days", f"a clearance key is certified for at most {longest} days; renew it weekly"
        )


def certify_server(
    key: PublicKey,
    *,
    purpose: Purpose,
    subject: str,
    clinic: Clinic,
    root: Signer,
    validity: Validity,
) -> bytes:
    """Return the certificate of a key that a server holds, for one purpose."""
    if purpose not in SERVER_PURPOSES:
        raise RootToolError("purpose", f"a server's key is not for {purpose.name.lower()}")
    certificate = Certificate(
        purpose=purpose,
        public_key=key.data,
        subject=subject,
        not_before_s=validity.from_s,
        not_after_s=validity.until_s,
    )
    return _issue(certificate, clinic, root)


def renew(
    certificate: Certificate, *, compared: str, clinic: Clinic, root: Signer, validity: Validity
) -> bytes:
    """Return the same key's certificate with new validity; the fingerprint is compared again."""
    _check_fingerprint(certificates.key_of(certificate), compared)
    renewed = replace(certificate, not_before_s=validity.from_s, not_after_s=validity.until_s)
    return _issue(renewed, clinic, root)


def certify_again(certificate: Certificate, *, clinic: Clinic, root: Signer) -> bytes:
    """Return a certificate with all that it said, by another root (R25)."""
    return _issue(certificate, clinic, root)


def read_own(name: str, envelope: bytes, *, clinic: Clinic, root: PublicKey) -> Certificate:
    """Return what the clinic's own certificate says, expired or not; ``name`` is for the error."""
    try:
        return sign1.verify(Certificate, envelope, audience=clinic.audience, key=root)
    except TrustError as problem:
        raise RootToolError("certificate", f"{name}: {problem}") from problem


def _issue(certificate: Certificate, clinic: Clinic, root: Signer) -> bytes:
    try:
        return certificates.issue(certificate, clinic_id=clinic.audience, root=root)
    except WireError as problem:
        raise RootToolError("certificate", str(problem)) from problem


def _check_fingerprint(key: PublicKey, compared: str) -> None:
    if "".join(compared.split()).lower() != key.fingerprint.replace(" ", ""):
        raise RootToolError(
            "fingerprint",
            f"the request's fingerprint is {key.fingerprint}, not the one you were told: "
            "do not certify this key",
        )


def _check_desk(request: CertificateRequest, clinic: Clinic) -> None:
    if (request.rp_id, request.origin) != (clinic.desk_rp_id, clinic.desk_origin):
        raise RootToolError(
            "desk",
            f"the key was made at {request.origin} ({request.rp_id}), "
            f"but the clinic's signing desk is {clinic.desk_origin} ({clinic.desk_rp_id})",
        )
