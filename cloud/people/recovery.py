"""Recovery of a member who has lost every passkey: two administrators, neither of them the member.

The first asks, the second confirms; then the old passkeys are gone and one invitation is made.
"""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from cloud.clinics.service import locked_clinic
from cloud.errors import NotFound, Refused
from cloud.people.models import Member, Recovery, SignInKey
from cloud.people.service import invite
from cloud.people.staff import end_sign_ins, void_invitations

RECOVERY_MS = 24 * 3_600_000
"""So long the second administrator has to confirm."""


def ask(session: Session, member: Member, *, by: bytes, now_ms: int) -> Recovery:
    """Note that an administrator asks for a member's recovery; asked anew, it begins anew."""
    _not_oneself(member, by)
    asked = Recovery(
        clinic_id=member.clinic_id, staff_id=member.staff_id, asked_by=by, asked_ms=now_ms
    )
    merged = session.merge(asked)
    session.flush()
    return merged


def confirm(session: Session, member: Member, *, by: bytes, now_ms: int) -> str:
    """Confirm as another administrator: passkeys are removed, the invitation's token returned."""
    locked_clinic(session, member.clinic_id)
    key = (member.clinic_id, member.staff_id)
    member = session.get_one(Member, key, populate_existing=True)
    _not_oneself(member, by)
    found = open_recovery(session, member, now_ms=now_ms)
    if found is None:
        raise NotFound("No recovery of this member waits.")
    if found.asked_by == by:
        raise Refused("Another administrator confirms what you asked for.", code="same")
    session.delete(found)
    session.execute(
        delete(SignInKey).where(
            SignInKey.clinic_id == member.clinic_id, SignInKey.staff_id == member.staff_id
        )
    )
    end_sign_ins(session, member)
    void_invitations(session, member, now_ms=now_ms)
    return invite(session, member, now_ms=now_ms)


def open_recovery(session: Session, member: Member, *, now_ms: int) -> Recovery | None:
    """Return the member's recovery that waits to be confirmed."""
    found = session.get(Recovery, (member.clinic_id, member.staff_id))
    return found if found is not None and now_ms <= found.asked_ms + RECOVERY_MS else None


def _not_oneself(member: Member, by: bytes) -> None:
    if member.staff_id == by:
        raise Refused("Two other administrators recover your account.", code="self")
    if member.left_ms is not None:
        raise Refused("This account is closed.", code="left")
