"""Views as the presenters make them, in the language spoken now: for pictures and for tests.

A new screen adds its own: a name, and a function that makes the view when it's called. Names,
telephone numbers, codes and a clinic's own words come from `DATA`, which no catalogue has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from typing import Any

from firmware_bridge.link import LinkLost
from firmware_bridge.link.pairing import PairingRefusal
from mobile.language import told
from mobile.presenters import session, welcome
from mobile.presenters.after import AfterFacts, after_view
from mobile.presenters.clinic_words import refused_by_clinic
from mobile.presenters.help import help_view
from mobile.presenters.holds import Origin
from mobile.presenters.lapse import ClearanceFacts
from mobile.presenters.lock import Lock, LockReason
from mobile.presenters.reach import Reach, clinic_calls
from mobile.presenters.session import SessionFacts
from mobile.presenters.today import BandFacts, DayFacts, Nearness, RecordFacts, today_view
from mobile.presenters.views import View
from mobile.presenters.words import Now
from mobile.store import KeyLost, StoreFull
from shared.dose.reasons import Reason, ReasonCode
from shared.wire.records import CloseCause, PauseCause
from shared.wire.status import DeviceState
from tests.mobile.screens.samples_course import DATA_COURSE, SPOKEN_COURSE
from tests.mobile.screens.samples_day import DATA_DAY, SPOKEN_DAY
from tests.mobile.screens.session_facts import facts, status
from tests.shared.clinic import NOW_S, itbs

CLINIC, INITIALS, NUMBER = "Charlotte Clinic, Berlin", "T. P.", 246_801
DATA = (
    DATA_COURSE | DATA_DAY | {CLINIC, INITIALS, "246 801", "112", "English", "Deutsch", "العربية"}
)
"""What stands on these screens and is nobody's to translate."""

NOW = Now(NOW_S * 1000 + 2 * 3_600_000, UTC)
"""In the afternoon, while the clinic is open."""
REACH = Reach(CLINIC, "030 23125 001", open_now=True, watched=True)
HOUR_MS, DAY_MS = 3_600_000, 86_400_000


def _day(**changes: Any) -> View:
    plain = DayFacts(
        now=NOW,
        prescription=itbs(),
        sessions_done=7,
        lock=Lock((), by_band=True),
        band=BandFacts(Nearness.CONNECTED, 82, NOW.wall_ms),
        record=RecordFacts(0, 0, NOW.wall_ms - HOUR_MS, True, NOW.wall_ms - HOUR_MS),
        last_session_wall_ms=NOW.wall_ms - 23 * HOUR_MS,
        reach=REACH,
    )
    return today_view(replace(plain, **changes))


def _lock(*codes: ReasonCode, ends_in_ms: int | None = None) -> Lock:
    ends_ms = None if ends_in_ms is None else NOW.wall_ms + ends_in_ms
    return Lock(tuple(LockReason(Reason(code), ends_ms) for code in codes), by_band=True)


def _sitting(state: DeviceState, heard: dict[str, Any] | None = None, **changes: Any) -> View:
    return session.session_view(_session(state, heard, **changes))


def _session(
    state: DeviceState, heard: dict[str, Any] | None = None, **changes: Any
) -> SessionFacts:
    known = status(state, **(heard or {}))
    return facts(known, NOW, **{"initials": INITIALS, **changes})


def _after(*, completed: bool, cause: CloseCause, chosen: str | None = None) -> View:
    given = 600 if completed else 180
    facts = AfterFacts(NOW, 8, given, 600, completed, cause, NOW.wall_ms - 60_000)
    return after_view(facts, chosen)


_BAND_MOVED = {"pause_cause": PauseCause.POSITION}
_STOPPED = {"pause_cause": PauseCause.STOP}

_CUT_OFF = RecordFacts(3, 0, None, False, None)


def _word_ends(in_ms: int) -> ClearanceFacts:
    return ClearanceFacts(NOW.wall_ms + in_ms, 7 * DAY_MS)


SPOKEN: dict[str, Callable[[], View]] = {
    "today-lapsing": lambda: _day(record=_CUT_OFF, clearance=_word_ends(3 * DAY_MS)),
    "today-lapsed": lambda: _day(
        record=_CUT_OFF, clearance=_word_ends(-DAY_MS), lock=_lock(ReasonCode.CLEARANCE_OLD)
    ),
    "welcome": welcome.welcome_view,
    "welcome-problem": lambda: welcome.welcome_view(problem=refused_by_clinic("code_expired", "")),
    "welcome-busy": lambda: welcome.welcome_view(busy=True),
    "find-band": welcome.find_band_view,
    "find-band-searching": lambda: welcome.find_band_view(searching=True, seconds_left=23),
    "find-band-problem": lambda: welcome.find_band_view(
        problem=told(PairingRefusal.NOT_AGREED.sentence)
    ),
    "compare": lambda: welcome.compare_view(NUMBER, seconds_left=104),
    "settle-press": lambda: welcome.settle_view(press_button=True, seconds_left=52),
    "settle": lambda: welcome.settle_view(press_button=False),
    "settle-problem": lambda: welcome.settle_view(press_button=True, problem=told(str(LinkLost()))),
    "broken": lambda: welcome.broken_view(
        str(KeyLost()), enrol_anew=True, calls=clinic_calls(REACH)
    ),
    "broken-full": lambda: welcome.broken_view(
        str(StoreFull()), enrol_anew=False, calls=clinic_calls(REACH)
    ),
    "today-open": _day,
    "today-away": lambda: _day(band=BandFacts(Nearness.AWAY, 82, NOW.wall_ms - 2 * DAY_MS)),
    "today-unpaired": lambda: _day(band=BandFacts(Nearness.NOT_PAIRED), prescription=None),
    "today-resting": lambda: _day(
        lock=_lock(ReasonCode.SESSION_INTERVAL, ReasonCode.DAY_WINDOW, ends_in_ms=19 * HOUR_MS),
        last_session_wall_ms=NOW.wall_ms - HOUR_MS,
        sessions_done=8,
    ),
    "today-questions": lambda: _day(lock=_lock(ReasonCode.SCREENING_NEEDED)),
    "today-held": lambda: _day(
        lock=_lock(ReasonCode.HOLD),
        held_by={Origin.CLINIC},
        record=RecordFacts(3, 0, NOW.wall_ms - 9 * DAY_MS, False, None),
    ),
    "ready": lambda: session.ready_view(
        _session(DeviceState.ARMED), window_open=False, seconds_left=112
    ),
    "ready-waiting": lambda: session.ready_view(
        _session(DeviceState.ARMED), window_open=True, seconds_left=27
    ),
    "session": lambda: _sitting(DeviceState.STIMULATING),
    "session-still-here": lambda: _sitting(DeviceState.STIMULATING, {"still_here_due_ms": 9_000}),
    "session-paused": lambda: _sitting(DeviceState.PAUSED, _BAND_MOVED),
    "session-stopped": lambda: _sitting(DeviceState.PAUSED, _STOPPED),
    "session-lost": lambda: _sitting(
        DeviceState.STIMULATING, lost_wall_ms=NOW.wall_ms, beat_wall_ms=NOW.wall_ms - 1000
    ),
    "after": lambda: _after(completed=True, cause=CloseCause.COMPLETED),
    "after-early": lambda: _after(completed=False, cause=CloseCause.PAUSE_LIMIT, chosen="yes"),
    **SPOKEN_COURSE,
    **SPOKEN_DAY,
    "help": lambda: help_view(CLINIC, reach=replace(REACH, dials=False)),
}
