"""The day at a glance: what now in one card, how things stand in rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from mobile.presenters.lock import Lock, lock_words
from mobile.presenters.views import Chip, Notice, Row, TodayView, Tone
from mobile.presenters.words import (
    Now,
    about_minutes,
    count,
    day,
    day_and_time,
    greeting,
    hours_of,
)
from shared.dose.prescription import Prescription

CHECKIN_EVERY_MS = 7 * 86_400_000
WATCH_LIMIT_MS = 15 * 60_000


class Nearness(Enum):
    """Where the band is, as far as the phone knows."""

    CONNECTED = auto()
    CONNECTING = auto()
    AWAY = auto()
    NO_BLUETOOTH = auto()
    NOT_ALLOWED = auto()
    NOT_PAIRED = auto()


@dataclass(frozen=True)
class BandFacts:
    """The band as last heard."""

    nearness: Nearness
    battery_percent: int | None = None
    heard_wall_ms: int | None = None


@dataclass(frozen=True)
class RecordFacts:
    """What waits for the clinic, and when it was last reached."""

    waiting: int
    refused: int
    reached_wall_ms: int | None
    reachable: bool
    watched_wall_ms: int | None


@dataclass(frozen=True)
class DayFacts:
    """Everything that the day's screen shows."""

    now: Now
    prescription: Prescription | None
    sessions_done: int
    lock: Lock
    band: BandFacts
    record: RecordFacts
    last_session_wall_ms: int | None
    last_checkin_wall_ms: int | None
    notice: Notice | None = None


def today_view(facts: DayFacts) -> TodayView:
    """Return the day's screen."""
    planned = facts.prescription.limits.course_sessions if facts.prescription else 0
    card = _card(facts)
    return TodayView(
        greeting=greeting(facts.now),
        subtitle=_subtitle(facts, planned),
        sessions_done=facts.sessions_done,
        sessions_planned=planned,
        chip=card.chip,
        lead=card.lead,
        title=card.title,
        detail=card.detail,
        body=card.body,
        reasons=tuple(reason.reason.words for reason in facts.lock.reasons),
        button=card.button,
        button_action=card.button_action,
        rows=_rows(facts),
        notice=facts.notice,
    )


@dataclass(frozen=True)
class _Card:
    chip: Chip
    lead: str | None
    title: str
    detail: str | None
    body: str
    button: str | None = None
    button_action: str | None = None


def _subtitle(facts: DayFacts, planned: int) -> str:
    if not planned:
        return "Your plan comes from your clinic"
    if facts.lock.permitted or facts.lock.asks_questions_only:
        return f"Session {min(facts.sessions_done + 1, planned)} of {planned}"
    return f"{facts.sessions_done} of {planned} sessions done"


def _card(facts: DayFacts) -> _Card:
    if facts.band.nearness is Nearness.NOT_PAIRED:
        return _Card(
            Chip("One more step", Tone.WAIT),
            None,
            "Connect your band",
            None,
            "This phone and the band need to know each other first.",
            "Connect the band",
            "find-band",
        )
    if facts.prescription is not None and facts.lock.permitted:
        return _open_card(facts, facts.prescription)
    words = lock_words(facts.lock, facts.now)
    offers = facts.lock.asks_questions_only and facts.band.nearness is Nearness.CONNECTED
    return _Card(
        words.chip,
        words.lead,
        words.title,
        words.detail,
        _locked_body(facts),
        "Get ready" if offers else None,
        "get-ready" if offers else None,
    )


def _open_card(facts: DayFacts, plan: Prescription) -> _Card:
    title = f"Today's session: {about_minutes(plan.session_ms)}"
    body = (
        f"{plan.pulses_per_session} pulses in {plan.trains_per_session} short trains. "
        "The button on the band starts it; you can stop at any moment."
    )
    chip = Chip("Ready when you are", Tone.OK)
    if facts.band.nearness is not Nearness.CONNECTED:
        return _Card(chip, None, title, None, f"{body} Bring the band near this phone.")
    return _Card(chip, None, title, None, body, "Get ready", "get-ready")


