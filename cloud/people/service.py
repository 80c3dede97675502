"""Staff, invitations and sign-in sessions. The passkey ceremonies stand in `passkeys`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from cloud.clinics.service import locked_clinic
from cloud.errors import NotFound, Refused, SignInNeeded
from cloud.language import mark, told
from cloud.people.authority import Act, Role, home, reach
from cloud.people.models import (
    Invitation,
    Member,
    RoleHeld,
    SignIn,
    SignInKey,
    UsedChallenge,
)
from cloud.people.tokens import new_token, split, token_hash

INVITATION_MS = 7 * 86_400_000
NAME_MAX = 80
NOTED_EACH_MS = 30_000
"""What a person does is noted so often, so that a page is no writing: an idle sign-in ends so much
earlier at most (own choice)."""
_NOT_SIGNED_IN = mark("Please sign in.")
_NOT_INVITED = mark("This invitation was used, has ended, or never was. Ask for a new one.")


@dataclass(frozen=True)
class Person:
    """Who is signed in, with which roles, and the token that their forms carry.

    ``route`` is the page that they are on, as the audit log names it; ``language`` is the one that
    they chose, None where the browser's is spoken. ``seen_ms`` is what their sign-in says of when
    they did something.
    """

    clinic_id: str
    staff_id: bytes
    name: str
    roles: tuple[Role, ...]
    form_token: str
    route: str = ""
    language: str | None = None
    seen_ms: int = 0

    @property
    def actor(self) -> str:
        """The person as the audit log names them."""
        return f"staff/{self.staff_id.hex()}"

    @property
    def role(self) -> str:
        """The roles in words."""
        return in_words(self.roles)

    @property
    def home(self) -> str:
        """The page on which this person begins."""
        return home(self.roles)

    @property
    def way_in(self) -> str:
        """The page on which this person signs in."""
        return "/care/sign-in" if self.roles == (Role.CAREGIVER,) else "/sign-in"

    def may(self, act: str) -> bool:
        """Return whether the table lets this person do ``act`` for anybody at all."""
        return bool(reach(self.roles, Act(act)))


def add_member(session: Session, clinic_id: str, name: str, *roles: Role, now_ms: int) -> Member:
    """Add one person of the staff; raise Refused without a name or a role."""
    name = " ".join(name.split())
    if not name or len(name) > NAME_MAX:
        raise Refused("A name has 1 to {most} characters.", code="name", most=NAME_MAX)
    if not roles:
        raise Refused("Choose at least one role.", code="role")
    member = Member(
        clinic_id=clinic_id,
        staff_id=secrets.token_bytes(16),
        name=name,
        created_ms=now_ms,
        left_ms=None,
        language=None,
    )
    session.add(member)
    session.flush()
    for role in dict.fromkeys(roles):
        session.add(
            RoleHeld(
                clinic_id=clinic_id, staff_id=member.staff_id, role=role.value, granted_ms=now_ms
            )
        )
    session.flush()
    return member


def is_here(session: Session, clinic_id: str, staff_id: bytes) -> bool:
    """Return whether this is a member of the clinic's staff who has not left."""
    member = session.get(Member, (clinic_id, staff_id))
    if member is None or member.left_ms is not None:
        return False
    return not is_caregiver(session, clinic_id, staff_id)


def is_caregiver(session: Session, clinic_id: str, staff_id: bytes) -> bool:
    """Return whether this is somebody close to a patient, and none of the staff."""
    return roles_of(session, clinic_id, staff_id) == (Role.CAREGIVER,)


def members_who(session: Session, clinic_id: str, act: Act) -> frozenset[bytes]:
    """Return the ids of the staff who are here and may do ``act``, if only for some patients."""
    roles = (each for each in Role if each is not Role.CAREGIVER and reach((each,), act))
    return holders_of(session, clinic_id, *roles)


