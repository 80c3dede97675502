"""Session, link lost, paused: only what is known, and what the band does by itself."""

from __future__ import annotations

import pytest

from mobile.presenters.session import ready_view, session_view
from shared.wire.records import PauseCause
from shared.wire.status import DeviceState
from tests.mobile.screens.session_facts import NOW, facts, status
from tests.shared.clinic import itbs


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
    assert (view.big, view.big_note) == ("180", "pulses, last known")
    assert NOW.here.strftime("%H:%M:%S") in view.subtitle
    by = NOW.local(NOW.wall_ms + 3_000 + itbs().beat_limit_ms).strftime("%H:%M:%S")
    assert f"pauses by itself by {by} at the latest" in (view.sentence or "")
    assert "press the band's button" in view.stop_note
    assert view.buttons == ()


@pytest.mark.parametrize("cause", list(PauseCause))
def test_every_pause_has_its_reason_and_two_ways_on(cause: PauseCause) -> None:
    view = session_view(facts(status(DeviceState.PAUSED, pause_cause=int(cause))))

    assert view.paused
    assert view.subtitle != "Nothing is given now"
    assert [button.id for button in view.buttons] == ["go-on", "end-here"]


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
