"""R10, R11, R12: armed and started on purpose, supervised, paused, gone on with by a touch."""

from __future__ import annotations

import pytest

from shared.dose.reasons import ReasonCode
from shared.trust.statements import GateOutcome
from shared.wire.operations import Operation, Outcome, SessionArguments, StatusCode
from shared.wire.records import CloseCause, PauseCause, SessionClosedBody, SessionPausedBody
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import LINK, Band
from tests.shared.clinic import itbs


def armed(band: Band) -> None:
    assert band.arm().status is StatusCode.OK


def paused_by(band: Band, cause: PauseCause) -> None:
    band.start()
    band.run_until_fired(40)
    if cause is PauseCause.STOP:
        band.must(Operation.STOP)
    elif cause is PauseCause.BUTTON:
        band.press()
    elif cause is PauseCause.BEAT_MISSED:
        band.run(3_100)
    else:
        band.must(Operation.PAUSE)
    assert band.bodies(SessionPausedBody)[-1].cause is cause


def test_armed_lasts_120_s_though_the_phone_is_there(band: Band) -> None:
    armed(band)
    band.run(119_950, beat=True)
    assert band.is_in(DeviceState.ARMED)
    band.run(50, beat=True)
    assert band.is_in(DeviceState.IDLE)
    assert band.fired == 0


def test_armed_ends_when_the_phone_is_gone(band: Band) -> None:
    armed(band)
    band.run(2_950)
    assert band.is_in(DeviceState.ARMED)
    band.run(50)
    assert band.is_in(DeviceState.IDLE)


def test_the_button_starts_nothing_before_the_start_screen(band: Band) -> None:
    armed(band)
    band.press()
    band.run(10_000, beat=True)
    assert band.fired == 0
    assert band.is_in(DeviceState.ARMED)


@pytest.mark.parametrize(("after_ms", "starts"), [(29_999, True), (30_000, False)])
def test_the_start_window_is_open_for_30_s(band: Band, after_ms: int, starts: bool) -> None:
    armed(band)
    band.sealed(Operation.OPEN_START_WINDOW)
    band.run(29_950, beat=True)
    band.skip(after_ms - 29_950)
    band.press()
    assert (band.state is DeviceState.STIMULATING) is starts


def test_the_app_alone_cannot_start_where_the_button_is_asked(band: Band) -> None:
    armed(band)
    assert band.sealed(Operation.START).status is StatusCode.BUTTON_NEEDED
    band.run(5_000, beat=True)
    assert band.fired == 0


def test_the_app_starts_where_the_prescription_waives_the_button(new_band: Band) -> None:
    new_band.ready(itbs(button_required=False))
    armed(new_band)
    assert new_band.sealed(Operation.START).status is StatusCode.OK
    new_band.run(1_000, beat=True)
    assert new_band.fired > 0


def test_start_runs_the_whole_lock_again(band: Band) -> None:
    armed(band)
    band.sealed(Operation.OPEN_START_WINDOW)
    band.board.sensors.change(contact=False)
    band.press()
    band.run(2_000, beat=True)
    assert band.is_in(DeviceState.ARMED)
    assert band.fired == 0


def test_a_command_under_another_key_or_seen_before_is_refused(band: Band) -> None:
    armed(band)
    first_writer = band.writer
    band.must(Operation.STOP)
    assert band.arm(b"t" * 16).status is StatusCode.OK
    band.writer, second_writer = first_writer, band.writer
    assert band.sealed(Operation.OPEN_START_WINDOW).result.code == "trust_mac"
    band.writer = second_writer
    assert second_writer is not None
    sealed = second_writer.seal(int(Operation.OPEN_START_WINDOW))
    assert band.send_sealed(Operation.OPEN_START_WINDOW, sealed).status is StatusCode.OK
    assert band.send_sealed(Operation.OPEN_START_WINDOW, sealed).result.code == "trust_replay"
    assert band.send_sealed(Operation.START, sealed).result.code == "trust_mac"


def test_the_sessions_key_dies_with_a_reboot(band: Band) -> None:
    band.start()
    band.run_until_fired(10)
    band.reboot()
    assert band.sealed(Operation.RESUME).result.code == "not_armed"
    assert band.sealed(Operation.BEAT).status is StatusCode.WRONG_STATE


def test_a_replayed_arm_is_refused_by_its_nonce(band: Band) -> None:
    band.start()
    band.run(itbs().session_ms + 1000, beat=True)
    assert band.resend_arm().status is StatusCode.NONCE_UNKNOWN
    band.reboot()
    assert band.resend_arm().status is StatusCode.NONCE_UNKNOWN


def test_an_arm_later_than_its_nonces_minute_is_refused(band: Band) -> None:
    message = band.arm_request()
    band.skip(60_000)
    assert band.resend_arm(message).result.code == "nonce_expired"


def test_a_second_arm_while_armed_or_running_is_refused(band: Band) -> None:
    armed(band)
    assert band.ask_to_arm_only().result.code == "not_idle"
    band.sealed(Operation.OPEN_START_WINDOW)
    band.press()
    band.run(1_000, beat=True)
    assert band.ask_to_arm_only().result.code == "not_idle"
    assert band.is_in(DeviceState.STIMULATING)


def test_a_missed_beat_pauses_and_a_touch_goes_on(band: Band) -> None:
    paused_by(band, PauseCause.BEAT_MISSED)
    assert band.sealed(Operation.RESUME).status is StatusCode.OK
    assert band.is_in(DeviceState.STIMULATING)


