"""A patient's timeline as the page shows it: its window, its axis and its lanes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from cloud.adherence.definition import CourseFacts, missed_days
from cloud.patients.models import Patient
from cloud.timeline.axis import Axis, Tick
from cloud.timeline.dose import dose_lane
from cloud.timeline.events import events_lane, messages_lane
from cloud.timeline.gathered import gather_window
from cloud.timeline.holds import holds_lane
from cloud.timeline.legend import legend
from cloud.timeline.marks import WIDTH, Lane, Mark
from cloud.timeline.scores import score_lanes
from cloud.timeline.told import effects_lane, medicine_lane, sleep_lane
from cloud.timeline.window import Span, Window, window_of
from cloud.times import Times

EMPTY = 40.0
"""How high a lane is that has nothing but the words that say so."""


@dataclass(frozen=True)
class Timeline:
    """All lanes over one window. ``today`` is where today lies on the axis."""

    window: Window
    days: tuple[str, ...]
    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]
    today: int

    @property
    def step(self) -> float:
        """How wide a day is before the script has measured."""
        return WIDTH / self.window.days

    def query(self, span: str, until: date | None = None) -> str:
        """What an address says to show a window."""
        asked = {"span": span}
        if until is not None and until < self.window.today:
            asked["until"] = until.isoformat()
        return urlencode(asked)

    @property
    def here(self) -> str:
        """What an address says to show this one."""
        return self.query(self.window.span, self.window.last)

    @property
    def legend(self) -> tuple[tuple[Mark, str], ...]:
        """The signs and their words."""
        return legend()

    @property
    def spans(self) -> tuple[Span, ...]:
        """Every span that there is."""
        return tuple(Span)


def timeline(
    session: Session,
    patient: Patient,
    facts: CourseFacts | None,
    times: Times,
    *,
    now_ms: int,
    span: str = "",
    until: str = "",
) -> Timeline:
    """Return the timeline that an address asks for."""
    today = times.day(now_ms)
    begun = times.day(patient.created_ms)
    window = window_of(span, until, today=today, course_first=_course_first(facts, begun))
    missed = missed_days(facts, today=today.toordinal()) if facts else {}
    gathered = gather_window(
        session, patient.clinic_id, patient.patient_id, window, times, missed=missed
    )
    axis = Axis(window, times)
    address = f"/patients/{patient.patient_id.hex()}"
    return Timeline(
        window=window,
        days=tuple(axis.day(place) for place in range(window.days)),
        ticks=axis.ticks(),
        lanes=tuple(
            each if each.rows or each.areas else replace(each, height=min(each.height, EMPTY))
            for each in (
                dose_lane(gathered, axis, patient=address),
                *score_lanes(gathered, axis),
                effects_lane(gathered, axis),
                sleep_lane(gathered, axis),
                medicine_lane(gathered, axis),
                events_lane(gathered, axis),
                messages_lane(gathered, axis),
                holds_lane(gathered, axis, now_ms=now_ms),
            )
        ),
        today=window.place(today),
    )


def _course_first(facts: CourseFacts | None, begun: date) -> date:
    """The first session's day, else when the prescription came, else when the patient did."""
    if facts is None:
        return begun
    days = [one.day for one in facts.given] or [each.from_day for each in facts.in_force]
    return date.fromordinal(min(days))
