"""Who has done which part of the course, and that nobody signs before they have done it once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.errors import NotAllowed
from cloud.training.course import Change, Course, Part, course
from cloud.training.models import CourseDone, PartDone

CODE = "training"
"""The code of the refusal; its page leads to the course."""


@dataclass(frozen=True)
class Progress:
    """How far a member is: the version and time of each part, and of the course, done last."""

    course: Course
    parts: dict[str, PartDone]
    finished: CourseDone | None

    def has(self, part: Part) -> bool:
        """Whether this part was done as it stands now."""
        done = self.parts.get(part.id)
        return done is not None and done.version >= part.version

    @property
    def open_parts(self) -> tuple[Part, ...]:
        """The parts that are to be done, anew where they changed."""
        return tuple(each for each in self.course.parts if not self.has(each))

    @property
    def changes(self) -> tuple[Change, ...]:
        """What changed since the member finished the course; nothing where they never did."""
        if self.finished is None:
            return ()
        version = self.finished.version
        return tuple(each for each in self.course.changes if each.version > version)


def progress_of(
    session: Session, clinic_id: str, staff_id: bytes, of: Course | None = None
) -> Progress:
    """Return how far a member is with the course, the product's own unless another is given."""
    parts = session.scalars(
        select(PartDone)
        .where(PartDone.clinic_id == clinic_id, PartDone.staff_id == staff_id)
        .order_by(PartDone.version)
    )
    finished = session.scalar(
        select(CourseDone)
        .where(CourseDone.clinic_id == clinic_id, CourseDone.staff_id == staff_id)
        .order_by(CourseDone.version.desc())
        .limit(1)
    )
    return Progress(of or course(), {each.part: each for each in parts}, finished)


def finished_by(session: Session, clinic_id: str) -> dict[bytes, CourseDone]:
    """Return the newest version of the course that each member has done."""
    found: Sequence[CourseDone] = session.scalars(
        select(CourseDone).where(CourseDone.clinic_id == clinic_id).order_by(CourseDone.version)
    ).all()
    return {each.staff_id: each for each in found}


def finish_part(
    session: Session,
    clinic_id: str,
    staff_id: bytes,
    part: Part,
    *,
    now_ms: int,
    of: Course | None = None,
) -> bool:
    """Write down that a member has done a part; return whether that finishes the course.

    What was done in this version already keeps its date.
    """
    whole = of or course()
    if session.get(PartDone, (clinic_id, staff_id, part.id, part.version)) is None:
        session.add(_done(clinic_id, staff_id, part, now_ms))
        session.flush()
    progress = progress_of(session, clinic_id, staff_id, whole)
    known = session.get(CourseDone, (clinic_id, staff_id, whole.version))
    if progress.open_parts or known is not None:
        return False
    session.add(_finished(clinic_id, staff_id, whole, now_ms))
    session.flush()
    return True


def finish_all(session: Session, clinic_id: str, staff_id: bytes, *, now_ms: int) -> None:
    """Write the whole course down as done: for demonstrations, where nobody is treated."""
    progress = progress_of(session, clinic_id, staff_id)
    whole = progress.course
    session.add_all(_done(clinic_id, staff_id, each, now_ms) for each in progress.open_parts)
    if progress.finished is None or progress.finished.version < whole.version:
        session.add(_finished(clinic_id, staff_id, whole, now_ms))
    session.flush()


def require_course(session: Session, clinic_id: str, staff_id: bytes) -> None:
    """Raise NotAllowed where a member never finished the course, in whatever version."""
    if progress_of(session, clinic_id, staff_id).finished is None:
        raise NotAllowed(
            "Before your first signature you do the staff course. Nothing was handed to the desk.",
            code=CODE,
        )


def _done(clinic_id: str, staff_id: bytes, part: Part, now_ms: int) -> PartDone:
    return PartDone(
        clinic_id=clinic_id, staff_id=staff_id, part=part.id, version=part.version, done_ms=now_ms
    )


def _finished(clinic_id: str, staff_id: bytes, whole: Course, now_ms: int) -> CourseDone:
    return CourseDone(clinic_id=clinic_id, staff_id=staff_id, version=whole.version, done_ms=now_ms)
