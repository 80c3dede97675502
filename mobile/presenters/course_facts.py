"""What is known of a course: its plan, what was given, what was answered, what may be made up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mobile.presenters.calendar_words import day_of
from mobile.presenters.words import Now
from shared.dose.course_days import Given, Outlook, outlook
from shared.dose.ledger_state import ClosedSession
from shared.dose.prescription import Prescription
from shared.wire.items import CheckinBody
from shared.wire.records import SessionKind


@dataclass(frozen=True)
class Sitting:
    """One session of the course; ``made_up`` of its pulses came later."""

    at_ms: int
    pulses: int
    planned_pulses: int
    completed: bool
    made_up: int = 0

    @property
    def given(self) -> int:
        """All of its pulses."""
        return self.pulses + self.made_up


@dataclass(frozen=True)
class MakeUp:
    """The rest of the last session: how many pulses, and until when it may be given."""

    pulses: int
    until_ms: int | None


@dataclass(frozen=True)
class CourseFacts:
    """Everything that the course's pages show. ``answers`` are all check-ins, the oldest first."""

    now: Now
    prescription: Prescription | None
    sittings: tuple[Sitting, ...]
    outlook: Outlook | None
    make_up: MakeUp | None = None
    answers: tuple[CheckinBody, ...] = ()

    @property
    def began(self) -> int:
        """The first day that a chart shows."""
        days = [day_of(self.now, one.at_ms) for one in self.sittings]
        days += [day_of(self.now, one.answered_ms) for one in self.answers]
        return min([*days, self.today])

    @property
    def today(self) -> int:
        """The ordinal of today."""
        return self.now.here.date().toordinal()

    @property
    def planned(self) -> int:
        """Sessions of the whole course."""
        return 0 if self.prescription is None else self.prescription.limits.course_sessions


def sittings_of(sessions: Iterable[ClosedSession]) -> tuple[Sitting, ...]:
    """Return the sessions that gave pulses, the oldest first; what was made up joins its own."""
    found: list[Sitting] = []
    for one in sessions:
        if one.kind is SessionKind.TITRATION or not one.charged_pulses:
            continue
        if one.kind is SessionKind.MAKE_UP and found:
            last = found.pop()
            found.append(
                Sitting(
                    last.at_ms,
                    last.pulses,
                    last.planned_pulses,
                    last.completed or one.completed,
                    last.made_up + one.charged_pulses,
                )
            )
        elif one.closed_wall_ms is not None:
            found.append(
                Sitting(one.closed_wall_ms, one.charged_pulses, one.planned_pulses, one.completed)
            )
    return tuple(found)


def outlook_of(now: Now, prescription: Prescription, sittings: Sequence[Sitting]) -> Outlook:
    """Return the course on the person's calendar."""
    given = [
        Given(day_of(now, one.at_ms), one.given, one.planned_pulses, one.completed)
        for one in sittings
    ]
    today = now.here.date().toordinal()
    began = min([one.day for one in given], default=today)
    return outlook(
        prescription,
        given,
        began=began,
        today=today,
        valid_until=_valid_until(now, prescription, began),
    )


def _valid_until(now: Now, prescription: Prescription, began: int) -> int:
    until = day_of(now, (prescription.not_after_s - 1) * 1000)
    days = prescription.limits.course_days
    return until if days is None else min(until, began + days - 1)
