"""Views of a day with a session: made by the presenters from facts, so that they can't drift."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from mobile.presenters import after, screening, session, unheard
from mobile.presenters.after import AfterFacts
from mobile.presenters.help import help_view
from mobile.presenters.holds import Origin
from mobile.presenters.lock import Lock, LockReason
from mobile.presenters.reach import CrisisCall, Reach
from mobile.presenters.red_flag import SLIP, BandHold, Heard, RedFlagFacts, red_flag_view
from mobile.presenters.screening import AskedNow, CheckFacts, SeatFacts, SofterFacts
from mobile.presenters.session import Softer
from mobile.presenters.today import BandFacts, DayFacts, Nearness, RecordFacts, today_view
from mobile.presenters.views import Call, View
from mobile.presenters.words import Now
from shared.dose.reasons import Reason, ReasonCode
from shared.instruments.screening import (
    YES,
    Circumstances,
    Given,
    ScreeningAction,
    screening_rules,
)
from shared.instruments.side_effects import side_effect_rules
from shared.wire.records import CloseCause, PauseCause
from shared.wire.status import DeviceState
from tests.mobile.screens.session_facts import NOW, facts, status
from tests.mobile.screens.written import CRISIS_LINE
from tests.shared.clinic import itbs

HOUR_MS = 3_600_000
MORNING_MS = (NOW.wall_ms // (24 * HOUR_MS) + 1) * 24 * HOUR_MS
"""The next midnight."""
DATA_DAY = frozenset(
    {
        "Practice at the Canal",
        "030 23125 001",
        "030 23125 002",
        "030 23125 003",
        CRISIS_LINE,
        "Paracetamol",
        "Ibuprofen",
        "Tramadol",
        "T.P.",
        "K.",
        "112",
    }
)
"""What stands on these screens and is nobody's to translate."""
REACH = Reach(
    "Practice at the Canal",
    "030 23125 001",
    on_call_number="030 23125 002",
    crisis_calls=(CrisisCall(CRISIS_LINE, "030 23125 003"),),
    opens_wall_ms=MORNING_MS + 8 * HOUR_MS,
    watched=True,
)
ALONE = replace(REACH, on_call_number="", watched=False)
RULES, EFFECTS = screening_rules(), side_effect_rules()
MEDICINES = Circumstances(medicines={"Paracetamol": True, "Ibuprofen": True, "Tramadol": False})
SEATED = SeatFacts(contact=True, position_ok=True, battery_percent=82, battery_least=30)
AFTER = AfterFacts(
    NOW, 8, 600, 600, completed=True, cause=CloseCause.COMPLETED, ended_wall_ms=NOW.wall_ms
)
NOTICED = {"headache": 3, "tired": 1}
PLAIN = tuple((question, ScreeningAction.PASS) for question in RULES.questions)
TOLD = tuple(
    (question, ScreeningAction.ASK if question.id == "sleep_some" else action)
    for question, action in PLAIN
)


TODAY = DayFacts(
    now=NOW,
    prescription=itbs(),
    sessions_done=8,
    lock=Lock((), by_band=True),
    band=BandFacts(Nearness.CONNECTED, 82, NOW.wall_ms),
    record=RecordFacts(0, 0, NOW.wall_ms, True, NOW.wall_ms),
    last_session_wall_ms=NOW.wall_ms - HOUR_MS,
    reach=REACH,
)
NEXT_MS = NOW.wall_ms - HOUR_MS + itbs().limits.day_window_s * 1000
"""When the next session may begin, an hour after the last one ended."""


def _asked(question_id: str, answer: str | None = None, *follow: str) -> AskedNow:
    ids = [question.id for question in RULES.questions]
    number = ids.index(question_id)
    given = None if answer is None else Given(answer, follow)
    return AskedNow(RULES.questions[number], number + 1, len(ids), given)


CALL = Call("Call", "030 23125 001", "dial:030 23125 001")


def _session(state: DeviceState, known: dict[str, Any] | None = None, **changes: Any) -> View:
    plain: dict[str, Any] = {
        "softer": Softer(60, 55),
        "call": CALL,
    }
    heard = status(state, **(known or {}))
    return session.session_view(facts(heard, **{**plain, **changes}))


def _flag(name: str | None, hold: BandHold, heard: Heard, **changes: Any) -> View:
    effect = None if name is None else EFFECTS.find(name)
    at_ms = None if heard is Heard.NOT_SENT else NOW.wall_ms - 120_000
    plain: dict[str, Any] = {"seen_by": "K.", "reach": REACH}
    return red_flag_view(
        RedFlagFacts(
            now=NOW,
            effect=effect,
            hold=hold,
            heard=heard,
            heard_wall_ms=at_ms,
            **{**plain, **changes},
        )
    )


LAST_HEARD = unheard.LookedFor(NOW, 180, 600, 7, 20, NOW.wall_ms - 5_000, CALL)
RUNNING, PAUSED = DeviceState.STIMULATING, DeviceState.PAUSED

