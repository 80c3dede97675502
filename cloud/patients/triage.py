"""The list of today: who needs somebody, and why, in words."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.alerts.findings import NOW
from cloud.alerts.in_words import detail_in_words
from cloud.alerts.models import TOLD, Alert
from cloud.alerts.rules.hold import waits
from cloud.holds.service import HoldState, state_of
from cloud.language import _, n_, number, p_, told
from cloud.language.stored import stored
from cloud.patients.charts import DayBar, Spark, fortnight, spark
from cloud.patients.record import TreatmentRecord
from cloud.patients.service import age_of
from cloud.prescriptions.service import read_prescription
from cloud.proof.service import title_of, urgency_of
from cloud.times import Times, ago, begun
from shared.stimulation.catalogue import catalogue

COURSE = "course"
ORDER = ("now", "today", "held", "setup", COURSE)
CANNOT_WAIT = ("red-flag", "self-harm")
"""Families of causes (`cloud.alerts.rules`) that nobody may put off, however urgent they are."""


@dataclass(frozen=True)
class Why:
    """One reason why a patient stands where they stand.

    ``since_ms`` is when it came, None where nothing is open; ``alert`` is the open alert's id in
    hexadecimal where acknowledging ends it; ``can_wait`` is whether it may be put off.
    """

    urgency: str
    title: str
    detail: str
    since_ms: int | None = None
    alert: str = ""
    can_wait: bool = True

    @property
    def word(self) -> str:
        """The word of the badge."""
        return {
            "now": p_("urgency", "Now"),
            "today": p_("urgency", "Today"),
            "held": p_("urgency", "Held"),
            "setup": p_("urgency", "Set up"),
            "course": p_("urgency", "On course"),
        }[self.urgency]


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
        about=about(record, times, now_ms=now_ms),
        why=why(record, times, now_ms=now_ms),
        bars=fortnight(record, times, now_ms),
        spark=spark(record.checkins),
    )


def why(record: TreatmentRecord, times: Times, *, now_ms: int) -> Why:
    """Return the gravest reason, else how things stand."""
    return reasons(record, times, now_ms=now_ms)[0]


def reasons(record: TreatmentRecord, times: Times, *, now_ms: int) -> tuple[Why, ...]:
    """Return every reason, the gravest first and of one urgency the oldest; where nothing is open,
    how the course stands."""
    alerts = _alerts(record, now_ms)
    titles = {each.title for each in alerts}
    # What is wrong with the record is told by an alert, too: once is enough.
    flaws = [each for each in _record(record, now_ms) if each.title not in titles]
    found = [*alerts, *flaws, *_hold(record, now_ms), *_setup(record, now_ms)]
    if not found:
        found = [_course(record, times, now_ms)]
    return tuple(sorted(found, key=lambda each: (ORDER.index(each.urgency), each.since_ms or 0)))


def about(record: TreatmentRecord, times: Times, *, now_ms: int) -> str:
    """Return age, protocol and how far the course is."""
    years = age_of(record.patient, times.day(now_ms))
    if years is None:
        return record.patient.name
    if record.signed is None:
        return _("{age}, not prescribed yet").format(age=years)
    plan = read_prescription(record.signed)
    name = told(catalogue().entry(record.signed.protocol_id).name).split(",")[0]
    return _("{age}, {protocol}, session {count} of {all}").format(
        age=years,
        protocol=name,
        count=record.given_in(plan.course_id),
        all=plan.limits.course_sessions,
    )


def _alerts(record: TreatmentRecord, now_ms: int) -> list[Why]:
    return [
        Why(
            alert.urgency,
            stored(alert.title),
            aged(alert.raised_ms, now_ms, detail_in_words(alert.detail)),
            since_ms=alert.raised_ms,
            alert=alert.alert_id.hex(),
            can_wait=alert.urgency != NOW and _can_wait(alert),
        )
        for alert in record.alerts
    ]


def _can_wait(alert: Alert) -> bool:
    """A cause whose words don't open may be anything: it can't wait, either."""
    return not (alert.told or alert.cause).startswith((*CANNOT_WAIT, TOLD))


def _record(record: TreatmentRecord, now_ms: int) -> list[Why]:
    return [
        Why(
            urgency_of(each),
            stored(title_of(each)),
            aged(each.found_ms, now_ms, stored(each.detail)),
            since_ms=each.found_ms,
            can_wait=urgency_of(each) != NOW,
        )
        for each in record.standing
    ]


def aged(since_ms: int, now_ms: int, detail: str) -> str:
    """Return a detail behind how long ago it came."""
    return f"{begun(ago(since_ms, now_ms))}. {detail}"


def hold_in_words(state: HoldState) -> str:
    """Return how far a hold has come, as a title."""
    return {
        HoldState.ASKED: _("Hold asked, not in force"),
        HoldState.ON_PHONE: _("Hold on the phone, not in force"),
        HoldState.IN_FORCE: _("Hold in force"),
        HoldState.ENDED: _("Hold ended"),
    }[state]


def _hold(record: TreatmentRecord, now_ms: int) -> list[Why]:
    hold = record.furthest_hold
    if hold is None or any(
        (each.told or each.cause) == waits(hold.hold_id) for each in record.alerts
    ):
        return []
    state = state_of(hold)
    detail = {
        HoldState.ASKED: _("Asked; it waits for the phone. The band may still treat."),
        HoldState.ON_PHONE: _("On the phone; it waits for the band. The band may still treat."),
        HoldState.IN_FORCE: _("In force: the band's own record says so."),
    }[state]
    words = aged(hold.asked_ms, now_ms, f"{record.placers.asked(hold)}. {detail}")
    return [Why("held", hold_in_words(state), words, since_ms=hold.asked_ms)]


def _setup(record: TreatmentRecord, now_ms: int) -> list[Why]:
    signed = record.signed
    if signed is None:
        since_ms = record.patient.created_ms
        title = _("No prescription yet")
        detail = _("Draft one and sign it at the signing desk.")
    elif record.phone is None:
        since_ms = signed.signed_ms or signed.drafted_ms
        title, detail = _("No phone yet"), _("The one-time code waits to be used.")
    elif record.in_force is None:
        since_ms = max(signed.signed_ms or signed.drafted_ms, record.phone.enrolled_ms)
        title = _("Prescription not on the band yet")
        detail = _("It waits for phone and band.")
    else:
        return []
    return [Why("setup", title, aged(since_ms, now_ms, detail), since_ms=since_ms)]


def _course(record: TreatmentRecord, times: Times, now_ms: int) -> Why:
    newest = next((s for s in reversed(record.sessions) if s.closed_ms is not None), None)
    if newest is None or newest.closed_ms is None:
        return Why("course", _("Ready for the first session"), _("Nothing delivered yet."))
    when = times.said(newest.closed_ms, now_ms)
    pulses = newest.charged_pulses
    delivered = n_("{count} pulse delivered.", "{count} pulses delivered.", pulses)
    return Why(
        "course",
        _("Last session {when}").format(when=when),
        delivered.format(count=number(pulses)),
    )
