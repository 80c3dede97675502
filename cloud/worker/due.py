"""What is to do in a clinic now, asked without claiming anything: one transaction that only reads.

So a clinic in which nothing waits costs two statements, however many tasks there are. What is found
is claimed afterwards, one by one (`cloud.worker.claims`): this is a look, and no promise.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Select, String, bindparam, select
from sqlalchemy.orm import Session

from cloud.channels import claims
from cloud.worker.leases import LEASE, Lease
from cloud.worker.models import Work
from cloud.worker.tasks import Means, Task


@dataclass(frozen=True)
class Due:
    """A clinic as it was seen.

    ``tasks`` are due and have something to do, or may have; ``idle`` are due and have nothing.
    ``done_ms`` says when each task was done, by its name; ``lease`` is whose the clinic is.
    ``messages`` says whether the courier has something to send there.
    """

    tasks: tuple[Task, ...]
    idle: tuple[Task, ...]
    done_ms: Mapping[str, int]
    lease: Lease | None
    messages: bool


class Looker:
    """Looks at clinics; keeps the statements that it has made, one for each set of tasks."""

    def __init__(self, tasks: Sequence[Task], means: Means) -> None:
        self._tasks, self._means = tuple(tasks), means
        self._asked = functools.cache(self._question)
        self._rows = select(Work.task, Work.due_ms, Work.done_ms, Work.holder).where(
            Work.clinic_id == bindparam("clinic_id", type_=String)
        )

    def look(self, session: Session, clinic_id: str, *, now_ms: int) -> Due:
        """Return what is due in this clinic."""
        found = session.execute(self._rows, {"clinic_id": clinic_id}).all()
        rows = {task: (due_ms, done_ms) for task, due_ms, done_ms, _ in found}
        due = tuple(each for each in self._tasks if _is_due(each, rows, now_ms))
        asked = tuple(each for each in due if each.waits is not None)
        said = self._said(session, asked, clinic_id, now_ms)
        waits = dict(zip((each.name for each in asked), said, strict=False))
        return Due(
            tasks=tuple(each for each in due if waits.get(each.name, True)),
            idle=tuple(each for each in due if not waits.get(each.name, True)),
            done_ms={task: done_ms for task, (_, done_ms) in rows.items()},
            lease=next((Lease(row.holder, row.due_ms) for row in found if row.task == LEASE), None),
            messages=said[-1],
        )

    def _said(
        self, session: Session, asked: tuple[Task, ...], clinic_id: str, now_ms: int
    ) -> tuple[bool, ...]:
        """Whether something waits for each of the tasks, and at last whether a message is due."""
        given = {"clinic_id": clinic_id, "now_ms": now_ms}
        row = session.execute(self._asked(asked), given).one()
        return tuple(bool(each) for each in row)

    def _question(self, asked: tuple[Task, ...]) -> Select[*tuple[bool, ...]]:
        clinic_id, now_ms = (
            bindparam("clinic_id", type_=String),
            bindparam("now_ms", type_=BigInteger),
        )
        said = (task.waits(clinic_id, now_ms, self._means) for task in asked if task.waits)
        every = (*said, claims.due(clinic_id, now_ms).exists())
        return select(*(each.label(f"waits_{number}") for number, each in enumerate(every)))


def _is_due(task: Task, rows: Mapping[str, tuple[int, int]], now_ms: int) -> bool:
    """Whether a task is due, by the rule of `cloud.worker.claims.claim`."""
    due_ms, _ = rows.get(task.name, (0, 0))
    return not now_ms < due_ms <= now_ms + task.every_ms
