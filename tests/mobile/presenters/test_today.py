"""The day's screen: what now, why, and how things stand. It never blames."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest

from mobile.presenters.holds import Origin
from mobile.presenters.lock import Lock, LockReason, lock_words
from mobile.presenters.reach import Reach
from mobile.presenters.today import BandFacts, DayFacts, Nearness, RecordFacts, today_view
from mobile.presenters.views import Row, Tone
from mobile.presenters.words import Now
from shared.dose.reasons import Reason, ReasonCode
from tests.shared.clinic import NOW_S, itbs

NOW = Now(NOW_S * 1000, UTC)
HOUR_MS = 3_600_000


def lock(*codes: ReasonCode, ends_in_ms: int | None = None) -> Lock:
    ends_ms = None if ends_in_ms is None else NOW.wall_ms + ends_in_ms
    return Lock(tuple(LockReason(Reason(code), ends_ms) for code in codes), by_band=True)


def facts(**changes: Any) -> DayFacts:
    plain = DayFacts(
        now=NOW,
        prescription=itbs(),
        sessions_done=7,
        lock=Lock((), by_band=True),
        band=BandFacts(Nearness.CONNECTED, 82, NOW.wall_ms),
        record=RecordFacts(0, 0, NOW.wall_ms, True, NOW.wall_ms),
        last_session_wall_ms=None,
    )
    return replace(plain, **changes)


def row(label: str, **changes: Any) -> Row:
    return next(row for row in today_view(facts(**changes)).rows if row.label == label)


def test_an_open_day_says_how_long_and_who_starts() -> None:
    view = today_view(facts())

    assert (view.chip.text, view.chip.tone) == ("Ready when you are", Tone.OK)
    assert view.title == "Today's session: about 3 minutes"
    assert view.body.startswith("600 pulses in 20 short trains. The button on the band starts it")
    assert view.subtitle == "Session 8 of 30"
    assert view.button_action == "get-ready"


def test_with_the_band_away_nothing_can_be_started() -> None:
    view = today_view(facts(band=BandFacts(Nearness.AWAY)))

    assert view.button is None
    assert (view.chip.text, view.chip.tone) == ("Band not near", Tone.WAIT)
    assert view.title == "Bring the band near this phone"
    off = today_view(facts(band=BandFacts(Nearness.NO_BLUETOOTH)))
    assert off.title == "Switch on Bluetooth"


def test_a_day_whose_session_was_yesterday_is_not_called_today() -> None:
    view = today_view(facts(lock=lock(ReasonCode.DAY_WINDOW)))
    assert "Today" not in str(view.reasons)


def test_several_holds_say_what_follows_once() -> None:
    held_by = {Origin.NOTICED, Origin.ANSWERED}
    view = today_view(facts(lock=lock(ReasonCode.HOLD), held_by=held_by))
    assert view.body.count("Your clinic looks at it with you") == 1
    assert "what you noticed" in view.body
    assert "an answer before a session" in view.body


def test_questions_alone_can_be_answered_now_also_before_the_band_is_put_on() -> None:
    for codes in (
        [ReasonCode.SCREENING_NEEDED],
        [ReasonCode.SCREENING_NEEDED, ReasonCode.CONTACT],
    ):
        view = today_view(facts(lock=lock(*codes)))
        assert view.button_action == "get-ready"
        assert view.reasons[0] == "A few safety questions come first."


def test_resting_time_has_its_end_and_its_reason() -> None:
    resting = lock(ReasonCode.DAY_WINDOW, ends_in_ms=19 * HOUR_MS + 12 * 60_000)
    view = today_view(facts(lock=resting, last_session_wall_ms=NOW.wall_ms - HOUR_MS))

    assert (view.chip.text, view.chip.tone) == ("Resting time", Tone.WAIT)
    assert view.lead == "Next session"
    assert view.title.startswith("Tomorrow, from ")
    assert view.detail == "in 19 hours 12 minutes"
    assert "one session a day, at least 20 hours apart" in view.body
    assert "The band keeps this time by itself." in view.body
    assert view.button is None


@pytest.mark.parametrize("code", list(ReasonCode))
def test_every_reason_has_a_title_and_words_and_blames_nobody(code: ReasonCode) -> None:
    view = today_view(facts(lock=lock(code)))

    assert view.chip.text != "Ready when you are"
    assert view.title
    renewed = "The clinic's permission has to be renewed. The phone fetches it."
    own_words = {
        ReasonCode.CLEARANCE_MISSING: renewed,
        ReasonCode.CLEARANCE_OLD: renewed,
        ReasonCode.HOLD: "The treatment is paused.",
        ReasonCode.DAY_WINDOW: "The day's session is done. The band keeps the time to the next.",
    }
    assert view.reasons == (own_words.get(code, Reason(code).words),)
    said = f"{view.title} {view.body} {' '.join(view.reasons)}".lower()
    for blame in ("you failed", "you forgot", "your fault", "not allowed", "forbidden", "denied"):
        assert blame not in said


def test_a_hold_outweighs_resting_time() -> None:
    both = Lock(
        (
            LockReason(Reason(ReasonCode.DAY_WINDOW), NOW.wall_ms + HOUR_MS),
            LockReason(Reason(ReasonCode.HOLD)),
        ),
        by_band=True,
    )

    assert lock_words(both, NOW, {Origin.CLINIC}).title == "Your clinic will talk to you"


def test_questions_stay_open_while_a_plan_is_awaited_only_with_a_plan() -> None:
    view = today_view(facts(prescription=None, lock=lock(ReasonCode.NO_PRESCRIPTION)))

    assert view.title == "Waiting for your plan"
    assert view.subtitle == "Your plan comes from your clinic"


def test_the_band_is_said_as_it_was_last_known() -> None:
    assert row("Stimulator").value == "Connected, battery 82 %"
    away = BandFacts(Nearness.AWAY, 82, NOW.wall_ms - 2 * HOUR_MS)
    assert row("Stimulator", band=away).value.startswith("Not near, last heard today ")


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (RecordFacts(3, 0, NOW.wall_ms, False, None), "3 items wait for a network"),
        (RecordFacts(1, 0, None, False, None), "1 item waits for a network"),
        (RecordFacts(0, 1, NOW.wall_ms, True, None), "1 item not accepted: call the clinic"),
        (RecordFacts(0, 0, None, True, None), "Nothing sent yet"),
    ],
)
def test_the_record_says_what_waits(record: RecordFacts, said: str) -> None:
    assert row("Your record", record=record).value == said


def test_nobody_watching_is_said() -> None:
    old = RecordFacts(0, 0, NOW.wall_ms, True, NOW.wall_ms - HOUR_MS)
    gone = RecordFacts(0, 0, NOW.wall_ms, False, NOW.wall_ms)

    assert row("Your clinic", record=old).value == "Nobody is watching now"
    assert row("Your clinic", record=gone).value == "No connection to its server just now"


def test_a_band_that_isnt_paired_comes_first() -> None:
    view = today_view(facts(band=BandFacts(Nearness.NOT_PAIRED)))

    assert view.button_action == "find-band"


def test_a_hold_says_why_and_offers_a_way_to_a_person() -> None:
    reach = Reach("Demo clinic", "030 23125 001", opens_wall_ms=NOW.wall_ms + 20 * HOUR_MS)
    held = facts(lock=lock(ReasonCode.HOLD), reach=reach)
    view = today_view(replace(held, held_by={Origin.NOTICED}))

    assert view.call is not None
    assert (view.call.action, view.button) == ("dial:030 23125 001", None)
    assert "because of what you noticed" in view.body
    assert "Your clinic opens tomorrow" in view.body
    by_clinic = today_view(replace(held, held_by={Origin.CLINIC}))
    assert "because of what you" not in by_clinic.body


@pytest.mark.parametrize(
    ("held_by", "chip", "sentence"),
    [
        ({Origin.CLINIC}, "Paused by your clinic", "Your clinic paused the treatment"),
        ({Origin.NOTICED}, "Paused after what you noticed", "because of what you noticed"),
        ({Origin.ANSWERED}, "Paused after your answers", "because of an answer before a session"),
        ({Origin.WITHDRAWN}, "Paused as you wished", "only they can open the band"),
        ({Origin.BAND}, "Paused by the band", "The band paused by itself"),
        (set(), "Paused", "Nothing is lost"),
    ],
)
def test_a_pause_is_never_laid_to_somebody_who_didnt_place_it(
    held_by: set[Origin], chip: str, sentence: str
) -> None:
    view = today_view(replace(facts(lock=lock(ReasonCode.HOLD)), held_by=held_by))

    assert view.chip.text == chip
    assert sentence in view.body
    assert view.reasons == ("The treatment is paused.",)
    if held_by != {Origin.CLINIC}:
        assert "clinic paused" not in f"{view.title} {view.body}"


def test_what_was_noticed_and_what_was_answered_stand_in_one_sentence() -> None:
    held_by = {Origin.ANSWERED, Origin.NOTICED, Origin.BAND}
    view = today_view(replace(facts(lock=lock(ReasonCode.HOLD)), held_by=held_by))

    assert view.body.count("It's paused because") == 1
    assert "what you noticed, and because of an answer" in view.body
    assert "The band paused by itself" in view.body


def test_the_button_says_whose_number_it_dials() -> None:
    closed = Reach("Demo clinic", "030 23125 001", on_call_number="030 23125 002")
    held = facts(lock=lock(ReasonCode.HOLD))
    asleep = today_view(replace(held, reach=closed)).call
    awake = today_view(replace(held, reach=replace(closed, open_now=True))).call

    assert asleep is not None
    assert awake is not None
    assert (asleep.action, "on call" in asleep.text) == ("dial:030 23125 002", True)
    assert (awake.action, "Call your clinic" in awake.text) == ("dial:030 23125 001", True)


def test_an_open_clinic_and_an_unreachable_server_are_two_things() -> None:
    gone = RecordFacts(0, 0, NOW.wall_ms, False, None)
    reach = Reach("Demo clinic", "030 23125 001", open_now=True)
    view = today_view(replace(facts(lock=lock(ReasonCode.HOLD), record=gone), reach=reach))

    assert "open now and answers the telephone" in view.body
    assert "No connection to its server just now" in str(view.rows)


def test_several_pauses_are_each_told_the_clinics_first() -> None:
    both = replace(facts(lock=lock(ReasonCode.HOLD)), held_by={Origin.BAND, Origin.CLINIC})
    view = today_view(both)

    assert view.chip.text == "Paused"
    assert view.body.index("Your clinic paused") < view.body.index("The band paused")


def test_whoever_isnt_reminded_can_ask_for_it_while_the_band_rests() -> None:
    resting = lock(ReasonCode.SESSION_INTERVAL, ends_in_ms=HOUR_MS)

    assert today_view(facts(lock=resting, reminds=False)).button_action == "remind-me"
    assert today_view(facts(lock=resting)).button is None


def test_a_band_that_only_has_to_be_put_on_leads_to_its_picture() -> None:
    view = today_view(facts(lock=lock(ReasonCode.CONTACT)))

    assert view.button_action == "get-ready"
    assert "A picture shows how it sits" in view.body


def test_questions_that_nobody_answered_stand_first() -> None:
    assert today_view(facts(asks_after=True)).rows[0].action == "after"
    assert all(row.action != "after" for row in today_view(facts()).rows)