def holders_of(session: Session, clinic_id: str, *roles: Role) -> frozenset[bytes]:
    """Return the ids of who is here and has one of these roles."""
    return frozenset(
        session.scalars(
            select(RoleHeld.staff_id)
            .join(
                Member,
                (Member.clinic_id == RoleHeld.clinic_id) & (Member.staff_id == RoleHeld.staff_id),
            )
            .where(
                RoleHeld.clinic_id == clinic_id,
                RoleHeld.role.in_([each.value for each in roles]),
            )
            .where(Member.left_ms.is_(None))
        )
    )


def staff(clinic_id: str) -> Select[Member]:
    """Return the query for the clinic's staff: everybody but who is somebody close and no more."""
    working = select(RoleHeld.staff_id).where(
        RoleHeld.clinic_id == clinic_id, RoleHeld.role != Role.CAREGIVER.value
    )
    return select(Member).where(Member.clinic_id == clinic_id, Member.staff_id.in_(working))


def roles_of(session: Session, clinic_id: str, staff_id: bytes) -> tuple[Role, ...]:
    """Return a member's roles, in the table's order."""
    held = session.scalars(
        select(RoleHeld.role).where(RoleHeld.clinic_id == clinic_id, RoleHeld.staff_id == staff_id)
    )
    return tuple(sorted((Role(each) for each in held), key=tuple(Role).index))


def in_words(roles: tuple[Role, ...]) -> str:
    """Return roles as people say them."""
    return ", ".join(told(role.words) for role in roles)


def invite(session: Session, member: Member, *, now_ms: int, lasts_ms: int = INVITATION_MS) -> str:
    """Return the one-time token ``clinic.secret`` of a new invitation."""
    token = new_token()
    session.add(
        Invitation(
            clinic_id=member.clinic_id,
            token_hash=token_hash(token),
            staff_id=member.staff_id,
            expires_ms=now_ms + lasts_ms,
            used_ms=None,
        )
    )
    return f"{member.clinic_id}.{token}"


def clinic_of_invitation(token: str) -> str:
    """Return the clinic that an invitation's token names; raise Refused for no token's form."""
    parts = split(token)
    if parts is None:
        raise Refused(_NOT_INVITED)
    return parts[0]


def invited(session: Session, token: str, *, now_ms: int) -> tuple[Invitation, Member]:
    """Return an invitation that still holds, and for whom; one sentence for all else."""
    parts = split(token)
    found = parts and session.get(Invitation, (parts[0], token_hash(parts[1])))
    if not found or found.used_ms is not None or now_ms > found.expires_ms:
        raise Refused(_NOT_INVITED)
    member = session.get_one(Member, (found.clinic_id, found.staff_id))
    if member.left_ms is not None:
        raise Refused(_NOT_INVITED)
    return found, member


def use_invitation(session: Session, invitation: Invitation, *, now_ms: int) -> None:
    """Use an invitation up; raise Refused where another was faster."""
    used = session.scalar(
        update(Invitation)
        .where(Invitation.clinic_id == invitation.clinic_id)
        .where(Invitation.token_hash == invitation.token_hash, Invitation.used_ms.is_(None))
        .values(used_ms=now_ms)
        .returning(Invitation.used_ms)
    )
    if used is None:
        raise Refused(_NOT_INVITED)


def use_challenge(session: Session, clinic_id: str, challenge: bytes, *, now_ms: int) -> None:
    """Mark a ceremony's challenge as answered; raise Refused the second time."""
    key = token_hash(challenge.hex())
    if session.get(UsedChallenge, (clinic_id, key)) is not None:
        raise Refused("This answer was already used. Try again.")
    session.add(UsedChallenge(clinic_id=clinic_id, challenge_hash=key, used_ms=now_ms))


def add_sign_in_key(
    session: Session, member: Member, credential_id: bytes, public_key: bytes, *, now_ms: int
) -> None:
    """Store a passkey for signing in."""
    session.add(
        SignInKey(
            clinic_id=member.clinic_id,
            credential_id=credential_id,
            staff_id=member.staff_id,
            public_key=public_key,
            sign_count=0,
            created_ms=now_ms,
        )
    )


