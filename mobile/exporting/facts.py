"""What goes out: sessions from the band's record, check-ins from this phone. Times are Unix ms."""

from __future__ import annotations

from dataclasses import dataclass

from mobile.presenters.words import Now


@dataclass(frozen=True)
class SessionLine:
    """A session as its band recorded it; ``ended_ms`` is None where that didn't know the hour."""

    device_id: bytes
    session_id: bytes
    number: int
    ended_ms: int | None
    planned_pulses: int
    charged_pulses: int
    completed: bool
    cause: str


@dataclass(frozen=True)
class Scored:
    """A check-in and what it came to; ``code`` is a LOINC, only for an instrument's own wording.

    ``score`` is None where the instrument has none, or an item was left out.
    """

    instrument: str
    title: str
    answered_ms: int
    answers: tuple[tuple[str, int], ...]
    score: int | None
    maximum: int
    band: str
    label: str
    code: str | None = None


@dataclass(frozen=True)
class OwnRecord:
    """Everything of one person that this phone holds and can hand out."""

    now: Now
    patient_id: bytes
    device_id: bytes
    initials: str
    clinic_name: str
    treatment: str
    sessions_planned: int
    record_number: int
    sessions: tuple[SessionLine, ...] = ()
    checkins: tuple[Scored, ...] = ()

    @property
    def completed(self) -> int:
        """Sessions with every planned pulse."""
        return sum(session.completed for session in self.sessions)

    @property
    def pulses(self) -> int:
        """Pulses charged in all."""
        return sum(session.charged_pulses for session in self.sessions)
