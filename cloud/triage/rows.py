"""The shown patients of the list: every reason in words with its age, and what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.language import _, p_, told
from cloud.patients.charts import Spark, fortnight, spark
from cloud.patients.gathering import gather_all
from cloud.patients.models import Patient
from cloud.patients.record import TreatmentRecord
from cloud.patients.service import age_of
from cloud.patients.triage import COURSE, Why, about, reasons
from cloud.times import Times, begun
from cloud.triage.contacts import SAID, newest_calls
from cloud.triage.due import with_due
from cloud.triage.marks import Fortnight, drawn
from cloud.triage.models import Contact, Snooze
from cloud.triage.standing import PUT_OFF, Standing, Waiting


@dataclass(frozen=True)
class Row:
    """One patient of the list; ``done`` are lines about calls, what was put off, whose task."""

    patient_id: str
    name: str
    age: int | None
    about: str
    place: str
    reasons: tuple[Why, ...]
    done: tuple[str, ...]
    bars: Fortnight
    spark: Spark

    @property
    def word(self) -> str:
        """The word of the badge."""
        return place_in_words(self.place)

    @property
    def first(self) -> Why:
        """The gravest reason."""
        return self.reasons[0]

    @property
    def acknowledged(self) -> Why | None:
        """The gravest reason that acknowledging ends."""
        return next((each for each in self.reasons if each.alert), None)


@dataclass(frozen=True)
class Told:
    """What is said beside the reasons, for whom it is asked."""

    calls: Mapping[bytes, Contact]
    due: Mapping[bytes, int]
    snoozes: Mapping[bytes, Snooze]
    names: Mapping[bytes, str]


def place_in_words(place: str) -> str:
    """Return the word for where a patient stands."""
    if place == PUT_OFF:
        return p_("urgency", "Put off")
    return Why(place, "", "").word


def patients_named(session: Session, clinic_id: str, ids: Sequence[bytes]) -> dict[bytes, Patient]:
    """Return these patients, each to be opened when its name is asked for."""
    found = session.scalars(
        select(Patient).where(Patient.clinic_id == clinic_id, Patient.patient_id.in_(ids))
    )
    return {each.patient_id: each for each in found}


def rows(
    session: Session,
    clinic_id: str,
    shown: Sequence[Standing],
    patients: Mapping[bytes, Patient],
    names: Mapping[bytes, str],
    waiting: Waiting,
    times: Times,
    *,
    now_ms: int,
) -> list[Row]:
    """Return the rows of who is shown, in their order; ``names`` are those of the staff."""
    ids = [each.patient_id for each in shown]
    records = gather_all(session, clinic_id, [patients[each] for each in ids], only=True)
    told_of = Told(
        newest_calls(session, clinic_id, ids),
        waiting.due,
        waiting.asleep,
        names,
    )
    return [
        _row(each, record, told_of, times, now_ms)
        for each, record in zip(shown, records, strict=True)
    ]


def call_in_words(call: Contact, by: str, times: Times, now_ms: int) -> str:
    """Return what became of a call, and when it is tried next."""
    said = _called(call, by, times, now_ms)
    if call.next_ms is None:
        return said
    when = times.said(call.next_ms, now_ms)
    if call.next_ms > now_ms:
        return f"{said} " + _("Next try {when}.").format(when=when)
    return f"{said} " + _("The next try was due {when}.").format(when=when)


def _called(call: Contact, by: str, times: Times, now_ms: int) -> str:
    when = times.said(call.called_ms, now_ms)
    return told(SAID[call.outcome]).format(when=when, name=by)


def _row(
    standing: Standing, record: TreatmentRecord, told_of: Told, times: Times, now_ms: int
) -> Row:
    due_ms = told_of.due.get(standing.patient_id)
    found = with_due(reasons(record, times, now_ms=now_ms), due_ms, times, now_ms=now_ms)
    patient = record.patient
    return Row(
        patient_id=patient.patient_id.hex(),
        name=patient.name,
        age=age_of(patient, times.day(now_ms)),
        about=about(record, times, now_ms=now_ms),
        place=standing.place,
        reasons=found,
        done=tuple(_done(standing, found, told_of, times, now_ms)),
        bars=drawn(fortnight(record, times, now_ms)),
        spark=spark(record.checkins),
    )


def _done(
    standing: Standing, found: Sequence[Why], told_of: Told, times: Times, now_ms: int
) -> list[str]:
    lines = []
    call = told_of.calls.get(standing.patient_id)
    if call is not None and _still_says(call, found):
        by = told_of.names.get(call.called_by, _("somebody"))
        # A try that is due is among the reasons.
        words = _called if standing.patient_id in told_of.due else call_in_words
        lines.append(words(call, by, times, now_ms))
    snooze = told_of.snoozes.get(standing.patient_id)
    if snooze is not None and standing.place == PUT_OFF:
        line = _("Put off until {when} by {name}: {reason}").format(
            when=times.said(snooze.until_ms, now_ms),
            name=told_of.names.get(snooze.put_off_by, _("somebody")),
            reason=snooze.reason,
        )
        lines.append(line)
    task = told_of.names.get(standing.assigned_to) if standing.assigned_to else None
    if task:
        lines.append(_("Task of {name}.").format(name=task))
    return [begun(each) for each in lines]


def _still_says(call: Contact, found: Sequence[Why]) -> bool:
    """A call says something as long as what it was about may be open, or another try is planned."""
    oldest_ms = min((each.since_ms or 0 for each in found if each.urgency != COURSE), default=None)
    return call.next_ms is not None or (oldest_ms is not None and call.called_ms >= oldest_ms)