def keys_of(session: Session, clinic_id: str, staff_id: bytes) -> tuple[SignInKey, ...]:
    """Return a member's passkeys, the oldest first."""
    found = session.scalars(
        select(SignInKey)
        .where(SignInKey.clinic_id == clinic_id, SignInKey.staff_id == staff_id)
        .order_by(SignInKey.created_ms)
    )
    return tuple(found)


def remove_key(session: Session, clinic_id: str, staff_id: bytes, credential_id: bytes) -> None:
    """Take a passkey of a member out of use; raise Refused for the last one."""
    locked_clinic(session, clinic_id)
    keys = keys_of(session, clinic_id, staff_id)
    found = next((key for key in keys if key.credential_id == credential_id), None)
    if found is None:
        raise NotFound("You have no such passkey.")
    if len(keys) == 1:
        raise Refused("The last passkey stays: without it you could not come in.", code="last")
    session.delete(found)


def open_sign_in(session: Session, member: Member, *, hours: int, now_ms: int) -> str:
    """Sign a member in; return the cookie's value."""
    token = new_token()
    session.add(
        SignIn(
            clinic_id=member.clinic_id,
            token_hash=token_hash(token),
            staff_id=member.staff_id,
            form_token=new_token(),
            ends_ms=now_ms + hours * 3_600_000,
            seen_ms=now_ms,
        )
    )
    return f"{member.clinic_id}.{token}"


def clinic_of_cookie(cookie: str | None) -> str:
    """Return the clinic that a cookie names; raise SignInNeeded for no cookie's form."""
    parts = split(cookie)
    if parts is None:
        raise SignInNeeded(_NOT_SIGNED_IN)
    return parts[0]


def signed_in(session: Session, cookie: str | None, *, idle_minutes: int, now_ms: int) -> Person:
    """Return who the cookie belongs to; raise SignInNeeded."""
    found = sign_in_of(session, cookie)
    if found is None or now_ms > found.ends_ms or now_ms - found.seen_ms > idle_minutes * 60_000:
        raise SignInNeeded(_NOT_SIGNED_IN)
    member = session.get_one(Member, (found.clinic_id, found.staff_id))
    if member.left_ms is not None:
        raise SignInNeeded(_NOT_SIGNED_IN)
    return replace(person_of(session, member, found.form_token), seen_ms=found.seen_ms)


def person_of(session: Session, member: Member, form_token: str = "") -> Person:
    """Return the member as the pages know them."""
    roles = roles_of(session, member.clinic_id, member.staff_id)
    return Person(
        member.clinic_id,
        member.staff_id,
        member.name,
        roles,
        form_token,
        language=member.language,
    )


def is_stale(person: Person, *, now_ms: int) -> bool:
    """Whether it has to be noted that the person does something: not with every click."""
    return now_ms - person.seen_ms >= NOTED_EACH_MS


def touch(session: Session, cookie: str | None, *, now_ms: int) -> None:
    """Note that the person did something: the idle time starts anew."""
    found = sign_in_of(session, cookie)
    if found is not None:
        found.seen_ms = max(found.seen_ms, now_ms)


def sign_out(session: Session, cookie: str | None) -> None:
    """End a sign-in."""
    found = sign_in_of(session, cookie)
    if found is not None:
        session.delete(found)


def sign_out_elsewhere(session: Session, cookie: str | None) -> None:
    """End every other sign-in of the member whom the cookie names."""
    found = sign_in_of(session, cookie)
    if found is not None:
        session.execute(
            delete(SignIn).where(
                SignIn.clinic_id == found.clinic_id,
                SignIn.staff_id == found.staff_id,
                SignIn.token_hash != found.token_hash,
            )
        )


def sign_in_of(session: Session, cookie: str | None) -> SignIn | None:
    """Return the sign-in that a cookie names, whether it still holds or not."""
    parts = split(cookie)
    return session.get(SignIn, (parts[0], token_hash(parts[1]))) if parts else None
