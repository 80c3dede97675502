"""Taking the desk's answer in: what it signed, each judged as the band will judge it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from cloud.clinics.models import Clinic
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import DeskAnswer, staff_certificate, take_one
from cloud.words.models import StaffWord
from cloud.words.service import take_word, word_of


def take_answer(
    session: Session, clinic: Clinic, answer: DeskAnswer, *, now_ms: int
) -> tuple[StoredPrescription | StaffWord, ...]:
    """Store the signatures of one answer and queue what they sign; all of them or none."""
    envelope, certificate = staff_certificate(session, clinic, answer.credential_id, now_ms)
    taken: list[StoredPrescription | StaffWord] = []
    for index, digest in enumerate(answer.assertion.digests):
        assertion = replace(answer.assertion, index=index)
        word = word_of(session, clinic.clinic_id, digest)
        if word is None:
            found = take_one(session, clinic, assertion, envelope, certificate, now_ms=now_ms)
            taken.append(found)
            continue
        take_word(session, clinic, word, assertion, envelope, certificate, now_ms=now_ms)
        taken.append(word)
    return tuple(taken)