SPOKEN_DAY: dict[str, Callable[[], View]] = {
    "screening": lambda: screening.question_view(_asked("medicine")),
    "screening-ear": lambda: screening.question_view(_asked("ear", "no")),
    "screening-list": lambda: screening.follow_view(
        _asked("medicine", YES, "Paracetamol"), MEDICINES
    ),
    "screening-fix": lambda: screening.follow_view(_asked("metal", YES), MEDICINES),
    "screening-hold": lambda: screening.sure_view(
        _asked("head_injury", YES), ScreeningAction.HOLD, NOW, REACH
    ),
    "screening-emergency": lambda: screening.sure_view(
        _asked("seizure", "unsure"), ScreeningAction.HOLD, NOW, REACH
    ),
    "screening-postpone": lambda: screening.sure_view(
        _asked("drugs", YES), ScreeningAction.POSTPONE, NOW, REACH
    ),
    "screening-waits": lambda: screening.waits_view(NOW, REACH, opens_wall_ms=None, sent=False),
    "screening-rests": lambda: screening.waits_view(
        NOW, REACH, opens_wall_ms=NOW.wall_ms + 24 * HOUR_MS, sent=True
    ),
    "seat-good": lambda: screening.check_view(CheckFacts(PLAIN, SEATED, "T.P.")),
    "seat-askew": lambda: screening.check_view(
        CheckFacts(TOLD, replace(SEATED, position_ok=False), "T.P.")
    ),
    "seat-off": lambda: screening.check_view(
        CheckFacts((), replace(SEATED, contact=False, position_ok=False), "T.P.")
    ),
    "seat-away": lambda: screening.check_view(CheckFacts((), None, "T.P.")),
    "seat-softer": lambda: screening.check_view(
        CheckFacts(PLAIN, SEATED, "T.P.", softer=SofterFacts(60, 55, chosen=True))
    ),
    "sitting": lambda: _session(RUNNING, {"firing": True}),
    "sitting-quiet": lambda: _session(RUNNING, {"left_ms": 139_000}),
    "sitting-softer": lambda: _session(RUNNING, softer=Softer(60, 55, asked=True)),
    "sitting-still-here": lambda: _session(RUNNING, {"still_here_due_ms": 14_000}),
    "sitting-stopped": lambda: _session(
        PAUSED, {"pause_cause": int(PauseCause.STOP)}, pause_left_ms=552_000
    ),
    "sitting-paused": lambda: _session(
        PAUSED, {"pause_cause": int(PauseCause.CONTACT)}, pause_left_ms=599_000
    ),
    "sitting-moving": lambda: _session(DeviceState.REPOSITIONING),
    "sitting-lost": lambda: _session(
        RUNNING, lost_wall_ms=NOW.wall_ms + 4_000, beat_wall_ms=NOW.wall_ms + 3_000
    ),
    "sitting-looked-for": lambda: unheard.looking_view(LAST_HEARD),
    "sitting-ended-unheard": lambda: unheard.ended_view(
        replace(LAST_HEARD, heard_wall_ms=NOW.wall_ms - 840_000)
    ),
    "after-first": lambda: after.after_view(AFTER, "no"),
    "after-list": lambda: after.noticed_view(EFFECTS, {"headache": 0}, AFTER),
    "after-grade": lambda: after.grade_view(EFFECTS, EFFECTS.find("headache"), 1, 2, 0),
    "after-advice": lambda: after.advice_view(EFFECTS, NOTICED, REACH, NOW, softer=True),
    "after-mild": lambda: after.advice_view(EFFECTS, {"tired": 1}, REACH, NOW, softer=False),
    "red-flag": lambda: _flag(None, BandHold.HELD, Heard.ON_SERVER),
    "red-flag-unsent": lambda: _flag("seizure", BandHold.ON_ITS_WAY, Heard.NOT_SENT, reach=ALONE),
    "red-flag-undo": lambda: _flag("skin", BandHold.HELD, Heard.SEEN, undo_left_ms=42_000),
    "red-flag-mood": lambda: _flag("mood_down", BandHold.HELD, Heard.ON_SERVER, undo_left_ms=0),
    "red-flag-slip": lambda: _flag("skin", BandHold.TAKEN_BACK, Heard.SEEN, answer=SLIP),
}

SPOKEN_DAY |= {
    "today-held-by-answers": lambda: today_view(
        replace(
            TODAY,
            lock=Lock((LockReason(Reason(ReasonCode.HOLD)),), by_band=True),
            held_by={Origin.NOTICED, Origin.ANSWERED},
        )
    ),
    "today-threshold-due": lambda: today_view(
        replace(TODAY, now=Now(itbs().threshold.warn_s * 1000, NOW.zone))
    ),
    "today-remind": lambda: today_view(
        replace(
            TODAY,
            lock=Lock(
                (LockReason(Reason(ReasonCode.DAY_WINDOW), NEXT_MS),),
                by_band=True,
            ),
            reminds=False,
            asks_after=True,
        )
    ),
    "help-numbers": lambda: help_view(REACH.clinic_name, reach=REACH),
}

# One page for each safety question, as it's asked.
SPOKEN_DAY |= {
    f"screening-{question.id}": partial(screening.question_view, _asked(question.id))
    for question in RULES.questions
    if question.id not in ("medicine", "ear")
}

SAMPLES_DAY: dict[str, View] = {name: make() for name, make in SPOKEN_DAY.items()}
