"""Two clinicians at one patient's prescription: the second is shown the first's change."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from cloud.clinics.models import Clinic, StoredCertificate
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import newest_signed
from shared.trust import sign1
from shared.trust.keys import PublicKey
from shared.trust.statements import Certificate


@dataclass(frozen=True)
class Overtaking:
    """What was signed since a form was opened: which version, by whom, when."""

    serial: int
    signer: str
    signed_ms: int


def overtaking(
    session: Session, clinic_id: str, patient_id: bytes, drafted_serial: str
) -> Overtaking | None:
    """Return the newest signed version, unless the form was made upon it; None where it was.

    ``drafted_serial`` is what the form says that its own version would be.
    """
    newest = newest_signed(session, clinic_id, patient_id)
    if newest is None or newest.signed_ms is None or drafted_serial == str(newest.serial + 1):
        return None
    return Overtaking(newest.serial, signer_of(session, newest), newest.signed_ms)


def signer_of(session: Session, stored: StoredPrescription) -> str:
    """Return the name that the clinic's root certified for who signed; empty for a draft."""
    if stored.staff_key_id is None:
        return ""
    certificate = session.get_one(StoredCertificate, (stored.clinic_id, stored.staff_key_id))
    root = PublicKey(session.get_one(Clinic, stored.clinic_id).root_key)
    audience = stored.clinic_id.encode()
    return sign1.verify(Certificate, certificate.envelope, audience=audience, key=root).subject
