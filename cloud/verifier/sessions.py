"""What the records say was given: sessions, pulses, and what else a reader must know.

Read from the records alone, by code of its own: the fold that device, phone and cloud share is
held against it. Bodies of types that only matter to a reader are said field by field.
"""

from __future__ import annotations

import dataclasses
import enum
from dataclasses import dataclass, field
from typing import Any

from shared.dose.prescription import PrescriptionKind
from shared.wire import records
from shared.wire.records import CloseCause, Record, RecordType, SessionKind

COURSES_MAX = 1000
"""Courses that are added up one by one; further ones are added up together."""

NOTABLE = frozenset(
    {
        RecordType.CLOCK_LOST,
        RecordType.TIME_ATTESTED,
        RecordType.PROVISIONED,
        RecordType.RETIRED,
        RecordType.RESET,
        RecordType.ROOT_ROTATED,
        RecordType.REVOCATION,
        RecordType.PRESCRIPTION_INSTALLED,
        RecordType.HOLD_PLACED,
        RecordType.HOLD_TAKEN_BACK,
        RecordType.HOLD_CONFIRMED,
        RecordType.HOLD_EXPIRED,
        RecordType.HOLD_LIFTED,
        RecordType.POSTPONED,
        RecordType.SUPERVISED,
        RecordType.THRESHOLD_MEASURED,
        RecordType.SESSION_SUMMARY,
        RecordType.FAULT,
        RecordType.FIRMWARE,
    }
)


@dataclass
class Session:
    """One session as its records tell it. Pulses reserved and never closed count as fired (R1)."""

    opened: int
    session_id: bytes
    prescription_hash: bytes
    course_id: bytes | None
    kind: SessionKind
    opened_ms: int | None
    planned_pulses: int
    planned_trains: int
    pulses: int = 0
    trains: set[int] = field(default_factory=set)
    percent_mso: tuple[int, int] | None = None
    pauses: int = 0
    closed: int | None = None
    closed_ms: int | None = None
    completed: bool = False
    cause: CloseCause | None = None
    said_pulses: int | None = None

    def reserve(self, body: records.SliceReservedBody) -> None:
        """Charge a slice's pulses."""
        self.pulses += body.pulses
        self.trains.add(body.train)
        least, most = self.percent_mso or (body.percent_mso, body.percent_mso)
        self.percent_mso = min(least, body.percent_mso), max(most, body.percent_mso)

    def close(self, record: Record, body: records.SessionClosedBody) -> None:
        """Note how it ended."""
        self.closed, self.closed_ms = record.number, record.clock_ms
        self.completed, self.cause = body.completed, body.cause
        self.said_pulses = body.charged_pulses


@dataclass(frozen=True)
class Notable:
    """One record that a reader must know of, in words."""

    number: int
    type: RecordType
    clock_ms: int | None
    words: str


@dataclass
class Sums:
    """Pulses and sessions of one course."""

    pulses: int = 0
    sessions: int = 0
    completed: int = 0

    def add(self, session: Session) -> None:
        """Add a session that gave pulses."""
        self.pulses += session.pulses
        self.sessions += 1 if session.pulses and session.kind is SessionKind.TREATMENT else 0
        self.completed += int(session.completed)


class Account:
    """Adds up records in the order of their numbers."""

    def __init__(self) -> None:
        self.session: Session | None = None
        self.pulses = 0
        self.courses: dict[bytes | None, Sums] = {}
        self._reserved = 0
        self._course_id: bytes | None = None
        self._clock_known = False

    def take(self, record: Record) -> Session | Notable | None:
        """Take a record; return what it brings to an end, or says to a reader."""
        match record.body:
            case records.SessionOpenedBody() as body:
                return self._open(record, body)
            case records.SliceReservedBody() as body:
                self._reserve(body)
            case records.SliceClosedBody() as body:
                self._release(body)
            case records.SessionPausedBody() if self.session is not None:
                self.session.pauses += 1
            case records.SessionClosedBody() as body:
                return self._close(record, body)
            case records.PrescriptionInstalledBody() as body:
                if body.kind is not PrescriptionKind.TITRATION:
                    self._course_id = body.course_id
        return self._notable(record)

    def left_open(self) -> Session | None:
        """End with a session that no record closes."""
        session, self.session = self.session, None
        if session is not None:
            self._sums(session).add(session)
        return session

    def _open(self, record: Record, body: records.SessionOpenedBody) -> Session | None:
        before = self.left_open()
        self._reserved = 0
        self.session = Session(
            opened=record.number,
            session_id=body.session_id,
            prescription_hash=body.prescription_hash,
            course_id=None if body.kind is SessionKind.TITRATION else self._course_id,
            kind=body.kind,
            opened_ms=record.clock_ms,
            planned_pulses=body.planned_pulses,
            planned_trains=body.planned_trains,
        )
        return before

    def _reserve(self, body: records.SliceReservedBody) -> None:
        self._reserved = body.pulses
        self.pulses += body.pulses
        if self.session is not None:
            self.session.reserve(body)

    def _release(self, body: records.SliceClosedBody) -> None:
        unfired = self._reserved - max(body.commanded, body.measured)
        self._reserved = 0
        self.pulses -= unfired
        if self.session is not None:
            self.session.pulses -= unfired

    def _close(self, record: Record, body: records.SessionClosedBody) -> Session | None:
        if self.session is not None and self.session.session_id == body.session_id:
            self.session.close(record, body)
        return self.left_open()

    def _notable(self, record: Record) -> Notable | None:
        body, known = record.body, self._clock_known
        self._clock_known = record.clock_ms is not None
        if isinstance(body, records.BootBody) and not body.clock_unbroken and known:
            words = "the clock broke while the power was off"
        elif record.type in NOTABLE:
            words = in_words(record)
        else:
            return None
        return Notable(record.number, record.type, record.clock_ms, words)

    def _sums(self, session: Session) -> Sums:
        course_id = session.course_id
        if course_id not in self.courses and len(self.courses) >= COURSES_MAX:
            course_id = b""
        return self.courses.setdefault(course_id, Sums())


def in_words(record: Record) -> str:
    """Return a record in words: its type, and its body field by field."""
    name = record.type.name.lower().replace("_", " ")
    said = fields_in_words(record.body)
    return f"{name}: {said}" if said else name


def fields_in_words(body: Any) -> str:
    """Return a record's body field by field: names as in the code, bytes by their beginning."""
    if body is None:
        return ""
    pairs = ((each.name, getattr(body, each.name)) for each in dataclasses.fields(body))
    return ", ".join(
        f"{name.replace('_', ' ')} {_word(value)}" for name, value in pairs if value is not None
    )


def _word(value: Any) -> str:
    if isinstance(value, enum.Enum):
        return value.name.lower()
    if isinstance(value, bytes):
        return value[:4].hex()
    if dataclasses.is_dataclass(value):
        return f"({fields_in_words(value)})"
    if isinstance(value, tuple):
        return "/".join(map(_word, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
