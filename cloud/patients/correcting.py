"""Putting right what was typed in when a patient was enrolled: name, birth date, indication."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from cloud.errors import Refused
from cloud.patients.models import Patient
from cloud.patients.service import check_birth_date, checked_name, initials


@dataclass(frozen=True)
class Details:
    """What a clinician types of a patient; ``indication`` is an id of the catalogue."""

    name: str
    birth_date: date
    indication: str

    @property
    def mark(self) -> str:
        """What tells these details from any others, for a form to carry: SHA-256 as hexadecimal."""
        said = "\0".join((self.name, self.birth_date.isoformat(), self.indication))
        return sha256(said.encode()).hexdigest()


def details_of(patient: Patient) -> Details:
    """Return what stands of a patient who was not erased."""
    assert patient.birth_date is not None
    return Details(patient.name, patient.birth_date, patient.indication)


def correct(patient: Patient, seen: str, new: Details, *, now_ms: int) -> None:
    """Put a patient's details right; ``seen`` is the mark of what the form was opened with.

    The initials follow the name; the band shows them from the next prescription on. Raise Refused
    for what is no name or birth date, and where somebody else was quicker: nothing is changed then.
    """
    name = checked_name(new.name)
    check_birth_date(new.birth_date, now_ms=now_ms)
    if details_of(patient).mark != seen:
        raise Refused(
            "Somebody corrected it meanwhile. Look at what stands now, and correct it again.",
            code="name",
        )
    patient.name, patient.initials = name, initials(name)
    patient.birth_date, patient.indication = new.birth_date, new.indication
