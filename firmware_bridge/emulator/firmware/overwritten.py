"""What remains of records that were overwritten for room: totals, and each session's summary (R28).

One page, replaced whole, holds the state at the last overwritten record, where the fold begins at
boot; up to 1,000 session summaries; and the totals of each course, which nothing ever takes away.
Not for deciding what may be overwritten: the journal does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from firmware_bridge.emulator.firmware.checkpoints import Checkpoint, checkpoint_of
from firmware_bridge.emulator.firmware.ports import Flash
from shared.dose import checkpoint, ledger
from shared.dose.ledger import ClosedSession, LedgerState
from shared.trust.statements import ID_BYTES
from shared.wire import fields, records
from shared.wire.errors import WireError
from shared.wire.fields import wire
from shared.wire.records import CloseCause, RecordType

SUMMARIES_KEPT = 1_000
_PAGE = "overwritten"


@dataclass(frozen=True)
class SessionSummary:
    """One session whose records were overwritten; it was closed by record ``number``."""

    number: int = wire(1)
    session_id: bytes = wire(2, length=ID_BYTES)
    charged_pulses: int = wire(3)
    completed: bool = wire(4)
    cause: CloseCause = wire(5)
    closed_wall_ms: int | None = wire(6, default=None)
    course_id: bytes | None = wire(7, length=ID_BYTES, default=None)


@dataclass(frozen=True)
class CourseSummary:
    """Everything of one course that was overwritten; without an id, what belongs to none."""

    pulses: int = wire(1)
    sessions: int = wire(2)
    sessions_completed: int = wire(3)
    course_id: bytes | None = wire(4, length=ID_BYTES, default=None)


@dataclass(frozen=True)
class Overwritten:
    """All of it; ``sessions`` are the newest, ``courses`` count the rolled-up ones too."""

    at: Checkpoint = wire(1)
    newest_trusted_ms: int = wire(2)
    sessions: tuple[SessionSummary, ...] = wire(3)
    courses: tuple[CourseSummary, ...] = wire(4)

    @property
    def number(self) -> int:
        """Number of the last record that was overwritten."""
        return self.at.number

    @property
    def total_pulses(self) -> int:
        """Pulses charged by all overwritten records."""
        return sum(course.pulses for course in self.courses)

    def state(self) -> LedgerState:
        """Return the ledger's state at that record; raise WireError where it can't be read."""
        if self.at.layout != checkpoint.layout():
            raise WireError("overwritten", "is of another firmware's layout")
        state = checkpoint.from_bytes(self.at.state)
        if (state.number, state.hash) != (self.number, self.at.hash):
            raise WireError("overwritten", "is of two records")
        if state.total_pulses != self.total_pulses:
            raise WireError("overwritten", "has summaries that don't add up to its totals")
        return state


def load(flash: Flash) -> Overwritten | None:
    """Read the page; None when nothing was ever overwritten."""
    page = flash.read_page(_PAGE)
    return None if page is None else fields.unpack(Overwritten, page)


def store(flash: Flash, kept: Overwritten) -> None:
    """Write the page."""
    flash.write_page(_PAGE, fields.pack(kept))


def carried_forward(
    before: Overwritten | None, state: LedgerState, entries: Iterable[bytes]
) -> Overwritten:
    """Return what remains once ``entries``, which follow ``state``, are overwritten too."""
    sessions = [] if before is None else list(before.sessions)
    courses = {} if before is None else {course.course_id: course for course in before.courses}
    newest_ms = 0 if before is None else before.newest_trusted_ms
    for entry in entries:
        record = records.decode_record(entry)
        after = ledger.follow(state, record, entry)
        newest_ms = max(newest_ms, record.clock_ms or 0)
        closed = after.last_session if record.type is RecordType.SESSION_CLOSED else None
        if closed is not None:
            sessions.append(_summary(after, closed))
        course_id = after.course_id
        courses[course_id] = _with(
            courses.get(course_id) or CourseSummary(0, 0, 0, course_id),
            pulses=after.total_pulses - state.total_pulses,
            closed=closed,
        )
        state = after
    kept = tuple(sessions[-SUMMARIES_KEPT:])
    return Overwritten(checkpoint_of(state), newest_ms, kept, tuple(courses.values()))


def _summary(after: LedgerState, closed: ClosedSession) -> SessionSummary:
    return SessionSummary(
        after.number,
        closed.session_id,
        closed.charged_pulses,
        closed.completed,
        closed.cause,
        closed.closed_wall_ms,
        after.course_id,
    )


def _with(course: CourseSummary, *, pulses: int, closed: ClosedSession | None) -> CourseSummary:
    return replace(
        course,
        pulses=course.pulses + pulses,
        sessions=course.sessions + int(closed is not None and closed.charged_pulses > 0),
        sessions_completed=course.sessions_completed + int(closed is not None and closed.completed),
    )
