"""Staff, invitations and sign-in sessions. The passkey ceremonies stand in `passkeys`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cloud.errors import Refused, SignInNeeded
from cloud.people.models import Invitation, Member, SignIn, SignInKey, UsedChallenge
from cloud.people.tokens import new_token, split, token_hash

INVITATION_MS = 7 * 86_400_000
PRESCRIBER = "prescriber"
_NOT_INVITED = "This invitation was used, has ended, or never was. Ask for a new one."
_NOT_SIGNED_IN = "Please sign in."


@dataclass(frozen=True)
class Person:
    """Who is signed in, and the token that their forms carry."""

    clinic_id: str
    staff_id: bytes
    name: str
    role: str
    form_token: str

    @property
    def actor(self) -> str:
        """The person as the audit log names them."""
        return f"staff/{self.staff_id.hex()}"


def add_member(session: Session, clinic_id: str, name: str, role: str, *, now_ms: int) -> Member:
    """Add one person of the staff."""
    member = Member(
        clinic_id=clinic_id,
        staff_id=secrets.token_bytes(16),
        name=name,
        role=role,
        created_ms=now_ms,
    )
    session.add(member)
    session.flush()
    return member


def invite(session: Session, member: Member, *, now_ms: int) -> str:
    """Return the one-time token ``clinic.secret`` of a new invitation."""
    token = new_token()
    session.add(
        Invitation(
            clinic_id=member.clinic_id,
            token_hash=token_hash(token),
            staff_id=member.staff_id,
            expires_ms=now_ms + INVITATION_MS,
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
    return found, member


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
    found = _sign_in(session, cookie)
    if found is None or now_ms > found.ends_ms or now_ms - found.seen_ms > idle_minutes * 60_000:
        raise SignInNeeded(_NOT_SIGNED_IN)
    member = session.get_one(Member, (found.clinic_id, found.staff_id))
    return Person(found.clinic_id, found.staff_id, member.name, member.role, found.form_token)


def touch(session: Session, cookie: str | None, *, now_ms: int) -> None:
    """Note that the person did something: the idle time starts anew."""
    found = _sign_in(session, cookie)
    if found is not None:
        found.seen_ms = max(found.seen_ms, now_ms)


def sign_out(session: Session, cookie: str | None) -> None:
    """End a sign-in."""
    found = _sign_in(session, cookie)
    if found is not None:
        session.delete(found)


def _sign_in(session: Session, cookie: str | None) -> SignIn | None:
    parts = split(cookie)
    return session.get(SignIn, (parts[0], token_hash(parts[1]))) if parts else None