def _locked_body(facts: DayFacts) -> str:
    if facts.prescription is None:
        return "It arrives by itself, as soon as your clinic has signed it."
    if facts.lock.asks_questions_only:
        return "They take a minute. After them the band says whether a session may begin."
    if not any(reason.ends_wall_ms is not None for reason in facts.lock.reasons):
        return "Nothing is lost: the session moves, it doesn't fall away."
    return _resting_body(facts, facts.prescription)


def _resting_body(facts: DayFacts, plan: Prescription) -> str:
    limits = plan.limits
    a_day = (
        "one session"
        if limits.sessions_per_day_window == 1
        else (count(limits.sessions_per_day_window, "session"))
    )
    apart = hours_of(max(limits.min_interval_s, _day_spacing_s(plan)))
    sentences = [f"Your plan has {a_day} a day, at least {apart} apart."]
    if facts.last_session_wall_ms is not None:
        ended = day_and_time(facts.now, facts.last_session_wall_ms)
        sentences.append(f"Your last one ended {ended}.")
    sentences.append("The band keeps this time by itself.")
    return " ".join(sentences)


def _day_spacing_s(plan: Prescription) -> int:
    return plan.limits.day_window_s if plan.limits.sessions_per_day_window == 1 else 0


def _rows(facts: DayFacts) -> tuple[Row, ...]:
    rows = [Row("Stimulator", _band_words(facts)), Row("Your record", _record_words(facts))]
    rows.append(Row("Your clinic", _watch_words(facts)))
    rows.append(Row("Weekly check-in", _checkin_words(facts), "check-in"))
    return tuple(rows)


def _band_words(facts: DayFacts) -> str:
    band = facts.band
    if band.nearness is Nearness.CONNECTED:
        battery = "" if band.battery_percent is None else f", battery {band.battery_percent} %"
        return f"Connected{battery}"
    if band.nearness is Nearness.CONNECTING:
        return "Looking for it"
    if band.nearness is Nearness.NO_BLUETOOTH:
        return "Bluetooth is off on this phone"
    if band.nearness is Nearness.NOT_ALLOWED:
        return "This app may not use Bluetooth: allow it in the phone's settings"
    if band.nearness is Nearness.NOT_PAIRED:
        return "Not connected yet"
    if band.heard_wall_ms is None:
        return "Not near"
    return f"Not near, last heard {day_and_time(facts.now, band.heard_wall_ms)}"


def _record_words(facts: DayFacts) -> str:
    record = facts.record
    if record.refused:
        return f"{count(record.refused, 'item')} not accepted: call the clinic"
    if record.waiting:
        verb = "waits" if record.waiting == 1 else "wait"
        return f"{count(record.waiting, 'item')} {verb} for a network"
    if record.reached_wall_ms is None:
        return "Nothing sent yet"
    return f"Safe with the clinic, {day_and_time(facts.now, record.reached_wall_ms)}"


def _watch_words(facts: DayFacts) -> str:
    record = facts.record
    if not record.reachable or record.reached_wall_ms is None:
        return "Can't be reached just now"
    if record.watched_wall_ms is None or (
        record.reached_wall_ms - record.watched_wall_ms > WATCH_LIMIT_MS
    ):
        return "Nobody is watching now"
    return f"Watching, {day_and_time(facts.now, record.watched_wall_ms)}"


def _checkin_words(facts: DayFacts) -> str:
    last_ms = facts.last_checkin_wall_ms
    if last_ms is None or facts.now.wall_ms - last_ms >= CHECKIN_EVERY_MS:
        return "Due today, 2 minutes"
    return f"Done {day_and_time(facts.now, last_ms)}, next {_next_day(facts.now, last_ms)}"


def _next_day(now: Now, last_ms: int) -> str:
    return day(now, last_ms + CHECKIN_EVERY_MS)
