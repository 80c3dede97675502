"""Claims: one worker does one task of one clinic, in the very transaction that claimed it.

So a worker that is killed leaves nothing behind: its transaction never was, and the task is due
for another one at once. On PostgreSQL the row's lock is the claim, and who finds it locked goes on
to other work; on SQLite there is one writer at a time, and the row is compared and set.
"""

from __future__ import annotations

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from cloud.worker.models import Work


def claim(
    session: Session, clinic_id: str, task: str, holder: str, *, every_ms: int, now_ms: int
) -> bool:
    """Claim a task that is due, until this transaction ends; False where there is nothing to do.

    A task that lies further ahead than its own period is due too: the clock was set back.
    """
    _make_sure_of(session, clinic_id, task)
    due_ms = session.scalar(
        select(Work.due_ms)
        .where(Work.clinic_id == clinic_id, Work.task == task)
        .with_for_update(skip_locked=True)
    )
    if due_ms is None or now_ms < due_ms <= now_ms + every_ms:
        return False
    taken = session.execute(
        update(Work)
        .where(Work.clinic_id == clinic_id, Work.task == task, Work.due_ms == due_ms)
        .values(due_ms=now_ms + every_ms, holder=holder, done_ms=now_ms)
    )
    assert isinstance(taken, CursorResult)
    return taken.rowcount == 1


def oldest_done_ms(session: Session, clinic_id: str, tasks: tuple[str, ...]) -> int | None:
    """Return when the one of these tasks that waited longest was done last."""
    return session.scalar(
        select(func.min(Work.done_ms)).where(Work.clinic_id == clinic_id, Work.task.in_(tasks))
    )


def _make_sure_of(session: Session, clinic_id: str, task: str) -> None:
    known = session.scalar(select(Work.task).where(Work.clinic_id == clinic_id, Work.task == task))
    if known is not None:
        return
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = insert_postgresql if on_postgresql else insert_sqlite
    first = insert(Work).values(clinic_id=clinic_id, task=task, due_ms=0, holder="", done_ms=0)
    session.execute(first.on_conflict_do_nothing())
