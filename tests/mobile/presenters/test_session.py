"""Session, link lost, paused: only what is known, and what the band does by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mobile.presenters.pieces import Call
from mobile.presenters.session import ready_view, session_view
from mobile.presenters.sites import site_words
from mobile.presenters.unheard import LookedFor, ended_view, looking_view
from shared.wire.records import PauseCause
from shared.wire.status import DeviceState
from tests.mobile.screens.session_facts import NOW, facts, status
from tests.shared.clinic import itbs
from tests.shared.prescribed import bilateral


def test_running_says_train_pulses_and_time_left() -> None:
    view = session_view(facts(status(DeviceState.STIMULATING)))

    assert view.subtitle == "Quiet for 2 seconds"
    assert [button.id for button in view.buttons] == ["pause"]
    assert (view.big, view.big_note) == ("2:14", "left")
    assert view.figures == "Train 7 of 20   180 of 600 pulses"
    assert (view.train, view.trains, view.trains_done) == (7, 20, 6)
    assert view.stop_label == "STOP"


def test_a_train_that_fires_isnt_done_though_its_pulses_are_charged() -> None:
    view = session_view(facts(status(DeviceState.STIMULATING, charged_pulses=210, firing=True)))

    assert view.trains_done == 6


def test_link_lost_gives_the_last_known_count_and_what_the_band_does_by_itself() -> None:
    lost = facts(
        status(DeviceState.STIMULATING),
        lost_wall_ms=NOW.wall_ms + 4_000,
        beat_wall_ms=NOW.wall_ms + 3_000,
    )
    view = session_view(lost)

    assert view.link_lost
    assert (view.big, view.big_note) == ("180", f"pulses, last known {NOW.here:%H:%M}")
    assert NOW.here.strftime("%H:%M:%S") in view.subtitle
    seconds = itbs().beat_limit_ms // 1000
    assert f"pauses by itself, within {seconds} seconds" in (view.sentence or "")
    assert view.title == "Press the button on the band to stop now"
    assert view.stop_note.startswith("Will be sent when the link returns.")
    assert "press the band's button" in view.stop_note
    assert view.buttons == ()
    call = Call("Call the clinic", "1", "dial:1")
    assert [each.id for each in session_view(replace(lost, call=call)).buttons] == ["dial:1"]


@pytest.mark.parametrize("cause", list(PauseCause))
def test_every_pause_has_its_reason_and_two_ways_on(cause: PauseCause) -> None:
    view = session_view(facts(status(DeviceState.PAUSED, pause_cause=int(cause))))

    assert view.paused
    assert view.subtitle != "Nothing is given now"
    assert {button.id for button in view.buttons} == {"go-on", "end-here"}


def test_after_stop_nothing_leads_on_and_after_a_slip_the_seat_is_shown() -> None:
    call = Call("Call the clinic", "1", "dial:1")
    stopped = session_view(
        facts(status(DeviceState.PAUSED, pause_cause=int(PauseCause.STOP)), call=call)
    )
    assert stopped.even
    assert [button.id for button in stopped.buttons] == ["go-on", "end-here", "dial:1"]
    for cause in (PauseCause.CONTACT, PauseCause.POSITION):
        slipped = session_view(
            facts(status(DeviceState.PAUSED, pause_cause=int(cause), position_ok=False))
        )
        assert not slipped.even
        assert slipped.seat is not None
        assert slipped.seat.position_ok is False
        assert "Set the band down anew" in (slipped.sentence or "")
        assert "“Go on”, or “End here”" in (slipped.sentence or "")
        again = session_view(facts(status(DeviceState.PAUSED, pause_cause=int(cause))))
        assert "Set the band down" not in (again.sentence or "")
        assert (again.sentence or "").startswith("It sits well again. You can go on.")
        assert again.seat is not None
        assert again.seat.words == "It sits well."
    other = session_view(facts(status(DeviceState.PAUSED, pause_cause=int(PauseCause.PAUSE_ASKED))))
    assert other.seat is None


@pytest.mark.parametrize(
    ("site", "words"),
    [
        ("left DLPFC (F3)", "left, in front (F3)"),
        ("left DLPFC (F3, Beam-F3)", "left, in front (F3)"),
        ("right DLPFC (F4)", "right, in front (F4)"),
        ("occiput", "at the back"),
        ("somewhere new", "somewhere new"),
    ],
)
def test_a_place_on_the_head_is_said_in_words_that_a_person_has(site: str, words: str) -> None:
    assert site_words(site) == words


def test_between_two_parts_the_next_place_is_named_and_nothing_is_given() -> None:
    plan = bilateral()
    between = status(DeviceState.REPOSITIONING, part=1)
    view = session_view(replace(facts(between), plan=plan))
    assert site_words(plan.parts[1].site) in view.subtitle
    assert site_words(plan.parts[0].site) not in view.subtitle
    assert view.chip.text == "No pulses"
    assert [button.id for button in view.buttons] == ["repositioned", "end-here"]


def test_after_stop_the_bands_button_must_agree() -> None:
    stopped = session_view(facts(status(DeviceState.PAUSED, pause_cause=int(PauseCause.STOP))))
    lost = session_view(facts(status(DeviceState.PAUSED, pause_cause=int(PauseCause.BEAT_MISSED))))

    assert "then press the band's button" in (stopped.sentence or "")
    assert "then press the band's button" not in (lost.sentence or "")


def test_a_session_of_before_a_restart_can_only_be_ended() -> None:
    view = session_view(facts(status(DeviceState.PAUSED), mine=False))

    assert [button.id for button in view.buttons] == ["end-here"]


def test_still_here_is_asked_of_the_person_first() -> None:
    view = session_view(facts(status(DeviceState.STIMULATING, still_here_due_ms=15_000)))

    assert view.still_here
    assert view.buttons[0].id == "still-here"


def test_armed_asks_for_start_and_then_for_the_bands_button() -> None:
    armed = facts(status(DeviceState.ARMED))
    before = ready_view(armed, window_open=False, seconds_left=119)
    after = ready_view(armed, window_open=True, seconds_left=29)

    assert (before.button, before.waiting) == ("START", None)
    assert (after.button, after.waiting) == (None, "Waiting for the band's button")
    assert before.subtitle == "Session 8 of 30"


def test_a_session_that_the_band_has_ended_unheard_is_left_and_never_said_to_be_seen() -> None:
    call = Call("Call the clinic", "1", "dial:1")
    last = LookedFor(NOW, 180, 600, 7, 20, NOW.wall_ms - 840_000, call)
    looking, ended = looking_view(last), ended_view(last)
    assert [each.id for each in looking.buttons] == ["dial:1"]
    assert [each.id for each in ended.buttons] == ["leave", "dial:1"]
    assert "By its own rules" in (ended.sentence or "")
    assert ended.big_note.startswith("pulses, last known")
    assert ended.link_lost
    assert ended.stop_label == "STOP"
