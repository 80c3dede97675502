"""The dose of a day, a week and the course, each beside what the prescription allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cloud.adherence.definition import CourseFacts
from cloud.dose.days import days_of
from cloud.dose.models import DoseDay
from cloud.language import _
from cloud.patients.models import Patient
from shared.dose.course_days import WEEK_DAYS
from shared.dose.prescription import Prescription


@dataclass(frozen=True)
class DoseLine:
    """Pulses and sessions delivered in a stretch, and at most how many may be."""

    label: str
    pulses: int
    pulses_at_most: int
    sessions: int
    sessions_at_most: int


def doses_of(
    session: Session, patient: Patient, facts: CourseFacts | None, *, today: int
) -> tuple[DoseLine, ...]:
    """Return the same of the patient's newest course; nothing before there is one."""
    if facts is None:
        return ()
    plan = facts.in_force[-1].prescription
    days = days_of(session, patient.clinic_id, patient.patient_id, plan.course_id)
    return against(days, plan, today=today)


def against(days: Sequence[DoseDay], plan: Prescription, *, today: int) -> tuple[DoseLine, ...]:
    """Return today, the course's week and the course; weeks count from the course's first day.

    These are days of the calendar, for a person to read. The band's own windows are moving ones,
    and what goes beyond those is found by `cloud.proof.watch`.
    """
    limits = plan.limits
    began = min((each.day for each in days), default=today)
    week = today - (today - began) % WEEK_DAYS
    stretches = (
        (_("Today"), today, limits.pulses_per_day_window, limits.sessions_per_day_window),
        (_("This week of the course"), week, limits.pulses_per_week, limits.sessions_per_week),
        (_("Course"), began, limits.course_pulses, limits.course_sessions),
    )
    return tuple(
        DoseLine(
            label,
            sum(each.charged for each in days if each.day >= first),
            pulses,
            sum(each.sessions for each in days if each.day >= first),
            sessions,
        )
        for label, first, pulses, sessions in stretches
    )
