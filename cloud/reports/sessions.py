"""Sessions of a report: what the verified record says was given, beside what was prescribed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from cloud.dose.deliveries import NO_COURSE
from cloud.ledger.models import DeliveredSession
from shared.dose.prescription import Prescription, ThresholdKind
from shared.wire.records import SessionKind


@dataclass(frozen=True)
class ReportSession:
    """One session.

    ``percents`` is the prescribed intensity of each part, in percent of threshold; empty where none
    applies: a fixed output, a titration, or a prescription that the clinic doesn't know.
    ``percent_mso`` is what the band recorded last, in percent of maximum output; ``other_output``
    says that no part of the prescription asks for it.
    """

    row: DeliveredSession
    prescription: Prescription | None
    percents: tuple[int, ...]
    other_output: bool

    @property
    def day(self) -> date:
        """The local day on which it began."""
        return date.fromordinal(self.row.day)

    @property
    def kind(self) -> SessionKind:
        """Treatment, the rest of one, or titration."""
        return SessionKind(self.row.kind)

    @property
    def is_whole(self) -> bool:
        """Whether every planned pulse was charged."""
        return self.row.charged_pulses >= self.row.planned_pulses


@dataclass(frozen=True)
class Sums:
    """What the sessions add up to; ``titration`` counts pulses that belong to no course."""

    treatments: int
    whole: int
    partial: int
    make_ups: int
    pulses: int
    titration: int


def report_sessions(
    rows: Iterable[DeliveredSession], prescriptions: Mapping[bytes, Prescription]
) -> tuple[ReportSession, ...]:
    """Return all of a patient's sessions, the oldest first.

    ``prescriptions`` are the clinic's by their hash. A course's ramp goes by its completed
    sessions, so the rows must begin with its first.
    """
    done: Counter[bytes] = Counter()
    found = []
    for row in sorted(rows, key=lambda each: (each.day, each.opened_ms or 0, each.opened_number)):
        prescription = prescriptions.get(row.prescription_hash)
        found.append(_session(row, prescription, done[row.course_id]))
        whole = row.charged_pulses >= row.planned_pulses
        if whole and row.kind != int(SessionKind.TITRATION):
            done[row.course_id] += 1
    return tuple(found)


def newest_course(sessions: Iterable[ReportSession]) -> tuple[ReportSession, ...]:
    """Return the sessions of the course that was treated last."""
    charged = [each for each in sessions if each.row.course_id != NO_COURSE]
    return tuple(each for each in charged if each.row.course_id == charged[-1].row.course_id)


def sums_of(sessions: Iterable[ReportSession]) -> Sums:
    """Add the sessions up; one without a pulse is no treatment."""
    of_kind: dict[SessionKind, list[ReportSession]] = {kind: [] for kind in SessionKind}
    for each in sessions:
        of_kind[each.kind].append(each)
    treatments = [each for each in of_kind[SessionKind.TREATMENT] if each.row.charged_pulses]
    make_ups = [each for each in of_kind[SessionKind.MAKE_UP] if each.row.charged_pulses]
    whole = sum(each.is_whole for each in treatments)
    return Sums(
        treatments=len(treatments),
        whole=whole,
        partial=len(treatments) - whole,
        make_ups=len(make_ups),
        pulses=sum(each.row.charged_pulses for each in [*treatments, *make_ups]),
        titration=sum(each.row.charged_pulses for each in of_kind[SessionKind.TITRATION]),
    )


def _session(
    row: DeliveredSession, prescription: Prescription | None, completed: int
) -> ReportSession:
    if prescription is None or row.kind == int(SessionKind.TITRATION):
        return ReportSession(row, prescription, (), other_output=False)
    parts = range(len(prescription.parts))
    percents = tuple(
        prescription.intensity_percent(part, completed)
        for part in parts
        if prescription.threshold_of(part).kind is not ThresholdKind.NONE
    )
    asked = {prescription.percent_mso(part, completed) for part in parts}
    other = row.percent_mso is not None and row.percent_mso not in asked
    return ReportSession(row, prescription, percents, other_output=other)
