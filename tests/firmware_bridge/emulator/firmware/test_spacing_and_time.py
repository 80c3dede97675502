"""R4, R5, R7, R8: distances by proven time, over pauses, reboots and a lost clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware_bridge.emulator.firmware.course_of_pulses import CourseOfPulses
from shared.dose.reasons import ReasonCode
from shared.stimulation.pattern import Pattern, PatternKind
from shared.stimulation.schedule import SessionPlan, TrainPlan
from shared.trust.statements import Purpose
from shared.wire.operations import NoncePurpose, Operation, StatementArguments, StatusCode
from shared.wire.records import CloseCause, SessionClosedBody, SliceReservedBody
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.shared.clinic import NOW_S, itbs
from tests.shared.prescribed import migraine

HOUR_MS = 3_600_000
INTERVAL_MS = 14_400_000
ANCHOR_MS = 300_000


def lock_ends_ms(band: Band, code: ReasonCode) -> int:
    """Return the proven instant at which the device says that a reason ends."""
    ends = {reason.code: reason.ends_proven_ms for reason in band.firmware.status().reasons}
    end_ms = ends[int(code)]
    assert end_ms is not None
    return end_ms


def until(band: Band, proven_ms: int) -> int:
    """Return the milliseconds from now to a proven instant."""
    return proven_ms - band.firmware.status().proven_ms


def after_a_whole_session(band: Band) -> None:
    band.start()
    band.run(itbs().session_ms + 1000, beat=True)
    assert band.fired == 600


@pytest.mark.parametrize("fired_before", [7, 31, 59, 60, 581])
def test_the_rest_of_a_broken_train_waits_for_the_interval_and_is_the_same_train(
    band: Band, fired_before: int
) -> None:
    band.start()
    band.run_until_fired(fired_before)
    band.must(Operation.PAUSE)
    fired = band.fired
    assert band.sealed(Operation.RESUME).status is StatusCode.OK
    band.run(itbs().session_ms + 20_000, beat=True)
    times = band.pulse_times_us
    assert times[fired] - times[fired - 1] >= itbs().parts[0].interval_ms * 1000
    assert len(times) == 600
    assert band.bodies(SessionClosedBody)[-1].completed
    assert max(body.train for body in band.bodies(SliceReservedBody)) == 20


def test_after_a_pause_nothing_is_fired_for_five_seconds_even_where_no_interval_is_asked() -> None:
    single_train = TrainPlan(Pattern(PatternKind.THETA_BURST, 5000, 3, 50_000, 200), 1, 0)
    course = CourseOfPulses(SessionPlan((single_train,)))
    course.begin(0, 0)
    for _ in range(10):
        course.fired()
    last_us = course.last_pulse_us
    assert last_us is not None
    course.go_on(last_us + 1)
    assert course.next_pulse_us == last_us + 5_000_000
    course.go_on(last_us + 9_000_000)
    assert course.next_pulse_us == last_us + 9_000_000


def test_a_long_pause_shortens_nothing(band: Band) -> None:
    band.start()
    band.run_until_fired(40)
    band.must(Operation.PAUSE)
    band.run(30_000, beat=True)
    fired, now_us = band.fired, band.now_ms * 1000
    band.sealed(Operation.RESUME)
    band.run(12_500, beat=True)
    times = band.pulse_times_us
    assert times[fired] == now_us
    gaps = [late - early for early, late in zip(times[fired:], times[fired + 1 :], strict=False)]
    assert max(gaps) == 8_160_000, "the interval counts from the end of the last period"


@pytest.mark.parametrize("fired_before", [1, 2, 3])
def test_the_interval_runs_from_the_last_pulse_whatever_reboot_lies_between(
    tmp_path: Path, fired_before: int
) -> None:
    band = Band(tmp_path / "band", coil="occipital portable")
    band.ready(migraine())
    interval_ms = migraine().limits.min_interval_s * 1000
    band.start()
    band.run_until_fired(fired_before)
    fired, last_us = band.fired, band.pulse_times_us[-1]
    band.reboot(off_ms=60_000)
    end_ms = lock_ends_ms(band, ReasonCode.SESSION_INTERVAL)
    band.skip(until(band, end_ms) - 1)
    assert ReasonCode.SESSION_INTERVAL in band.reasons
    band.skip(1)
    assert ReasonCode.SESSION_INTERVAL not in band.reasons
    band.answer_gates()
    band.start()
    band.run(5_000, beat=True)
    first_us = band.pulse_times_us[fired]
    assert first_us - last_us >= interval_ms * 1000
    assert first_us - last_us <= (interval_ms + 11_000) * 1000


def test_time_without_power_counts_where_the_backed_clock_proves_it(band: Band) -> None:
    before_ms = band.firmware.status().proven_ms
    band.run(1_000)
    band.reboot(off_ms=3 * HOUR_MS)
    assert band.firmware.status().proven_ms == before_ms + 1_000 + 3 * HOUR_MS
    assert band.firmware.status().clock_trusted


def test_time_without_power_counts_for_nothing_when_the_backed_clock_broke(band: Band) -> None:
    band.run(7 * 60_000)
    proven_ms = band.firmware.status().proven_ms
    band.power_cut()
    band.now_ms += 30 * HOUR_MS
    band.board.clock.break_supply()
    band.power_on()
    status = band.firmware.status()
    assert proven_ms - ANCHOR_MS <= status.proven_ms <= proven_ms
    assert not status.clock_trusted
    assert ReasonCode.CLOCK_NOT_TRUSTED in band.reasons


def test_a_passed_screening_does_not_outlast_time_that_nobody_proved(band: Band) -> None:
    assert band.reasons == set()
    band.power_cut()
    band.now_ms += 20 * HOUR_MS
    band.board.clock.break_supply()
    band.power_on()
    assert ReasonCode.SCREENING_NEEDED in band.reasons
    assert band.set_time().status is StatusCode.OK
    assert band.reasons == {ReasonCode.SCREENING_NEEDED}
    band.answer_gates()
    assert band.reasons == set()


def test_many_boots_without_a_backed_clock_lose_no_more_than_five_minutes_each(
    band: Band,
) -> None:
    for _ in range(4):
        before_ms = band.firmware.status().proven_ms
        band.run(11 * 60_000)
        band.board.clock.break_supply()
        band.reboot(off_ms=HOUR_MS)
        gained_ms = band.firmware.status().proven_ms - before_ms
        assert 11 * 60_000 - ANCHOR_MS <= gained_ms <= 11 * 60_000


def test_a_wrong_time_token_shortens_no_lock(band: Band) -> None:
    after_a_whole_session(band)
    end_ms = lock_ends_ms(band, ReasonCode.DAY_WINDOW)
    assert band.set_time(offset_ms=24 * HOUR_MS).result.code == "clock_step"
    assert band.set_time(offset_ms=-24 * HOUR_MS).result.code == "clock_step"
    assert lock_ends_ms(band, ReasonCode.DAY_WINDOW) == end_ms


def test_after_a_loss_even_a_clock_set_far_forward_shortens_no_lock(band: Band) -> None:
    after_a_whole_session(band)
    end_ms = lock_ends_ms(band, ReasonCode.DAY_WINDOW)
    band.board.clock.break_supply()
    assert band.set_time(offset_ms=48 * HOUR_MS).status is StatusCode.OK
    assert lock_ends_ms(band, ReasonCode.DAY_WINDOW) == end_ms
    assert ReasonCode.DAY_WINDOW in band.reasons


def test_after_a_loss_the_drift_is_counted_from_the_new_setting(band: Band) -> None:
    band.skip(10 * HOUR_MS)
    band.board.clock.break_supply()
    assert band.set_time().status is StatusCode.OK
    band.skip(HOUR_MS)
    assert band.set_time().status is StatusCode.OK
    assert band.set_time(offset_ms=60_000).result.code == "clock_step"


def test_a_token_answers_a_nonce_once(band: Band) -> None:
    token = band.clinic.time_token(band.nonce(NoncePurpose.TIME), NOW_S * 1000 + band.now_ms)
    said = StatementArguments(token, band.clinic.certificate(Purpose.TIME))
    assert band.ask(Operation.SET_TIME, said).status is StatusCode.OK
    assert band.ask(Operation.SET_TIME, said).status is StatusCode.NONCE_UNKNOWN


def test_a_token_never_sets_the_clock_before_the_newest_record(band: Band) -> None:
    band.skip(10 * HOUR_MS)
    band.place_hold()
    band.board.clock.break_supply()
    assert band.set_time(offset_ms=-HOUR_MS).result.code == "clock_step"


def test_a_second_session_is_locked_until_the_very_instant_that_the_lock_names(
    band: Band,
) -> None:
    after_a_whole_session(band)
    last_us = band.pulse_times_us[-1]
    end_ms = lock_ends_ms(band, ReasonCode.DAY_WINDOW)
    band.skip(until(band, end_ms) - 60_000)
    band.answer_gates()
    band.skip(59_999)
    refused = band.arm(b"2" * 16)
    assert refused.status is StatusCode.LOCKED
    assert refused.result.reasons == (int(ReasonCode.DAY_WINDOW),)
    band.skip(1)
    assert band.arm(b"2" * 16).status is StatusCode.OK
    window_us = itbs().limits.day_window_s * 1_000_000
    assert band.now_ms * 1000 - last_us >= window_us - 10_000_000
    assert band.now_ms * 1000 - last_us <= window_us + 600_000_000


def test_a_reboot_in_between_opens_nothing_sooner(band: Band) -> None:
    after_a_whole_session(band)
    end_ms = lock_ends_ms(band, ReasonCode.DAY_WINDOW)
    band.reboot(off_ms=HOUR_MS)
    assert lock_ends_ms(band, ReasonCode.DAY_WINDOW) == end_ms
    assert band.arm(b"2" * 16).status is StatusCode.LOCKED


def test_a_reboot_closes_the_session_as_partial_and_it_still_counts(band: Band) -> None:
    band.start()
    band.run_until_fired(100)
    band.reboot(off_ms=1_000)
    assert band.state is DeviceState.IDLE
    closed = band.bodies(SessionClosedBody)[-1]
    assert (closed.cause, closed.completed) == (CloseCause.REBOOT, False)
    assert closed.charged_pulses >= band.fired
    assert ReasonCode.DAY_WINDOW in band.reasons
