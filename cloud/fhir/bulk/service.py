"""The life of a bulk export: asked for, planned, taken, ended."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.orm import Session

from cloud.errors import NotFound, TooMany
from cloud.fhir.bulk.models import BulkExport, ExportPart
from cloud.fhir.systems.models import AccessToken, UsedAssertion
from cloud.patients.models import Patient

ID_BYTES = 16
OPEN_MAX = 4
"""Jobs of one system at a time (own choice)."""
LASTS_MS = 24 * 3_600_000
"""How long a job is there to be taken (own choice)."""
PATIENTS_A_FILE = 100
"""Of a type, in one file (own choice)."""
PLANNED_AT_ONCE = 10
UNKNOWN = "There is no such export of this system."

Ending = TypeVar("Ending", BulkExport, AccessToken, UsedAssertion)


def ask(
    session: Session,
    clinic_id: str,
    system_id: bytes,
    kinds: Sequence[str],
    request: str,
    *,
    now_ms: int,
) -> BulkExport:
    """Note a job; raise TooMany where the system has as many as it may."""
    open_ = session.scalar(
        select(func.count())
        .select_from(BulkExport)
        .where(
            BulkExport.clinic_id == clinic_id,
            BulkExport.system_id == system_id,
            BulkExport.until_ms > now_ms,
        )
    )
    if open_ is not None and open_ >= OPEN_MAX:
        words = "This system has {count} exports open: delete one."
        raise TooMany(words, retry_after_s=60, count=open_)
    job = BulkExport(
        clinic_id=clinic_id,
        export_id=secrets.token_bytes(ID_BYTES),
        system_id=system_id,
        kinds=" ".join(kinds),
        request=request,
        asked_ms=now_ms,
        ready_ms=None,
        until_ms=now_ms + LASTS_MS,
    )
    session.add(job)
    session.flush()
    return job


def job_of(
    session: Session, clinic_id: str, system_id: bytes, export_id: bytes, *, now_ms: int
) -> BulkExport:
    """Return a system's own job; the same NotFound for one that ended, another's and none."""
    found = session.get(BulkExport, (clinic_id, export_id))
    if found is None or found.system_id != system_id or found.until_ms <= now_ms:
        raise NotFound(UNKNOWN)
    return found


def parts_of(session: Session, job: BulkExport) -> tuple[int, ...]:
    """Return the numbers of a job's parts."""
    wanted = select(ExportPart.number).where(
        ExportPart.clinic_id == job.clinic_id, ExportPart.export_id == job.export_id
    )
    return tuple(session.scalars(wanted.order_by(ExportPart.number)))


def patients_of(session: Session, job: BulkExport, number: int) -> tuple[bytes, ...]:
    """Return whom a part is of; raise NotFound for none."""
    part = session.get(ExportPart, (job.clinic_id, job.export_id, number))
    if part is None:
        raise NotFound(UNKNOWN)
    return tuple(part.patients[at : at + ID_BYTES] for at in range(0, len(part.patients), ID_BYTES))


def to_plan(clinic_id: str | ColumnElement[str]) -> Select[BulkExport]:
    """Select the clinic's jobs whose files aren't planned yet."""
    return select(BulkExport).where(
        BulkExport.clinic_id == clinic_id, BulkExport.ready_ms.is_(None)
    )


def plan(session: Session, clinic_id: str, *, now_ms: int) -> int:
    """Share the clinic's patients among the files of each job that waits; return how many jobs."""
    waiting = session.scalars(
        to_plan(clinic_id)
        .order_by(BulkExport.asked_ms, BulkExport.export_id)
        .limit(PLANNED_AT_ONCE)
    ).all()
    for job in waiting:
        everybody = session.scalars(
            select(Patient.patient_id)
            .where(Patient.clinic_id == clinic_id, Patient.erased_ms.is_(None))
            .order_by(Patient.patient_id)
        )
        for number, some in enumerate(everybody.partitions(PATIENTS_A_FILE), start=1):
            session.add(
                ExportPart(
                    clinic_id=clinic_id,
                    export_id=job.export_id,
                    number=number,
                    patients=b"".join(some),
                )
            )
        job.ready_ms = now_ms
    session.flush()
    return len(waiting)


def end(session: Session, job: BulkExport) -> None:
    """End a job: its files are not there any more."""
    of_job = (ExportPart.clinic_id == job.clinic_id) & (ExportPart.export_id == job.export_id)
    session.execute(delete(ExportPart).where(of_job))
    session.delete(job)
    session.flush()


def forget(session: Session, clinic_id: str, *, now_ms: int) -> int:
    """Remove jobs, tokens and used JWTs that have ended; return how many jobs."""
    over = session.scalars(_over(BulkExport, clinic_id, now_ms)).all()
    for job in over:
        end(session, job)
    for table in (AccessToken, UsedAssertion):
        session.execute(delete(table).where(table.clinic_id == clinic_id, table.until_ms <= now_ms))
    return len(over)


def ended(
    clinic_id: str | ColumnElement[str], now_ms: int | ColumnElement[int]
) -> ColumnElement[bool]:
    """Whether there is anything that `forget` removes."""
    return or_(
        _over(BulkExport, clinic_id, now_ms).exists(),
        _over(AccessToken, clinic_id, now_ms).exists(),
        _over(UsedAssertion, clinic_id, now_ms).exists(),
    )


def _over(
    table: type[Ending], clinic_id: str | ColumnElement[str], now_ms: int | ColumnElement[int]
) -> Select[Ending]:
    return select(table).where(table.clinic_id == clinic_id, table.until_ms <= now_ms)
