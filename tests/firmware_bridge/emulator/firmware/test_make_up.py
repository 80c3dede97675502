"""R9: the rest of a partial session, once, soon, whole trains only, counted as the same session."""

from __future__ import annotations

import pytest

from shared.dose.prescription import Prescription
from shared.dose.reasons import ReasonCode
from shared.trust import sign1
from shared.trust.statements import SideEffectAnswers
from shared.wire.operations import Answer, Operation, StatementArguments, StatusCode
from shared.wire.records import (
    CloseCause,
    SessionClosedBody,
    SessionKind,
    SessionOpenedBody,
    SliceReservedBody,
)
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.shared.clinic import DEVICE_ID, PATIENT_ID, itbs

WITHIN_S = 3600
PULSES_A_TRAIN = 30


def signed(**changes: object) -> Prescription:
    return itbs(make_up_within_s=WITHIN_S, **changes)


@pytest.fixture
def partial(new_band: Band) -> Band:
    """A band whose session ended, without STOP, in the middle of its fifth train."""
    new_band.ready(signed())
    new_band.start()
    new_band.run_until_fired(4 * PULSES_A_TRAIN + 10)
    new_band.must(Operation.PAUSE)
    new_band.must(Operation.CLOSE)
    new_band.run(1_000)
    return new_band


def make_up(band: Band) -> Answer:
    return band.arm(b"m" * 16, make_up=True)


def start_make_up(band: Band) -> None:
    assert make_up(band).status is StatusCode.OK
    band.sealed(Operation.OPEN_START_WINDOW)
    band.press()


def answer_side_effects(band: Band, red_flag: str | None = None) -> Answer:
    answers = SideEffectAnswers(band.session_id, PATIENT_ID, 1, red_flag)
    statement = sign1.sign(answers, audience=DEVICE_ID, signer=band.clinic.app)
    return band.ask(Operation.SIDE_EFFECT_ANSWERS, StatementArguments(statement))


def test_it_gives_the_trains_that_are_left_whole_and_no_other(partial: Band) -> None:
    before = partial.fired
    start_make_up(partial)
    partial.run(200_000, beat=True)
    assert partial.fired - before == 15 * PULSES_A_TRAIN
    opened = partial.bodies(SessionOpenedBody)[-1]
    assert (opened.kind, opened.planned_pulses) == (SessionKind.MAKE_UP, 15 * PULSES_A_TRAIN)
    assert partial.bodies(SliceReservedBody)[-15].train == 6
    assert partial.bodies(SessionClosedBody)[-1].completed


def test_it_counts_as_the_same_session(partial: Band) -> None:
    start_make_up(partial)
    partial.run(200_000, beat=True)
    state = partial.firmware.ledger
    assert (state.sessions_completed, state.sessions_partial) == (1, 0)
    assert state.course.sessions == 1


def test_it_keeps_a_full_interval_from_the_last_pulse(partial: Band) -> None:
    before = len(partial.pulse_times_us)
    start_make_up(partial)
    partial.run(20_000, beat=True)
    times_us = partial.pulse_times_us
    assert times_us[before] - times_us[before - 1] >= 8_000_000


def test_there_is_one_only(partial: Band) -> None:
    start_make_up(partial)
    partial.run_until_fired(partial.fired + 10)
    partial.must(Operation.CLOSE)
    partial.run(1_000)
    assert make_up(partial).result.reasons == (int(ReasonCode.NO_MAKE_UP),)


def test_it_has_to_begin_in_time(partial: Band) -> None:
    partial.skip(WITHIN_S * 1000)
    partial.answer_gates()
    assert make_up(partial).result.reasons == (int(ReasonCode.MAKE_UP_LATE),)


def test_after_stop_the_questions_come_first(new_band: Band) -> None:
    new_band.ready(signed())
    new_band.start()
    new_band.run_until_fired(100)
    new_band.must(Operation.STOP)
    new_band.must(Operation.CLOSE)
    new_band.run(1_000)
    assert make_up(new_band).result.reasons == (int(ReasonCode.SIDE_EFFECTS_UNANSWERED),)
    assert answer_side_effects(new_band).status is StatusCode.OK
    assert make_up(new_band).status is StatusCode.OK


def test_a_red_flag_ends_it_and_holds(partial: Band) -> None:
    assert answer_side_effects(partial, "fainted").status is StatusCode.OK
    assert set(make_up(partial).result.reasons) == {
        int(ReasonCode.HOLD),
        int(ReasonCode.NO_MAKE_UP),
    }


def test_after_heat_there_is_none(new_band: Band) -> None:
    new_band.ready(signed())
    new_band.start()
    new_band.run_until_fired(100)
    new_band.board.sensors.change(coil_temperature_c=50)
    new_band.run(1_000, beat=True)
    new_band.board.sensors.change(coil_temperature_c=None)
    assert new_band.bodies(SessionClosedBody)[-1].cause is CloseCause.OVER_TEMPERATURE
    assert make_up(new_band).result.reasons == (int(ReasonCode.NO_MAKE_UP),)


def test_without_a_signed_time_there_is_none(new_band: Band) -> None:
    new_band.ready(itbs())
    new_band.start()
    new_band.run_until_fired(100)
    new_band.must(Operation.CLOSE)
    new_band.run(1_000)
    assert make_up(new_band).result.reasons == (int(ReasonCode.NO_MAKE_UP),)


def test_a_whole_session_stays_locked_meanwhile(partial: Band) -> None:
    refused = partial.arm(b"w" * 16)
    assert refused.status is StatusCode.LOCKED
    assert int(ReasonCode.SESSION_INTERVAL) in refused.result.reasons


def test_the_status_says_until_when(partial: Band) -> None:
    closed_ms = partial.firmware.ledger.last_session
    assert closed_ms is not None
    until_ms = partial.firmware.status().make_up_until_proven_ms
    assert until_ms == closed_ms.closed_proven_ms + WITHIN_S * 1000


def test_after_a_power_cut_it_may_be_made_up(new_band: Band) -> None:
    new_band.ready(signed())
    new_band.start()
    new_band.run_until_fired(100)
    new_band.reboot()
    new_band.set_time()
    new_band.answer_gates()
    start_make_up(new_band)
    assert new_band.is_in(DeviceState.STIMULATING)


def test_a_gap_that_nobody_proved_does_not_keep_it_open(new_band: Band) -> None:
    new_band.ready(signed())
    new_band.start()
    new_band.run_until_fired(100)
    new_band.must(Operation.CLOSE)
    new_band.run(1_000)
    new_band.board.clock.break_supply()
    new_band.reboot(off_ms=20 * WITHIN_S * 1000)
    new_band.set_time()
    new_band.clear()
    new_band.answer_gates()
    assert int(ReasonCode.MAKE_UP_LATE) in make_up(new_band).result.reasons
