"""The clinic's staff as its administrator keeps it: who is here, signed in where, and who left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from cloud.alerts.escalating import take_back_alerts
from cloud.channels.service import remove_channels_of
from cloud.clinics.service import locked_clinic
from cloud.errors import NotFound, Refused
from cloud.leave.presence import Sign
from cloud.leave.service import end_all
from cloud.oncall.service import remove_turns_of
from cloud.people.authority import Role
from cloud.people.models import Invitation, Member, SignIn, SignInKey
from cloud.people.service import holders_of, in_words, is_caregiver, roles_of, staff
from cloud.teams.service import leave_all_teams


@dataclass(frozen=True)
class MemberShown:
    """A member with roles in words, how many passkeys, and how many browsers are signed in."""

    member: Member
    roles: str
    passkeys: int
    sign_ins: int
    seen_ms: int | None

    def says(self, words: str, signs: Sequence[Sign] = ()) -> bool:
        """Whether a search finds them: by name, role, or what is so with them."""
        known = [self.member.name, self.roles, *(f"{each.word} {each.more}" for each in signs)]
        return any(words.casefold() in each.casefold() for each in known)


def all_staff(session: Session, clinic_id: str, *, now_ms: int) -> tuple[MemberShown, ...]:
    """Return the clinic's staff by name, who left last."""
    members = session.scalars(staff(clinic_id))
    ordered = sorted(members, key=lambda each: (each.left_ms is not None, each.name))
    return tuple(shown(session, member, now_ms=now_ms) for member in ordered)


def member_of(session: Session, clinic_id: str, staff_id: bytes) -> Member:
    """Return the member of the clinic's staff; raise NotFound."""
    member = session.get(Member, (clinic_id, staff_id))
    if member is None or is_caregiver(session, clinic_id, staff_id):
        raise NotFound("There is no such member in your clinic.")
    return member


def shown(session: Session, member: Member, *, now_ms: int) -> MemberShown:
    """Return a member as the pages show them."""
    keys = session.scalar(
        select(func.count())
        .select_from(SignInKey)
        .where(SignInKey.clinic_id == member.clinic_id, SignInKey.staff_id == member.staff_id)
    )
    open_now = session.scalars(
        select(SignIn.seen_ms).where(
            SignIn.clinic_id == member.clinic_id,
            SignIn.staff_id == member.staff_id,
            SignIn.ends_ms > now_ms,
        )
    ).all()
    return MemberShown(
        member,
        in_words(roles_of(session, member.clinic_id, member.staff_id)),
        keys or 0,
        len(open_now),
        max(open_now, default=None),
    )


def end_sign_ins(session: Session, member: Member) -> None:
    """Sign a member out everywhere, at once."""
    session.execute(
        delete(SignIn).where(
            SignIn.clinic_id == member.clinic_id, SignIn.staff_id == member.staff_id
        )
    )


def has_left(session: Session, member: Member, *, by: bytes, now_ms: int) -> None:
    """Close a member's account for ever, and tell them of nothing more; who they are stays.

    Raise Refused for oneself and for the last administrator. What their signing key signed is
    another matter: the clinic's root revokes that (R18).
    """
    locked_clinic(session, member.clinic_id)
    session.refresh(member)
    if member.staff_id == by:
        raise Refused("Another administrator closes your account.", code="self")
    if member.left_ms is not None:
        raise Refused("This account is closed already.", code="left")
    if administrators(session, member.clinic_id) == {member.staff_id}:
        raise Refused("The clinic would be without an administrator.", code="last")
    member.left_ms = now_ms
    end_sign_ins(session, member)
    void_invitations(session, member, now_ms=now_ms)
    leave_all_teams(session, member.clinic_id, member.staff_id)
    end_all(session, member.clinic_id, member.staff_id, now_ms=now_ms)
    remove_turns_of(session, member.clinic_id, member.staff_id)
    remove_channels_of(session, member.clinic_id, member.staff_id, now_ms=now_ms)
    take_back_alerts(session, member.clinic_id, member.staff_id, now_ms=now_ms)


def void_invitations(session: Session, member: Member, *, now_ms: int) -> None:
    """Use up what invitations a member still has."""
    session.execute(
        update(Invitation)
        .where(Invitation.clinic_id == member.clinic_id, Invitation.staff_id == member.staff_id)
        .where(Invitation.used_ms.is_(None))
        .values(used_ms=now_ms)
    )


def administrators(session: Session, clinic_id: str) -> frozenset[bytes]:
    """Return the ids of the clinic's administrators who are here."""
    return holders_of(session, clinic_id, Role.ADMINISTRATOR)
