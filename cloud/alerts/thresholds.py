"""From when on a rule tells: defaults that are this product's own choice, and what a clinic set.

None of these numbers is clinical; those that are stand with the instruments and with what a
prescriber signed.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.alerts.models import ClinicThreshold
from cloud.errors import Refused
from cloud.language import Phrase, mark


@dataclass(frozen=True)
class Thresholds:
    """One clinic's thresholds; whole numbers, each in the unit that its name says."""

    missed_sessions: int = 3
    missed_within_days: int = 14
    silent_days: int = 3
    checkin_late_days: int = 4
    clearance_hours: int = 24
    sessions_left: int = 3
    prescription_days: int = 7
    hold_minutes: int = 60
    hold_now_hours: int = 24
    certificate_days: int = 4


LIMITS: dict[str, tuple[int, int]] = {
    "missed_sessions": (1, 20),
    "missed_within_days": (7, 60),
    "silent_days": (1, 30),
    "checkin_late_days": (1, 30),
    "clearance_hours": (1, 168),
    "sessions_left": (0, 20),
    "prescription_days": (0, 60),
    "hold_minutes": (5, 1440),
    "hold_now_hours": (1, 168),
    "certificate_days": (1, 60),
}
"""Lowest and highest that a clinic may set; own choice too."""

WORDS = {
    "missed_sessions": mark("Sessions missed until it is told"),
    "missed_within_days": mark("counted over so many days"),
    "silent_days": mark("Days without a word from the phone"),
    "checkin_late_days": mark("Days that a check-in is late"),
    "clearance_hours": mark("Hours before a clearance runs out"),
    "sessions_left": mark("Sessions left when a course is about to end"),
    "prescription_days": mark("Days before a prescription ends with sessions left"),
    "hold_minutes": mark("Minutes until a hold that is not in force is told"),
    "hold_now_hours": mark("Hours until that is told as now"),
    "certificate_days": mark("Days before a certificate of the clinic's servers ends"),
}


def thresholds_of(session: Session, clinic_id: str) -> Thresholds:
    """Return the clinic's thresholds; what it never set is as by default."""
    found = session.scalars(select(ClinicThreshold).where(ClinicThreshold.clinic_id == clinic_id))
    known = {field.name for field in fields(Thresholds)}
    return replace(Thresholds(), **{each.name: each.value for each in found if each.name in known})


def set_threshold(session: Session, clinic_id: str, name: str, value: int) -> None:
    """Set one; raise Refused for a name or a value that is none."""
    if name not in LIMITS:
        raise Refused("There is no such threshold.", code="name")
    lowest, highest = LIMITS[name]
    if not lowest <= value <= highest:
        raise Refused(
            "{what}: from {lowest} to {highest}.",
            code=name,
            what=Phrase(WORDS[name]),
            lowest=lowest,
            highest=highest,
        )
    found = session.get(ClinicThreshold, (clinic_id, name))
    if found is None:
        session.add(ClinicThreshold(clinic_id=clinic_id, name=name, value=value))
    else:
        found.value = value
    session.flush()
