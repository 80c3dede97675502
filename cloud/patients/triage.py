"""The list of today: who needs somebody, and why, in words."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.holds.service import HoldState, state_of
from cloud.patients.charts import DayBar, Spark, fortnight, spark
from cloud.patients.record import TreatmentRecord
from cloud.patients.service import age
from cloud.prescriptions.service import read_prescription
from cloud.proof.service import title_of, urgency_of
from cloud.times import Times, ago
from shared.stimulation.catalogue import catalogue

ORDER = ("now", "today", "held", "setup", "course")
WORDS = {"now": "Now", "today": "Today", "held": "Held", "setup": "Set up", "course": "On course"}


@dataclass(frozen=True)
class Why:
    """The reason why a patient stands where they stand."""

    urgency: str
    title: str
    detail: str

    @property
    def word(self) -> str:
        """The word of the badge."""
        return WORDS[self.urgency]


@dataclass(frozen=True)
class Row:
    """One patient of the list."""

    patient_id: str
    name: str
    about: str
    why: Why
    bars: tuple[DayBar, ...]
    spark: Spark


def row(record: TreatmentRecord, times: Times, *, now_ms: int) -> Row:
    """Return the patient's row."""
    patient = record.patient
    return Row(
        patient_id=patient.patient_id.hex(),
        name=patient.name,
        about=_about(record, times, now_ms),
        why=why(record, times, now_ms=now_ms),
        bars=fortnight(record, times, now_ms),
        spark=spark(record.checkins),
    )


def by_need(rows: list[Row]) -> list[Row]:
    """Return the rows, the most urgent first."""
    return sorted(rows, key=lambda each: (ORDER.index(each.why.urgency), each.name))


def why(record: TreatmentRecord, times: Times, *, now_ms: int) -> Why:
    """Return the gravest reason, else how things stand."""
    found = [*_alerts(record, now_ms), *_record(record), *_hold(record), *_setup(record)]
    if not found:
        found = [_course(record, times, now_ms)]
    return min(found, key=lambda each: ORDER.index(each.urgency))


def _about(record: TreatmentRecord, times: Times, now_ms: int) -> str:
    years = age(record.patient.birth_date, times.day(now_ms))
    if record.signed is None:
        return f"{years}, not prescribed yet"
    limits = read_prescription(record.signed).limits
    name = catalogue().entry(record.signed.protocol_id).name.split(",")[0]
    return f"{years}, {name}, session {len(record.sessions)} of {limits.course_sessions}"


def _alerts(record: TreatmentRecord, now_ms: int) -> list[Why]:
    return [
        Why(
            alert.urgency,
            alert.title,
            f"{ago(alert.raised_ms, now_ms).capitalize()}. {alert.detail}",
        )
        for alert in record.alerts
    ]


def _record(record: TreatmentRecord) -> list[Why]:
    return [Why(urgency_of(each), title_of(each), each.detail) for each in record.standing]


def _hold(record: TreatmentRecord) -> list[Why]:
    hold = record.active_hold
    if hold is None:
        return []
    state = state_of(hold)
    detail = {
        HoldState.ASKED: "Asked; it waits for the phone. The band may still treat.",
        HoldState.ON_PHONE: "On the phone; it waits for the band. The band may still treat.",
        HoldState.IN_FORCE: "In force: the band's own record says so.",
    }[state]
    return [Why("held", f"Hold {state.value}", detail)]


def _setup(record: TreatmentRecord) -> list[Why]:
    if record.signed is None:
        return [Why("setup", "No prescription yet", "Draft one and sign it at the signing desk.")]
    if record.phone is None:
        return [Why("setup", "No phone yet", "The one-time code waits to be used.")]
    if record.in_force is None:
        return [Why("setup", "Prescription not on the band yet", "It waits for phone and band.")]
    return []


def _course(record: TreatmentRecord, times: Times, now_ms: int) -> Why:
    newest = next((s for s in reversed(record.sessions) if s.closed_ms is not None), None)
    if newest is None or newest.closed_ms is None:
        return Why("course", "Ready for the first session", "Nothing delivered yet.")
    when = times.said(newest.closed_ms, now_ms)
    return Why("course", f"Last session {when}", f"{newest.charged_pulses} pulses delivered.")
