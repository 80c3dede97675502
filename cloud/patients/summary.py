"""The four cards of a patient's page, in words."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.checkins.scores import questionnaire
from cloud.holds.models import Hold
from cloud.holds.service import REASONS, HoldState, state_of
from cloud.patients.foresee import Foresight
from cloud.patients.record import TreatmentRecord
from cloud.patients.triage import why
from cloud.prescriptions.service import read_prescription
from cloud.proof.service import title_of, urgency_of
from cloud.times import Times
from shared.dose.reasons import Reason, ReasonCode


@dataclass(frozen=True)
class Card:
    """A label, what counts, and a line below; ``tone`` is plain, wait or stop."""

    label: str
    figure: str
    detail: str
    tone: str = "plain"


@dataclass(frozen=True)
class HoldStep:
    """One of the three steps of a hold, with its time once it was reached."""

    name: str
    detail: str
    reached: str | None


@dataclass(frozen=True)
class HoldView:
    """A hold as the page tells it."""

    title: str
    reason: str
    state: str
    in_force: bool
    steps: tuple[HoldStep, ...]


@dataclass(frozen=True)
class Summary:
    """The cards, the hold if there is one, and the last score."""

    record: Card
    sessions: Card
    next: Card
    open: Card
    hold: HoldView | None
    score: str | None


def summarise(
    record: TreatmentRecord, foresight: Foresight | None, times: Times, *, now_ms: int
) -> Summary:
    """Return the page's cards."""
    hold = record.active_hold
    return Summary(
        record=_record(record, times, now_ms),
        sessions=_sessions(record),
        next=_next(record, foresight, times, now_ms),
        open=_open(record, times, now_ms),
        hold=_hold(hold, times, now_ms) if hold else None,
        score=_score(record),
    )


def _record(record: TreatmentRecord, times: Times, now_ms: int) -> Card:
    chain = record.chain
    if chain is None:
        if record.sessions:
            return Card("Record", "Handed on", "The band has another patient now")
        return Card("Record", "Nothing yet", "It begins when the band meets the phone")
    number = f"{chain.verified_to:,}"
    if record.standing:
        found = record.standing[0]
        tone = "stop" if urgency_of(found) == "now" else "wait"
        detail = f"{title_of(found)}; verified to number {number}"
        return Card("Record", "Look at it", detail, tone)
    if chain.verified_ms is None:
        detail = f"{chain.received_to:,} records wait for the band's signature"
        return Card("Record", "Not verified yet", detail, "wait")
    when = times.said(chain.verified_ms, now_ms)
    return Card("Record", "Complete", f"Record complete, verified to number {number}, {when}")


def _sessions(record: TreatmentRecord) -> Card:
    if record.signed is None:
        return Card("Sessions", "None prescribed", "Draft a prescription first")
    limits = read_prescription(record.signed).limits
    figure = f"{len(record.sessions)} of {limits.course_sessions}, {record.whole_sessions} whole"
    detail = f"{record.delivered_pulses:,} pulses delivered"
    if record.partial_sessions:
        detail += f", {record.partial_sessions} partial"
    return Card("Sessions", figure, detail)


def _next(record: TreatmentRecord, foresight: Foresight | None, times: Times, now_ms: int) -> Card:
    if foresight is None:
        detail = "The band has no prescription yet" if record.signed else "Nothing is prescribed"
        return Card("Next", "Not yet", detail)
    if foresight.by_clinic or foresight.from_ms is None:
        return Card("Next", "Waits for you", _staff_words(foresight.gravest), "wait")
    if foresight.from_ms <= now_ms:
        return Card("Next", "From now", "After the safety questions; the band decides")
    figure = f"From {times.said(foresight.from_ms, now_ms)}"
    return Card("Next", figure, _staff_words(foresight.last_wait))


def _staff_words(reason: Reason | None) -> str:
    if reason is None:
        return "The band decides"
    return _STAFF_WORDS.get(reason.code, reason.words)


_STAFF_WORDS = {
    ReasonCode.HOLD: "A hold is in force; it has to be lifted",
    ReasonCode.SESSION_INTERVAL: "Time between two sessions, kept by the band",
    ReasonCode.DAY_WINDOW: "The day window, kept by the band",
    ReasonCode.WEEK_WINDOW: "The week's limit, kept by the band",
    ReasonCode.COURSE_DONE: "The course is done",
    ReasonCode.EXPIRED: "The prescription has ended",
    ReasonCode.THRESHOLD_OLD: "The threshold is to be measured again",
}


def _open(record: TreatmentRecord, times: Times, now_ms: int) -> Card:
    found = why(record, times, now_ms=now_ms)
    if found.urgency == "course":
        return Card("Open", "Nothing", found.detail)
    return Card("Open", found.title, found.detail, "stop" if found.urgency == "now" else "wait")


def _score(record: TreatmentRecord) -> str | None:
    if not record.checkins:
        return None
    asked, newest = questionnaire(), record.checkins[-1]
    total = newest.score or 0
    band = next(b.name for b in asked.bands if b.lowest <= total <= b.highest)
    return f"{total} of {asked.maximum}, {band}"


def _hold(hold: Hold, times: Times, now_ms: int) -> HoldView:
    state = state_of(hold)
    steps = (
        HoldStep("Asked", "by you, on this page", times.said(hold.asked_ms, now_ms)),
        HoldStep(
            "On the phone",
            "signed, and fetched by the app",
            times.said(hold.on_phone_ms, now_ms) if hold.on_phone_ms else None,
        ),
        HoldStep(
            "In force",
            f"record {hold.record_number} of the band" if hold.record_number else "by the band",
            times.said(hold.in_force_ms, now_ms) if hold.in_force_ms else None,
        ),
    )
    return HoldView(
        title=f"Hold {state.value}",
        reason=REASONS.get(hold.reason, hold.reason),
        state=state.value,
        in_force=state is HoldState.IN_FORCE,
        steps=steps,
    )
