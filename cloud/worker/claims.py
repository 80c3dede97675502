"""Claims: one worker does one task of one clinic, in the very transaction that claimed it.

So a worker that is killed leaves nothing behind: its transaction never was, and the task is due
for another one at once. On PostgreSQL the row's lock is the claim, and who finds it locked goes on
to other work; on SQLite there is one writer at a time, and the row is compared and set.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from cloud.worker.models import Work

UNLOADED = {"synchronize_session": False}
"""Rows of work are in no session, so that none is looked for that a statement might change."""


def claim(
    session: Session, clinic_id: str, task: str, holder: str, *, every_ms: int, now_ms: int
) -> bool:
    """Claim a task that is due, until this transaction ends; False where there is nothing to do.

    A task that lies further ahead than its own period is due too: the clock was set back.
    """
    due_ms = _locked(session, clinic_id, task)
    if due_ms is None and _make_sure_of(session, clinic_id, task):
        due_ms = _locked(session, clinic_id, task)
    if due_ms is None or now_ms < due_ms <= now_ms + every_ms:
        return False
    taken = session.execute(
        update(Work)
        .where(Work.clinic_id == clinic_id, Work.task == task, Work.due_ms == due_ms)
        .values(due_ms=now_ms + every_ms, holder=holder, done_ms=now_ms)
        .execution_options(**UNLOADED)
    )
    assert isinstance(taken, CursorResult)
    return taken.rowcount == 1


def pass_by(
    session: Session, clinic_id: str, tasks: Mapping[str, int], holder: str, *, now_ms: int
) -> None:
    """Note of tasks, named with how often they are done, that there was nothing to do."""
    if not tasks:
        return
    insert = _insert(session).values(
        [
            {
                "clinic_id": clinic_id,
                "task": name,
                "due_ms": now_ms + every_ms,
                "holder": holder,
                "done_ms": now_ms,
            }
            for name, every_ms in sorted(tasks.items())
        ]
    )
    new = {name: insert.excluded[name] for name in ("due_ms", "holder", "done_ms")}
    session.execute(insert.on_conflict_do_update(index_elements=["clinic_id", "task"], set_=new))


def _locked(session: Session, clinic_id: str, task: str) -> int | None:
    return session.scalar(
        select(Work.due_ms)
        .where(Work.clinic_id == clinic_id, Work.task == task)
        .with_for_update(skip_locked=True)
    )


def _make_sure_of(session: Session, clinic_id: str, task: str) -> bool:
    """Return whether the task wasn't known before; it is then."""
    return insert_new(session, clinic_id, task, due_ms=0, holder="", done_ms=0)


def insert_new(session: Session, clinic_id: str, task: str, **values: object) -> bool:
    """Insert a row of work; return False where there is one."""
    new = _insert(session).values(clinic_id=clinic_id, task=task, **values)
    return session.scalar(new.on_conflict_do_nothing().returning(Work.task)) is not None


def _insert(session: Session) -> Any:
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    return insert_postgresql(Work) if on_postgresql else insert_sqlite(Work)
