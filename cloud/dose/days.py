"""Doses by day, kept as sessions come in; weeks and courses are summed from them.

A patient may have two bands whose records come in at once. So a sum's row is locked before it is
summed: who comes second sees the sessions of who came first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cloud.dose.models import DoseDay
from cloud.ledger.models import DeliveredSession
from shared.wire.records import SessionKind

Touched = tuple[bytes, bytes, int]
"""A patient's day of a course, on which a session was written."""


def sum_up(session: Session, clinic_id: str, touched: Iterable[Touched]) -> None:
    """Sum the days anew that sessions were written for.

    To be called once in a transaction, behind all its sessions: the rows are locked in their order.
    """
    session.flush()
    by_course: defaultdict[tuple[bytes, bytes], set[int]] = defaultdict(set)
    for patient_id, course_id, day in touched:
        by_course[patient_id, course_id].add(day)
    for (patient_id, course_id), days in sorted(by_course.items()):
        _sum_up_course(session, clinic_id, patient_id, course_id, days)
    session.flush()


def _sum_up_course(
    session: Session, clinic_id: str, patient_id: bytes, course_id: bytes, days: set[int]
) -> None:
    rows = _locked(session, clinic_id, patient_id, course_id, days)
    if rows.keys() < days:
        _make_sure_of(session, clinic_id, patient_id, course_id, days - rows.keys())
        rows = _locked(session, clinic_id, patient_id, course_id, days)
    sums = _sums(session, clinic_id, patient_id, course_id, days)
    for day, row in rows.items():
        row.charged, row.planned, row.sessions = sums.get(day, (0, 0, 0))


def _locked(
    session: Session, clinic_id: str, patient_id: bytes, course_id: bytes, days: set[int]
) -> dict[int, DoseDay]:
    found = session.scalars(
        select(DoseDay)
        .where(
            DoseDay.clinic_id == clinic_id,
            DoseDay.patient_id == patient_id,
            DoseDay.course_id == course_id,
            DoseDay.day.in_(days),
        )
        .order_by(DoseDay.day)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.day: row for row in found}


def _make_sure_of(
    session: Session, clinic_id: str, patient_id: bytes, course_id: bytes, days: set[int]
) -> None:
    """Write rows of nothing, which another transaction may have written meanwhile."""
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    insert: Any = postgresql.insert if on_postgresql else sqlite.insert
    sums = {"charged": 0, "planned": 0, "sessions": 0}
    name = {"clinic_id": clinic_id, "patient_id": patient_id, "course_id": course_id}
    rows = [{**name, "day": day, **sums} for day in sorted(days)]
    session.execute(insert(DoseDay).on_conflict_do_nothing(), rows)


def _sums(
    session: Session, clinic_id: str, patient_id: bytes, course_id: bytes, days: set[int]
) -> dict[int, tuple[int, int, int]]:
    treatment = DeliveredSession.kind == int(SessionKind.TREATMENT)
    charged = DeliveredSession.charged_pulses
    found = session.execute(
        select(
            DeliveredSession.day,
            func.sum(charged),
            func.sum(case((treatment, DeliveredSession.planned_pulses), else_=0)),
            func.sum(case((treatment & (charged > 0), 1), else_=0)),
        )
        .where(
            DeliveredSession.clinic_id == clinic_id,
            DeliveredSession.patient_id == patient_id,
            DeliveredSession.course_id == course_id,
            DeliveredSession.day.between(min(days), max(days)),
        )
        .group_by(DeliveredSession.day)
    )
    return {day: (int(pulses), int(planned), int(count)) for day, pulses, planned, count in found}


def days_of(
    session: Session, clinic_id: str, patient_id: bytes, course_id: bytes
) -> tuple[DoseDay, ...]:
    """Return the days of one course on which anything was opened, the oldest first."""
    found = session.scalars(
        select(DoseDay)
        .where(
            DoseDay.clinic_id == clinic_id,
            DoseDay.patient_id == patient_id,
            DoseDay.course_id == course_id,
        )
        .order_by(DoseDay.day)
    )
    return tuple(found)
