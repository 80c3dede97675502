"""The worker's heartbeat: written each few seconds, told to phones so that they can say who
watches."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from cloud.worker.models import Heartbeat

ABSENT_MS = 60_000
"""Without a beat for so long nobody watches; a beat comes each few seconds (own choice)."""
BEAT_MS = 5_000
"""A beat that is younger than this is not written anew."""
KEPT_MS = 24 * 3_600_000
"""The beats of workers that are gone are removed after so long."""


def watches(heard_ms: int | None, *, now_ms: int) -> bool:
    """Return whether a worker looks after a clinic whose newest heartbeat is this one.

    One of a time that is yet to come is no worker's of now: its clock was ahead.
    """
    return heard_ms is not None and abs(now_ms - heard_ms) <= ABSENT_MS


def beat(session: Session, clinic_id: str, worker: str, *, now_ms: int) -> None:
    """Note that ``worker`` looks after this clinic now; what a clock ahead left is removed, and
    what workers left that are long gone."""
    ahead, gone = Heartbeat.at_ms > now_ms + ABSENT_MS, Heartbeat.at_ms < now_ms - KEPT_MS
    session.execute(
        delete(Heartbeat)
        .where(Heartbeat.clinic_id == clinic_id, or_(ahead, gone))
        .execution_options(synchronize_session=False)
    )
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    insert: Any = insert_postgresql if on_postgresql else insert_sqlite
    session.execute(
        insert(Heartbeat)
        .values(clinic_id=clinic_id, worker=worker, at_ms=now_ms)
        .on_conflict_do_update(index_elements=["clinic_id", "worker"], set_={"at_ms": now_ms})
    )


def newest_heartbeat(session: Session, clinic_id: str) -> int | None:
    """Return when any worker last looked after this clinic."""
    return session.scalar(select(func.max(Heartbeat.at_ms)).where(Heartbeat.clinic_id == clinic_id))
