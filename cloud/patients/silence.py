"""How long a patient's phone has been silent, and which number to call."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud.errors import Refused
from cloud.patients.models import Patient
from cloud.phones.models import Phone

NUMBER_LETTERS_MAX = 32
_OF_A_NUMBER = frozenset("+0123456789 ()/-.")


@dataclass(frozen=True)
class Silence:
    """When a phone of the patient was last heard (None: there is none) and the number to call."""

    since_ms: int | None
    telephone: str | None

    @property
    def address(self) -> str:
        """The number as a telephone takes it."""
        return "".join(each for each in self.telephone or "" if each.isdigit() or each == "+")


def silence_of(session: Session, patient: Patient) -> Silence:
    """Return since when nothing was heard of the patient's phones."""
    heard_ms = session.scalar(
        select(func.max(Phone.seen_ms)).where(
            Phone.clinic_id == patient.clinic_id,
            Phone.patient_id == patient.patient_id,
            Phone.revoked_ms.is_(None),
        )
    )
    return Silence(heard_ms, patient.telephone or None)


def keep_telephone(patient: Patient, text: str) -> None:
    """Keep the number to call; an empty text forgets it. Raise Refused for what is no number."""
    number = " ".join(text.split())
    wrong = len(number) > NUMBER_LETTERS_MAX or not _OF_A_NUMBER.issuperset(number)
    if wrong or (number and not any(each.isdigit() for each in number)):
        raise Refused("Give a telephone number, such as +49 30 23125001.", code="telephone")
    patient.telephone = number or None
