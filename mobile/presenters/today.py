"""The day at a glance: what now in one card, how things stand in rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto

from mobile.language import _, n_, told
from mobile.presenters.checkins import Wanted, checkins_words, due_of
from mobile.presenters.holds import Origin, hold_words
from mobile.presenters.lapse import ClearanceFacts, lapse_notice, lapse_row
from mobile.presenters.lock import Lock, lock_words
from mobile.presenters.messages import unread_words
from mobile.presenters.reach import Reach, opening_sentence, your_clinic_call
from mobile.presenters.threshold_due import threshold_row
from mobile.presenters.views import Call, Chip, Notice, Row, TodayView, Tone
from mobile.presenters.words import (
    Now,
    about_minutes,
    day,
    day_and_time,
    greeting,
    hours_of,
)
from shared.dose.prescription import Prescription
from shared.dose.reasons import Reason, ReasonCode

REMIND_ME = "remind-me"
_RUN_OUT = {ReasonCode.CLEARANCE_OLD, ReasonCode.CLEARANCE_MISSING}
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
    checkins: tuple[Wanted, ...] = ()
    unread_messages: int = 0
    record_is_part: bool = False
    band_went_back: bool = False
    record_begins_ms: int | None = None
    notice: Notice | None = None
    clearance: ClearanceFacts | None = None
    reach: Reach | None = None
    asks_after: bool = False
    reminds: bool = True
    held_by: Collection[Origin] = ()


def today_view(facts: DayFacts) -> TodayView:
    """Return the day's screen."""
    planned = facts.prescription.limits.course_sessions if facts.prescription else 0
    if facts.record_is_part:
        planned = 0
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
        reasons=tuple(_reason_words(reason.reason) for reason in facts.lock.reasons),
        button=card.button,
        button_action=card.button_action,
        rows=_rows(facts),
        notice=facts.notice,
        call=card.call,
        later=lapse_notice(facts.now, facts.clearance),
    )


def _reason_words(reason: Reason) -> str:
    """A hold's own sentence is the record's, and says that the clinic placed it; that of the day's
    window speaks of today, and stands after midnight as well."""
    if reason.code is ReasonCode.HOLD:
        return _("The treatment is paused.")
    if reason.code in _RUN_OUT:
        return _("The clinic's permission has to be renewed. The phone fetches it.")
    if reason.code is ReasonCode.DAY_WINDOW:
        return _("The day's session is done. The band keeps the time to the next.")
    return told(reason.words)


@dataclass(frozen=True)
class _Card:
    chip: Chip
    lead: str | None
    title: str
    detail: str | None
    body: str
    button: str | None = None
    button_action: str | None = None
    call: Call | None = None


def _subtitle(facts: DayFacts, planned: int) -> str:
    if facts.record_is_part and facts.prescription is not None:
        return _part_words(facts)
    if not planned:
        return _("Your plan comes from your clinic")
    if facts.lock.permitted or facts.lock.is_the_persons_to_end:
        number = min(facts.sessions_done + 1, planned)
        return _("Session {number} of {count}").format(number=number, count=planned)
    return n_("{done} of {count} session done", "{done} of {count} sessions done", planned).format(
        done=facts.sessions_done, count=planned
    )


def _part_words(facts: DayFacts) -> str:
    """A phone that came late can't count the sessions of before: it says so."""
    if facts.record_begins_ms is None:
        return _("Earlier sessions are with your clinic")
    return _(
        "The record on this phone begins {day}. Earlier sessions are with your clinic."
    ).format(day=day(facts.now, facts.record_begins_ms))


