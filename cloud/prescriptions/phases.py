"""The phases of a course in the signing desk's words, and what a week holds in each."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.adherence.definition import CourseFacts
from cloud.language import _, n_, number
from shared.dose.prescription import Phase, Prescription

_DAY_S = 86_400
_UNITS = ((3_600, "h"), (60, "min"), (1, "s"))


@dataclass(frozen=True)
class PhaseLine:
    """One phase as it's said; ``now`` is whether the course is in it."""

    name: str
    words: str
    now: bool


def completed_sessions(plan: Prescription | None, facts: CourseFacts | None) -> int:
    """Return how many sessions of a plan's course are completed, by which its phase is known; none
    of a course of which no fact is known."""
    if plan is None or facts is None:
        return 0
    if facts.in_force[-1].prescription.course_id != plan.course_id:
        return 0
    return sum(one.completed for one in facts.given)


def phase_lines(plan: Prescription, completed: int) -> tuple[PhaseLine, ...]:
    """Return the phases of a plan, the one marked that the course is in."""
    present = plan.phase(completed)
    return tuple(
        PhaseLine(_("Phase {place}").format(place=place), phase_words(phase), now=phase is present)
        for place, phase in enumerate(plan.phases, start=1)
    )


def phase_words(phase: Phase) -> str:
    """Return a phase as the signing desk says it."""
    return _("{sessions}, at most {count} a week, {length} apart or more").format(
        sessions=n_("{count} session", "{count} sessions", phase.sessions).format(
            count=number(phase.sessions)
        ),
        count=number(phase.sessions_per_week),
        length=length(phase.min_interval_s),
    )


def length(seconds: int) -> str:
    """Return a length of time as the signing desk says it, with days in words: 6 days, 4 h."""
    days, rest = divmod(seconds, _DAY_S)
    words = [n_("{count} day", "{count} days", days).format(count=number(days))] if days else []
    for size, unit in _UNITS:
        whole, rest = divmod(rest, size)
        if whole:
            words.append(f"{number(whole)} {unit}")
    return " ".join(words) or "0 s"


def in_a_week(plan: Prescription, phase: Phase | None) -> tuple[int, int]:
    """Return how many sessions and pulses a week holds at most, in a phase where there is one."""
    limits = plan.limits
    if phase is None:
        return limits.sessions_per_week, limits.pulses_per_week
    sessions = min(limits.sessions_per_week, phase.sessions_per_week)
    return sessions, min(limits.pulses_per_week, sessions * plan.pulses_per_session)
