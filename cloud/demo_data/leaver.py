"""A prescriber leaves: their account is closed, and the root takes their key's word back (R18)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cloud.clinics.revocations import add_revocation
from cloud.clinics.service import clinic_of
from cloud.demo_data.place import Place
from cloud.people.models import Member
from cloud.people.staff import has_left
from shared.trust import sign1
from shared.trust.statements import Revocation, RevocationKind

DAYS_BEFORE = 5
"""So many days before the data ends."""
STANDS_S = 25 * 86_400
"""So long what they signed stands from then on."""


def leave(session: Session, place: Place, *, now_ms: int) -> None:
    """Let the last of the prescribers leave."""
    leaver, administrator = place.prescribers[-1], place.prescribers[0]
    member = session.get_one(Member, (place.clinic_id, leaver.staff_id))
    has_left(session, member, by=administrator.staff_id, now_ms=now_ms)
    now_s = now_ms // 1000
    key_id = leaver.passkey.key.public_key.key_id
    statement = Revocation(1, key_id, RevocationKind.LEFT, now_s, now_s + STANDS_S)
    identity = place.identity
    envelope = sign1.sign(statement, audience=identity.clinic.audience, signer=identity.root)
    clinic = clinic_of(session, place.clinic_id)
    add_revocation(session, clinic, envelope, now_ms=now_ms)