def _card(facts: DayFacts) -> _Card:
    if facts.band_went_back:
        return _Card(
            Chip(_("Done"), Tone.OK),
            None,
            _("The band has gone back"),
            None,
            _("Your record stays on this phone until you erase it."),
        )
    if facts.band.nearness is Nearness.NOT_PAIRED:
        return _Card(
            Chip(_("One more step"), Tone.WAIT),
            None,
            _("Connect your band"),
            None,
            _("This phone and the band need to know each other first."),
            _("Connect the band"),
            "find-band",
        )
    if facts.prescription is not None and facts.lock.permitted:
        return _open_card(facts, facts.prescription)
    words = lock_words(facts.lock, facts.now, facts.held_by)
    call = _whom_to_call(facts)
    button, action = (None, None) if call is not None else _locked_button(facts)
    return _Card(
        words.chip,
        words.lead,
        words.title,
        words.detail,
        _locked_body(facts),
        button,
        action,
        call,
    )


def _whom_to_call(facts: DayFacts) -> Call | None:
    """The clinic, where it alone ends the wait: a hold, or its permission that has run out."""
    cut_off = {reason.code for reason in facts.lock.reasons} & _RUN_OUT
    waits = facts.lock.is_held or (cut_off and not facts.record.reachable)
    return your_clinic_call(facts.reach) if waits and facts.reach is not None else None


def _locked_button(facts: DayFacts) -> tuple[str | None, str | None]:
    """The next step: the lessons, what else the person can end, or a reminder."""
    if any(reason.code is ReasonCode.TRAINING_NEEDED for reason in facts.lock.reasons):
        return _("To the short lessons"), "lessons"
    if facts.lock.is_the_persons_to_end and facts.band.nearness is Nearness.CONNECTED:
        if facts.lock.asks_questions:
            return _("Answer the questions"), "get-ready"
        return _("Get ready"), "get-ready"
    rests = any(reason.ends_wall_ms is not None for reason in facts.lock.reasons)
    if rests and not facts.reminds and not facts.lock.is_held:
        return _("Remind me"), REMIND_ME
    return None, None


def _open_card(facts: DayFacts, plan: Prescription) -> _Card:
    if facts.band.nearness is not Nearness.CONNECTED:
        return _away_card(facts, plan)
    title = _("Today's session: {length}").format(length=about_minutes(plan.session_ms))
    body = _(
        "{pulses} pulses in {trains} short trains. The button on the band starts it; you can stop "
        "at any moment."
    ).format(pulses=plan.pulses_per_session, trains=plan.trains_per_session)
    chip = Chip(_("Ready when you are"), Tone.OK)
    return _Card(chip, None, title, None, body, _("Get ready"), "get-ready")


def _away_card(facts: DayFacts, plan: Prescription) -> _Card:
    """Nothing speaks against the session but that the band isn't heard."""
    chip = Chip(_("Band not near"), Tone.WAIT)
    then = _("Then today's session can begin: {length}.").format(
        length=about_minutes(plan.session_ms)
    )
    if facts.band.nearness is Nearness.NO_BLUETOOTH:
        return _Card(chip, None, _("Switch on Bluetooth"), None, then)
    if facts.band.nearness is Nearness.NOT_ALLOWED:
        allow = _("Allow it in the phone's settings.")
        return _Card(chip, None, _("This app may not use Bluetooth"), None, f"{allow} {then}")
    return _Card(chip, None, _("Bring the band near this phone"), None, then)


def _locked_body(facts: DayFacts) -> str:
    if facts.prescription is None:
        return _("It arrives by itself, as soon as your clinic has signed it.")
    if facts.lock.is_the_persons_to_end and facts.lock.asks_questions:
        return _("They take a minute. After them the band says whether a session may begin.")
    if facts.lock.is_the_persons_to_end:
        return _("A picture shows how it sits, as soon as you get ready.")
    if facts.lock.is_held:
        opens = "" if facts.reach is None else opening_sentence(facts.reach, facts.now)
        moves = _("Nothing is lost: the session moves, it doesn't fall away.")
        sentences = (*hold_words(facts.held_by).sentences, moves, opens)
        return " ".join(sentence for sentence in sentences if sentence)
    if not any(reason.ends_wall_ms is not None for reason in facts.lock.reasons):
        return _("Nothing is lost: the session moves, it doesn't fall away.")
    return _resting_body(facts, facts.prescription)


