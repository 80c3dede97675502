"""Recovery of a member who has lost every passkey: two administrators, neither of them the member.

The first asks, which is an alert of the clinic. The second confirms; then the old passkeys are gone
and one invitation is made.
"""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from cloud.clinics.models import Clinic
from cloud.clinics.service import locked_clinic
from cloud.errors import NotFound, Refused
from cloud.people.authority import Role
from cloud.people.models import Member, Recovery, RoleHeld, SignInKey
from cloud.people.service import invite, is_here
from cloud.people.staff import end_sign_ins, void_invitations
from cloud.people.watched import recovery_asked

RECOVERY_MS = 24 * 3_600_000
"""So long the second administrator has to confirm."""
SETTLING_MS = 24 * 3_600_000
"""So long before the asking both were administrators, or since the clinic was made (own choice):
one alone who invites a second account waits a day, in which the others see the alert of it."""


def ask(session: Session, member: Member, *, by: bytes, now_ms: int) -> Recovery:
    """Note that an administrator asks for a member's recovery; asked anew, it begins anew."""
    _not_oneself(member, by)
    recovery_asked(session, member, now_ms=now_ms)
    asked = Recovery(
        clinic_id=member.clinic_id, staff_id=member.staff_id, asked_by=by, asked_ms=now_ms
    )
    merged = session.merge(asked)
    session.flush()
    return merged


def confirm(session: Session, member: Member, *, by: bytes, now_ms: int) -> str:
    """Confirm as another administrator: passkeys are removed, the invitation's token returned."""
    clinic = locked_clinic(session, member.clinic_id)
    key = (member.clinic_id, member.staff_id)
    member = session.get_one(Member, key, populate_existing=True)
    _not_oneself(member, by)
    found = open_recovery(session, member, now_ms=now_ms)
    if found is None:
        raise NotFound("No recovery of this member waits.")
    if found.asked_by == by:
        raise Refused("Another administrator confirms what you asked for.", code="same")
    for staff_id in (found.asked_by, by):
        _require_settled(session, clinic, staff_id, asked_ms=found.asked_ms)
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


def _require_settled(session: Session, clinic: Clinic, staff_id: bytes, *, asked_ms: int) -> None:
    """Raise Refused unless this is an administrator who is here and was one before it was asked."""
    role = Role.ADMINISTRATOR.value
    held = session.get(RoleHeld, (clinic.clinic_id, staff_id, role))
    if held is None or not is_here(session, clinic.clinic_id, staff_id):
        raise Refused("Two administrators who are here recover an account.", code="administrator")
    since_first = held.granted_ms <= clinic.created_ms
    if not since_first and held.granted_ms + SETTLING_MS > asked_ms:
        raise Refused(
            "Both were administrators for a day before it was asked. Ask anew once they were.",
            code="settling",
        )


def _not_oneself(member: Member, by: bytes) -> None:
    if member.staff_id == by:
        raise Refused("Two other administrators recover your account.", code="self")
    if member.left_ms is not None:
        raise Refused("This account is closed.", code="left")