def test_nothing_goes_on_by_itself_when_the_phone_is_back(band: Band) -> None:
    paused_by(band, PauseCause.BEAT_MISSED)
    fired = band.fired
    band.run(60_000, beat=True)
    assert band.fired == fired
    assert band.is_in(DeviceState.PAUSED)


def test_still_here_is_asked_at_its_spacing_and_unanswered_pauses_after_20_s(band: Band) -> None:
    band.start()
    band.run(119_950, beat=True, still_here=False)
    assert band.firmware.status().still_here_due_ms is None
    band.run(50, beat=True, still_here=False)
    assert band.firmware.status().still_here_due_ms == 20_000
    band.run(19_950, beat=True, still_here=False)
    assert band.is_in(DeviceState.STIMULATING)
    band.run(50, beat=True, still_here=False)
    assert band.is_in(DeviceState.PAUSED)
    assert band.bodies(SessionPausedBody)[-1].cause is PauseCause.STILL_HERE_MISSED


def test_still_here_answered_goes_on(band: Band) -> None:
    band.start()
    band.run(150_000, beat=True)
    assert band.is_in(DeviceState.STIMULATING)


@pytest.mark.parametrize("cause", [PauseCause.STOP, PauseCause.BUTTON])
def test_after_stop_the_button_must_agree(band: Band, cause: PauseCause) -> None:
    paused_by(band, cause)
    band.press()
    assert band.is_in(DeviceState.PAUSED), "the button alone goes on with nothing"
    assert band.sealed(Operation.RESUME).status is StatusCode.OK
    assert band.is_in(DeviceState.PAUSED), "the app alone goes on with nothing"
    band.press()
    assert band.is_in(DeviceState.STIMULATING)


def test_stop_in_another_pause_asks_for_the_button_too(band: Band) -> None:
    paused_by(band, PauseCause.PAUSE_ASKED)
    band.must(Operation.STOP)
    band.sealed(Operation.RESUME)
    assert band.is_in(DeviceState.PAUSED)


def test_going_on_runs_the_lock_anew(band: Band) -> None:
    paused_by(band, PauseCause.PAUSE_ASKED)
    band.board.sensors.change(contact=False)
    refused = band.sealed(Operation.RESUME)
    assert refused.status is StatusCode.LOCKED
    assert refused.result.reasons == (int(ReasonCode.CONTACT),)
    assert band.is_in(DeviceState.PAUSED)


def test_a_pause_of_ten_minutes_closes_the_session_as_partial(band: Band) -> None:
    paused_by(band, PauseCause.STOP)
    fired = band.fired
    band.skip(599_950)
    assert band.is_in(DeviceState.PAUSED)
    band.skip(50)
    assert band.is_in(DeviceState.CLOSING)
    assert band.bodies(SessionClosedBody) == [
        SessionClosedBody(band.session_id, CloseCause.PAUSE_LIMIT, False, fired)
    ]
    outcome = band.must(Operation.SESSION_OUTCOME, SessionArguments(band.session_id))
    assert (outcome.outcome, outcome.charged_pulses) == (Outcome.PARTIAL, fired)


def test_a_session_without_a_pulse_counts_as_none(band: Band) -> None:
    armed(band)
    band.must(Operation.STOP)
    assert band.reasons == set()


def test_gates_lock_until_they_are_answered_and_a_pass_is_good_for_60_minutes(
    new_band: Band,
) -> None:
    band = new_band
    band.provision()
    band.install()
    band.clear()
    assert band.reasons == {ReasonCode.SCREENING_NEEDED}
    band.answer_gates()
    assert band.reasons == set()
    band.skip(60 * 60_000 - 1)
    assert band.reasons == set()
    band.skip(1)
    assert band.reasons == {ReasonCode.SCREENING_NEEDED}


def test_a_postponement_lasts_its_hours_though_the_next_answers_pass(band: Band) -> None:
    band.answer_gates(GateOutcome.POSTPONE, 24)
    band.answer_gates()
    assert band.reasons == {ReasonCode.SCREENING_POSTPONED}
    band.skip(24 * 3_600_000)
    assert ReasonCode.SCREENING_POSTPONED not in band.reasons


def test_an_answer_that_holds_places_a_safety_hold_at_once(band: Band) -> None:
    band.answer_gates(GateOutcome.HOLD)
    assert ReasonCode.HOLD in band.reasons
    band.answer_gates()
    assert ReasonCode.HOLD in band.reasons


def test_nothing_is_commanded_over_a_link_that_is_not_secure(band: Band) -> None:
    for weak in ("encrypted", "authenticated", "secure_connections"):
        answer = band.ask(Operation.HELLO, link=LINK.__class__(**{**vars(LINK), weak: False}))
        assert answer.result.code == "link_not_secure"


def test_a_touch_that_was_held_back_ends_no_later_pause(band: Band) -> None:
    """R12: the touch names the pause that it ends."""
    band.start()
    band.run_until_fired(40)
    band.must(Operation.PAUSE)
    assert band.writer is not None
    held_back = band.writer.seal(int(Operation.RESUME), band.firmware.status().pauses)
    later = band.writer.seal(int(Operation.RESUME), band.firmware.status().pauses)
    assert band.send_sealed(Operation.RESUME, held_back).status is StatusCode.OK
    band.run_until_fired(70)
    band.must(Operation.PAUSE)
    fired = band.fired
    refused = band.send_sealed(Operation.RESUME, later)
    assert (refused.status, refused.result.code) == (StatusCode.NOT_TRUSTED, "trust_mac")
    band.run(20_000, beat=True)
    assert band.fired == fired
    assert band.sealed(Operation.RESUME).status is StatusCode.OK