def _resting_body(facts: DayFacts, plan: Prescription) -> str:
    limits = plan.limits
    apart = hours_of(max(limits.min_interval_s, _day_spacing_s(plan)))
    a_day = limits.sessions_per_day_window
    sentences = [
        n_(
            "Your plan has one session a day, at least {hours} apart.",
            "Your plan has {count} sessions a day, at least {hours} apart.",
            a_day,
        ).format(count=a_day, hours=apart)
    ]
    if facts.last_session_wall_ms is not None:
        ended = day_and_time(facts.now, facts.last_session_wall_ms)
        sentences.append(_("Your last one ended {when}.").format(when=ended))
    sentences.append(_("The band keeps this time by itself."))
    return " ".join(sentences)


def _day_spacing_s(plan: Prescription) -> int:
    return plan.limits.day_window_s if plan.limits.sessions_per_day_window == 1 else 0


def _rows(facts: DayFacts) -> tuple[Row, ...]:
    rows = [Row(_("Stimulator"), _band_words(facts)), Row(_("Your record"), _record_words(facts))]
    rows.append(Row(_("Your clinic"), _watch_words(facts)))
    lapse = lapse_row(facts.now, facts.clearance, reachable=facts.record.reachable)
    if lapse is not None:
        rows.append(lapse)
    due = threshold_row(facts.now, facts.prescription)
    if due is not None:
        rows.append(due)
    rows.append(_checkin_row(facts))
    if facts.asks_after:
        rows.insert(0, Row(_("After your last session"), _("A short question is open"), "after"))
    if facts.unread_messages:
        rows.insert(0, Row(_("Messages"), unread_words(facts.unread_messages), "messages"))
    rows.append(Row(_("Between sessions"), _("Homework, medicine log, notes"), "between"))
    return tuple(rows)


def _checkin_row(facts: DayFacts) -> Row:
    """What is due opens at once; else the list of what comes."""
    words = checkins_words(facts.now, facts.checkins)
    due = due_of(facts.now, facts.checkins)
    return Row(_("Check-in"), words, "check-in" if due else "check-ins")


def _band_words(facts: DayFacts) -> str:
    band = facts.band
    if band.nearness is Nearness.CONNECTED:
        if band.battery_percent is None:
            return _("Connected")
        return _("Connected, battery {percent} %").format(percent=band.battery_percent)
    if band.nearness is Nearness.CONNECTING:
        return _("Looking for it")
    if band.nearness is Nearness.NO_BLUETOOTH:
        return _("Bluetooth is off on this phone")
    if band.nearness is Nearness.NOT_ALLOWED:
        return _("This app may not use Bluetooth: allow it in the phone's settings")
    if band.nearness is Nearness.NOT_PAIRED:
        return _("Not connected yet")
    if band.heard_wall_ms is None:
        return _("Not near")
    return _("Not near, last heard {when}").format(when=day_and_time(facts.now, band.heard_wall_ms))


def _record_words(facts: DayFacts) -> str:
    record = facts.record
    if record.refused:
        return n_(
            "{count} item not accepted: call the clinic",
            "{count} items not accepted: call the clinic",
            record.refused,
        ).format(count=record.refused)
    if record.waiting:
        return n_(
            "{count} item waits for a network", "{count} items wait for a network", record.waiting
        ).format(count=record.waiting)
    if record.reached_wall_ms is None:
        return _("Nothing sent yet")
    return _("Safe with the clinic, {when}").format(
        when=day_and_time(facts.now, record.reached_wall_ms)
    )


def _watch_words(facts: DayFacts) -> str:
    record = facts.record
    if not record.reachable or record.reached_wall_ms is None:
        return _("No connection to its server just now")
    if record.watched_wall_ms is None or (
        record.reached_wall_ms - record.watched_wall_ms > WATCH_LIMIT_MS
    ):
        return _("Nobody is watching now")
    return _("Watching, {when}").format(when=day_and_time(facts.now, record.watched_wall_ms))
