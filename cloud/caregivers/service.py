"""Whom a patient lets see something: the phone's words, coming in by a code, and ending it.

Whatever ends it ends the sign-ins in the same transaction. An ended one never comes back: who is to
see something again is invited anew.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.audit.service import record
from cloud.caregivers.models import Caregiver
from cloud.errors import Refused
from cloud.patients.models import Patient
from cloud.people.authority import Role
from cloud.people.models import Member, RoleHeld
from cloud.people.staff import end_sign_ins
from cloud.phones.enrolment import locked_patient
from cloud.phones.models import Phone
from cloud.phones.waiting import enqueue
from cloud.vault.errors import VaultError
from shared.care.caregiver import (
    INVITATION_MS,
    CaregiverNews,
    CaregiverWord,
    Invitation,
    Shown,
    name_context,
)
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.letter_codes import Code
from shared.trust.sealing import Sealed, open_sealed
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.items import DownKind

MEMBER_NAME = "Somebody close"
"""What stands where a member of staff has a name: who it is only the patient's phones and, by the
care key, the clinic know."""
WRONG_TRIES_MAX = 5
BY_PATIENT, BY_CLINIC, BY_ANOTHER = "patient", "clinic", "another"
"""Who ended it; ``another`` is for whoever was invited in their place."""


class CodeUnknown(Refused):
    """No such invitation, or not any more: one word for all of it."""


def take_word(session: Session, phone: Phone, body: bytes, *, pages: str, now_ms: int) -> None:
    """Take a phone's word in, and tell the patient's phones how it stands.

    ``pages`` is the address that an invitation leads to. Raise TrustError where this phone's app
    key didn't sign it, or WireError where the word can't hold; then nothing has changed.
    """
    word = sign1.verify(
        CaregiverWord,
        body,
        audience=phone.clinic_id.encode(),
        key=PublicKey(phone.app_key),
    )
    if word.patient_id != phone.patient_id:
        raise TrustError("patient", "the word is of another patient")
    fields.unpack(Sealed, word.name)
    locked_patient(session, phone.clinic_id, phone.patient_id)
    key = (phone.clinic_id, phone.patient_id, word.caregiver_id)
    found = session.get(Caregiver, key, with_for_update=True, populate_existing=True)
    if found is None:
        found = _begin(session, phone, word, now_ms=now_ms)
    elif found.ended_ms is None:
        _go_on(session, found, word, now_ms=now_ms)
    elif not word.ended:
        raise WireError("caregiver_id", "is of somebody for whom it has ended; invite them anew")
    session.flush()
    record(
        session,
        phone.clinic_id,
        actor=f"phone/{phone.phone_id.hex()}",
        action="ended what is shared" if word.ended else "said what is shared",
        subject=f"caregiver/{word.caregiver_id.hex()}",
        now_ms=now_ms,
        patients=[phone.patient_id],
    )
    tell_phones(session, found, pages=pages, now_ms=now_ms)


def _begin(session: Session, phone: Phone, word: CaregiverWord, *, now_ms: int) -> Caregiver:
    """Somebody new: whoever was let in before them is out."""
    if not word.ended and word.invitation is None:
        raise WireError("invitation", "is missing for somebody who was never invited")
    if word.invitation is not None:
        _free_code(session, phone.clinic_id, word.invitation, now_ms=now_ms)
    for before in open_of(session, phone.clinic_id, phone.patient_id):
        if not word.ended:
            end(session, before, by=BY_ANOTHER, now_ms=now_ms)
    found = Caregiver(
        clinic_id=phone.clinic_id,
        patient_id=phone.patient_id,
        caregiver_id=word.caregiver_id,
        shown=_written(word.shown),
        said_ms=word.said_ms,
        name=word.name,
        code_id=None,
        verifier=None,
        code_until_ms=0,
        wrong_tries=0,
        staff_id=None,
        joined_ms=None,
        ended_ms=now_ms if word.ended else None,
        ended_by=BY_PATIENT if word.ended else "",
    )
    _invite(found, word.invitation, now_ms=now_ms)
    session.add(found)
    return found


def _go_on(session: Session, found: Caregiver, word: CaregiverWord, *, now_ms: int) -> None:
    """A later word on the same person; an end counts whenever it was said."""
    if word.ended:
        end(session, found, by=BY_PATIENT, now_ms=now_ms)
        return
    if word.said_ms <= found.said_ms:
        raise WireError("said_ms", "is older than the word that holds")
    if word.invitation is not None:
        if found.joined_ms is not None:
            raise WireError("invitation", "is for somebody who has come in already")
        if word.invitation.code_id != found.code_id:
            _free_code(session, found.clinic_id, word.invitation, now_ms=now_ms)
        _invite(found, word.invitation, now_ms=now_ms)
    found.shown, found.said_ms, found.name = _written(word.shown), word.said_ms, word.name


def _free_code(session: Session, clinic_id: str, asked: Invitation, *, now_ms: int) -> None:
    """Take the code's first group from an invitation that is over; raise WireError for one that
    isn't."""
    other = _by_code(session, clinic_id, asked.code_id)
    if other is None:
        return
    if now_ms <= other.code_until_ms:
        raise WireError("invitation", "has a code that another one begins with; make a new one")
    other.code_id = other.verifier = None
    session.flush()


def _invite(found: Caregiver, invitation: Invitation | None, *, now_ms: int) -> None:
    if invitation is None:
        return
    found.code_id, found.verifier = invitation.code_id, invitation.verifier
    found.code_until_ms = min(invitation.until_ms, now_ms + INVITATION_MS)
    found.wrong_tries = 0


