"""Lessons, practice, consent, help, lock, settings and erasing as pages: what each one offers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from firmware_bridge.link import LinkState, PairingRefusal, PairingRefused
from mobile.engine.words import sentence_of
from mobile.lessons import LESSONS
from mobile.lessons.lesson import Answer, Lesson
from mobile.presenters import (
    app_lock,
    consents,
    diagnostics,
    emergency_card,
    erasing,
    help_page,
    history,
    lessons,
    practice,
    settings,
)
from mobile.presenters.actions import DIAL, dial
from mobile.presenters.consent_sections import SECTIONS
from mobile.presenters.link_states import link_state_words
from mobile.presenters.page import Box, Choices, Count, PageView, Push, Rows
from mobile.presenters.pieces import Call
from mobile.presenters.practice import REST_MS, TRAIN_MS, TRAINS, WHOLE_MS
from mobile.presenters.reach import Reach
from mobile.presenters.reminder_settings import changed
from mobile.presenters.welcome import compare_view, find_band_view, settle_view, welcome_view
from mobile.reminders import ReminderSettings
from tests.mobile.screens.samples_home import (
    CARD,
    DIAGNOSTICS,
    EMERGENCY,
    HELP,
    KNOWN,
    NOW,
    SAMPLES_HOME,
    SETTINGS,
)

CLINIC = "Clinic at the river"
CALL = dial("030 23125 001")
REACH = Reach(CLINIC, "030 23125 001")


def pushes(view: PageView) -> dict[str, Push]:
    return {push.action: push for push in view.foot}


def rows(view: PageView) -> dict[str, str]:
    found = [block for block in view.blocks if isinstance(block, Rows)]
    return {row.action or row.label: row.value for block in found for row in block.rows}


def titles(view: PageView) -> list[str]:
    return [block.notice.title for block in view.blocks if isinstance(block, Box)]


def test_every_page_leads_to_a_person_or_back_to_what_does() -> None:
    for name, view in SAMPLES_HOME.items():
        if not isinstance(view, PageView):
            continue
        offered = {*pushes(view), *rows(view)}
        calls = any(str(action).startswith(DIAL) for action in offered)
        assert view.help_button or calls or name == "emergency-card", name


# The way in


@pytest.mark.parametrize("refusal", PairingRefusal)
def test_every_failed_pairing_has_words_a_next_step_and_a_way_to_a_person(
    refusal: PairingRefusal,
) -> None:
    view = find_band_view(problem=sentence_of(PairingRefused(refusal)))
    assert view.problem is not None
    assert view.problem.body.endswith(".")
    assert view.button == "Find the band"
    assert view.help_button == "Emergency"


@pytest.mark.parametrize("state", LinkState)
def test_every_state_of_the_link_has_words_and_a_next_step(state: LinkState) -> None:
    words = link_state_words(state)
    assert words.endswith(".")
    assert len(words.split(".")) >= 2


def test_every_screen_of_the_way_in_has_the_emergency_button() -> None:
    views = (
        welcome_view(problem="No."),
        find_band_view(),
        compare_view(123456),
        settle_view(press_button=True),
        settle_view(press_button=False, problem="No."),
    )
    assert {view.help_button for view in views} == {"Emergency"}


def test_every_wait_says_what_if_nothing_happens_and_has_a_way_out() -> None:
    waits = (
        find_band_view(),
        find_band_view(searching=True, seconds_left=23),
        settle_view(press_button=True, seconds_left=52),
        settle_view(press_button=False),
        settle_view(press_button=False, problem="No."),
    )
    for view in waits:
        assert view.cancel is not None
        assert (view.note or "").startswith("Nothing happens?")
    searching, pressing = waits[1], waits[2]
    assert "below" not in searching.body
    assert (searching.seconds_left, pressing.seconds_left) == (23, 52)
    assert "few seconds" not in str(pressing), "it has a minute"


def test_a_practice_whose_link_is_gone_says_what_stops_it_and_what_is_only_last_known() -> None:
    lost = practice.running_view(
        practice.PracticeFacts(since_ms=5_000, linked=False, stop_waits=False, may_leave=True)
    )
    assert lost.title == "Press the button on the band"
    assert lost.big_note == "left, last known"
    assert "Touch anywhere here" not in lost.stop_note


def test_what_the_letter_typed_stands_in_the_line() -> None:
    assert welcome_view(code="demo-A0B1-CC22-ZY9X").code == "demo-A0B1-CC22-ZY9X"


# Lessons and practice


def test_each_lesson_has_one_right_answer_and_says_something_kind_of_the_others() -> None:
    for lesson in LESSONS:
        assert sum(answer.is_right for answer in lesson.answers) == 1
        for answer in lesson.answers:
            assert answer.words
            assert not any(word in answer.words for word in ("You're wrong", "mistake", "fail"))


def test_a_lesson_without_a_right_answer_is_none() -> None:
    with pytest.raises(ValueError, match="exactly one right"):
        Lesson("x", "X", "stop", "", (), "?", (Answer("a", "b"),))


def test_a_wrong_answer_explains_and_the_way_on_stays_shut() -> None:
    lesson = LESSONS[0]
    for place, answer in enumerate(lesson.answers):
        view = lessons.question_page(lesson, 1, 7, place, emergency=EMERGENCY)
        assert pushes(view)["next"].enabled is answer.is_right
        assert titles(view) == ["That's it" if answer.is_right else "Not quite: try once more"]
    assert not pushes(lessons.question_page(lesson, 1, 7, None, emergency=EMERGENCY))[
        "next"
    ].enabled


def test_the_emergency_number_stands_in_the_lesson_about_calling() -> None:
    view = lessons.lesson_page(LESSONS[-1], 7, 7, emergency="999")
    assert "999" in str(view.blocks)
    assert "{" not in str(view.blocks)


@pytest.mark.parametrize(
    ("since_ms", "train", "done", "left"),
    [
        (0, 1, 0, "0:44"),
        (TRAIN_MS, 1, 1, "0:40"),
        (TRAIN_MS + REST_MS, 2, 1, "0:36"),
        (WHOLE_MS, TRAINS, TRAINS, "0:00"),
        (WHOLE_MS + 60_000, TRAINS, TRAINS, "0:00"),
    ],
)
def test_the_practice_ring_runs_as_in_a_session(
    since_ms: int, train: int, done: int, left: str
) -> None:
    view = practice.running_view(
        practice.PracticeFacts(since_ms, linked=True, stop_waits=False, may_leave=False)
    )
    assert (view.train, view.trains_done, view.big) == (train, done, left)
    assert view.stop_label == "STOP"
    assert view.subtitle == "no pulse is given"


def test_practice_never_says_that_it_has_stopped_while_the_link_is_gone() -> None:
    lost = practice.running_view(
        practice.PracticeFacts(9_000, linked=False, stop_waits=True, may_leave=True)
    )
    assert lost.link_lost
    assert "will be sent when the link returns" in str(lost.sentence)
    assert "stopped" not in str(lost)


def test_a_practice_is_left_without_the_bands_word_where_it_gives_none() -> None:
    heard = practice.PracticeFacts(9_000, linked=True, stop_waits=False, may_leave=False)
    silent = practice.PracticeFacts(9_000, linked=True, stop_waits=False, may_leave=True)
    away = practice.PracticeFacts(9_000, linked=False, stop_waits=False, may_leave=True)
    ways = [practice.running_view(facts).buttons[0].id for facts in (heard, silent, away)]
    assert ways == ["end-practice", "leave", "leave"]
    assert "hasn't answered" in str(practice.running_view(silent).sentence)
    assert "gives no pulse" in str(practice.running_view(away).sentence)


# Consent


def test_nothing_is_ticked_in_advance_and_each_section_says_what_its_withdrawal_stops() -> None:
    for number, section in enumerate(SECTIONS, start=1):
        view = consents.section_page(section, number, len(SECTIONS), reach=REACH, chosen=None)
        (choices,) = [block for block in view.blocks if isinstance(block, Choices)]
        assert not choices.chosen
        assert not pushes(view)["next"].enabled
        assert section.withdrawn in str(view.blocks)


def test_only_the_needed_section_may_not_be_refused() -> None:
    for section in SECTIONS:
        view = consents.section_page(section, 1, 4, reach=REACH, chosen=False)
        assert pushes(view)["next"].enabled is not section.needed


def test_a_no_is_not_argued_with_and_the_clinic_is_one_touch_away() -> None:
    view = consents.section_page(SECTIONS[0], 1, 4, reach=REACH, chosen=False)
    assert [block.action for block in view.blocks if isinstance(block, Call)] == [CALL]
    assert "choose yes" not in str(view)


def test_taking_back_asks_once_more_with_what_it_stops() -> None:
    view = consents.one_page(SECTIONS[0], clinic_name=CLINIC, holds=True, asked=True)
    assert SECTIONS[0].withdrawn in str(view.blocks)
    assert [push.action for push in view.foot] == ["withdraw", "keep"]


@pytest.mark.parametrize(
    ("band", "title"),
    [
        (consents.Band.HELD, "The band is locked"),
        (consents.Band.ON_ITS_WAY, "This phone locks the band as soon as it reaches it"),
    ],
)
def test_after_taking_back_the_sessions_it_says_who_opens_the_band(
    band: consents.Band, title: str
) -> None:
    view = consents.one_page(SECTIONS[0], clinic_name=CLINIC, holds=False, asked=False, band=band)
    assert title in str(view.blocks)
    assert "Only your clinic can open it again" in str(view.blocks)


# Help, settings, lock, erasing


def test_a_row_whose_place_is_not_there_is_left_out() -> None:
    assert set(rows(help_page.help_page(HELP))) >= {CALL, "messages", "travel", "lessons"}
    few = help_page.help_page(replace(HELP, known=frozenset({"settings"})))
    assert set(rows(few)) == {CALL, "settings"}
    bare = settings.settings_page(replace(SETTINGS, known=frozenset()))
    assert "erase" not in rows(bare)
    assert "text" in rows(bare)
    assert frozenset(rows(settings.settings_page(SETTINGS))) - set(settings.PAGES) <= KNOWN


@pytest.mark.parametrize(
    ("pin", "again", "words"),
    [
        ("123", "123", "4 to 12 digits"),
        ("12a4", "12a4", "4 to 12 digits"),
        ("1" * 13, "1" * 13, "4 to 12 digits"),
        ("7777", "7777", "tried first"),
        ("2345", "2345", "tried first"),
        ("8765", "8765", "tried first"),
        ("7319", "7391", "aren't the same"),
    ],
)
def test_what_is_wrong_with_a_pin_is_said(pin: str, again: str, words: str) -> None:
    assert words in str(app_lock.what_is_wrong(pin, again))


def test_a_good_pin_is_taken() -> None:
    assert app_lock.what_is_wrong("7319", "7319") is None


def test_the_lock_always_leads_to_the_card_and_says_that_nothing_is_erased() -> None:
    waiting = app_lock.lock_page(app_lock.LockFacts(wrong=5, wait_ms=60_000))
    assert not pushes(waiting)["unlock"].enabled
    assert pushes(waiting)["emergency-card"].enabled
    assert "Nothing is erased" in str(waiting.blocks)


def test_the_card_over_the_lock_leads_back_to_it_alone() -> None:
    view = emergency_card.card_page(CARD, from_lock=True)
    assert [push.text for push in view.foot] == ["Back to the lock"]
    assert view.tab is None
    assert view.help_button is None
    assert rows(view) == {
        dial(number): number for number in ("030 23125 001", "030 23125 002", "030 23125 007")
    }
    lonely = replace(CARD, on_call_number="", caregiver_number="")
    assert list(rows(emergency_card.card_page(lonely, from_lock=False))) == [CALL]


def test_erasing_takes_two_steps_and_a_sentence_agreed_to() -> None:
    facts = erasing.EraseFacts(("Check-in, today",), reachable=False)
    first = erasing.first_page(facts)
    assert titles(first) == ["Not everything has reached your clinic"]
    assert "erase-now" not in pushes(first)
    assert pushes(first)["back"].strong
    assert not pushes(first)["send-first"].strong
    assert "No connection" in pushes(first)["send-first"].why_not
    online = pushes(erasing.first_page(replace(facts, reachable=True)))
    assert online["send-first"].strong
    assert online["send-first"].enabled
    assert not online["back"].strong
    assert not pushes(erasing.second_page(facts, understood=False))["erase-now"].enabled
    assert pushes(erasing.second_page(facts, understood=True))["erase-now"].danger


def test_what_isnt_erased_is_tried_again_by_its_one_button() -> None:
    view = erasing.not_erased_view()
    assert view.button_action == "try-again"
    assert "Try again" in view.body


def test_of_many_unsent_things_the_rest_is_counted() -> None:
    facts = erasing.EraseFacts([f"Check-in {n}" for n in range(9)], reachable=True)
    assert "and 3 more" in str(erasing.first_page(facts).blocks)


def test_diagnostics_hold_no_health_value() -> None:
    said = str(diagnostics.diagnostics_page(DIAGNOSTICS))
    assert "a91f 03c2" in said
    for word in ("pulse", "session", "score", "mood"):
        assert word not in said.casefold()


# Reminders


def test_each_touch_on_the_reminders_page_changes_what_it_says() -> None:
    plain = ReminderSettings()
    assert not changed(plain, "checkin", "which").checkin
    assert changed(changed(plain, "checkin", "which"), "checkin", "which") == plain
    assert changed(plain, "540", "hour").at_minute == 540
    late = changed(plain, "1320-420", "quiet")
    assert (late.quiet_from_minute, late.quiet_to_minute) == (1320, 420)
    assert changed(plain, "says-what", "says").says_what
    for choice, group in (("at_minute", "which"), ("3", "hour"), ("1-2", "quiet"), ("x", "y")):
        assert changed(plain, choice, group) == plain


# Own files


def test_the_history_shows_how_far_a_file_is_and_where_it_went() -> None:
    facts = history.HistoryFacts(NOW, (), 2)
    assert set(rows(history.history_page(facts))) == set(history.Kind)
    making = history.history_page(replace(facts, done=3, count=9))
    assert Count(3, 9) in making.blocks
    assert not rows(making)
    made = history.history_page(replace(facts, saved="Downloads/page.pdf"))
    assert titles(made) == ["Your file is made"]
    assert "Downloads/page.pdf" in str(made.blocks)


def test_diagnostics_say_once_that_something_waits_for_a_newer_app() -> None:
    def lines(number: int) -> list[str]:
        page = diagnostics.diagnostics_page(replace(DIAGNOSTICS, for_newer=number))
        rows = [row for block in page.blocks if isinstance(block, Rows) for row in block.rows]
        return [row.value for row in rows if row.label == "For a newer app"]

    assert lines(0) == []
    assert lines(3) == ["3 items. Please update this app. Everything else arrives as before."]