def end(session: Session, found: Caregiver, *, by: str, now_ms: int) -> None:
    """End it for good: invitation void, sign-ins gone, no passkey signs in any more."""
    if found.ended_ms is None:
        found.ended_ms, found.ended_by = now_ms, by
    found.shown, found.code_id, found.verifier = "", None, None
    if found.staff_id is not None:
        member = session.get_one(Member, (found.clinic_id, found.staff_id))
        member.left_ms = member.left_ms or now_ms
        end_sign_ins(session, member)
    session.flush()


def end_by_clinic(
    session: Session, clinic_id: str, patient_id: bytes, *, pages: str, now_ms: int
) -> Caregiver:
    """End what the patient shares, as their clinic; raise Refused where nothing is shared."""
    locked_patient(session, clinic_id, patient_id)
    found = open_of(session, clinic_id, patient_id)
    if not found:
        raise Refused("This patient shares nothing with anybody close.", code="nothing")
    for each in found:
        end(session, each, by=BY_CLINIC, now_ms=now_ms)
        tell_phones(session, each, pages=pages, now_ms=now_ms)
    return found[0]


def open_of(session: Session, clinic_id: str, patient_id: bytes) -> Sequence[Caregiver]:
    """Return whom the patient lets see something, invited or in; one at most."""
    return session.scalars(
        select(Caregiver).where(
            Caregiver.clinic_id == clinic_id,
            Caregiver.patient_id == patient_id,
            Caregiver.ended_ms.is_(None),
        )
    ).all()


def of_member(session: Session, clinic_id: str, staff_id: bytes) -> Caregiver | None:
    """Return what is shared with this signed-in person; None where nothing is any more."""
    return session.scalar(
        select(Caregiver).where(
            Caregiver.clinic_id == clinic_id,
            Caregiver.staff_id == staff_id,
            Caregiver.ended_ms.is_(None),
        )
    )


def invited_by(session: Session, code: Code, verifier: bytes, *, now_ms: int) -> Caregiver:
    """Return whom a code invites; raise CodeUnknown, and count a wrong try for good.

    ``verifier`` is made of the code before, whether there is such an invitation or not: the answer
    takes as long either way.
    """
    found = _by_code(session, code.clinic_id, code.code_id)
    if found is not None:
        # The patient before the row, as the phones' words and an erasure do.
        locked_patient(session, code.clinic_id, found.patient_id)
        session.refresh(found, with_for_update=True)
    if found is None or found.ended_ms is not None or found.verifier is None:
        raise CodeUnknown("unknown")
    if found.code_id != code.code_id or found.wrong_tries >= WRONG_TRIES_MAX:
        raise CodeUnknown("unknown")
    if not hmac.compare_digest(found.verifier, verifier):
        found.wrong_tries += 1
        session.commit()
        raise CodeUnknown("wrong")
    if now_ms > found.code_until_ms:
        raise CodeUnknown("expired")
    return found


def as_member(found: Caregiver, *, now_ms: int) -> Member:
    """Return the member who this person becomes by making a passkey; not stored yet."""
    return Member(
        clinic_id=found.clinic_id,
        staff_id=found.caregiver_id,
        name=MEMBER_NAME,
        created_ms=now_ms,
        left_ms=None,
    )


def come_in(session: Session, found: Caregiver, *, now_ms: int) -> Member:
    """Use the invitation up: the person is a caregiver of this patient and of nobody else."""
    key = (found.clinic_id, found.caregiver_id)
    if session.get(Member, key) is not None:
        raise CodeUnknown("member")
    member = as_member(found, now_ms=now_ms)
    session.add(member)
    session.flush()
    role = Role.CAREGIVER.value
    session.add(RoleHeld(clinic_id=key[0], staff_id=key[1], role=role, granted_ms=now_ms))
    found.staff_id, found.joined_ms = found.caregiver_id, now_ms
    found.code_id = found.verifier = None
    session.flush()
    return member


def tell_phones(
    session: Session, found: Caregiver, *, pages: str, now_ms: int, name: str = ""
) -> None:
    """Queue for the patient's phones how it stands."""
    news = CaregiverNews(
        found.caregiver_id,
        found.said_ms,
        shown_of(found),
        pages,
        found.joined_ms or 0,
        found.ended_ms or 0,
        found.ended_by == BY_CLINIC,
        name,
    )
    enqueue(
        session,
        found.clinic_id,
        found.patient_id,
        DownKind.CAREGIVER,
        fields.pack(news),
        now_ms=now_ms,
    )


def shown_of(found: Caregiver) -> tuple[Shown, ...]:
    """Return what is shared now."""
    return tuple(Shown(int(each)) for each in found.shown.split(",") if each)


def name_of(found: Caregiver, key: SoftwareKey) -> str:
    """Return who it is, as the patient wrote it; empty where this process's keys don't open it."""
    try:
        plain = open_sealed(found.name, key=key, context=name_context(found.patient_id))
        return plain.decode()
    except (TrustError, VaultError, UnicodeDecodeError):
        return ""


def forget_erased(session: Session, clinic_id: str, *, now_ms: int) -> None:
    """End and delete what patients shared who were erased; the member's row stays, for the log."""
    gone = select(Patient.patient_id).where(
        Patient.clinic_id == clinic_id, Patient.erased_ms.is_not(None)
    )
    for found in session.scalars(
        select(Caregiver).where(Caregiver.clinic_id == clinic_id, Caregiver.patient_id.in_(gone))
    ):
        end(session, found, by=BY_CLINIC, now_ms=now_ms)
        session.delete(found)
    session.flush()


def _written(shown: Sequence[Shown]) -> str:
    return ",".join(str(int(each)) for each in shown)


def _by_code(session: Session, clinic_id: str, code_id: str) -> Caregiver | None:
    return session.scalar(
        select(Caregiver).where(Caregiver.clinic_id == clinic_id, Caregiver.code_id == code_id)
    )
