"""R14: the threshold measured by single pulses, under a trained person's eyes."""

from __future__ import annotations

import pytest

from shared.dose.reasons import ReasonCode
from shared.trust.staff_words import Supervise
from shared.wire.operations import (
    Answer,
    NoncePurpose,
    Operation,
    SealedPercentArguments,
    StatusCode,
)
from shared.wire.records import (
    CloseCause,
    SessionClosedBody,
    SessionKind,
    SessionOpenedBody,
    SliceReservedBody,
    ThresholdMeasuredBody,
)
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.shared.clinic import DEVICE_ID, PATIENT_ID, itbs
from tests.shared.prescribed import titration

HOUR_MS = 3_600_000


def supervise(band: Band) -> Answer:
    nonce = band.nonce(NoncePurpose.SUPERVISE)
    return band.staff_says(Operation.SUPERVISE, Supervise(DEVICE_ID, PATIENT_ID, nonce))


def arm(band: Band) -> Answer:
    return band.arm(b"t" * 16, prescription_hash=band.named(titration(itbs())))


def titrate(band: Band, percent: int) -> Answer:
    assert band.writer is not None
    sealed = band.writer.seal(int(Operation.TITRATE), percent)
    return band.ask(Operation.TITRATE, SealedPercentArguments(*sealed, percent))


@pytest.fixture
def beside(band: Band) -> Band:
    """A band with a treatment in force and a titration beside it."""
    assert band.install(titration(itbs())).status is StatusCode.OK
    assert band.clear(serial=2).status is StatusCode.OK
    return band


@pytest.fixture
def measuring(beside: Band) -> Band:
    """A band that measures."""
    assert supervise(beside).status is StatusCode.OK
    assert arm(beside).status is StatusCode.OK
    assert beside.sealed(Operation.OPEN_START_WINDOW).status is StatusCode.OK
    beside.press()
    assert beside.state is DeviceState.STIMULATING
    return beside


def test_nobody_measures_alone(beside: Band) -> None:
    assert arm(beside).result.reasons == (int(ReasonCode.SUPERVISION_NEEDED),)


def test_one_pulse_for_each_touch(measuring: Band) -> None:
    measuring.run(10_000, beat=True)
    assert measuring.fired == 0
    assert titrate(measuring, 45).status is StatusCode.OK
    assert measuring.fired == 1
    body = measuring.bodies(SliceReservedBody)[-1]
    assert (body.pulses, body.percent_mso) == (1, 45)


def test_four_seconds_lie_between_two(measuring: Band) -> None:
    titrate(measuring, 45)
    measuring.run(3_950, beat=True)
    assert titrate(measuring, 50).result.code == "titration_too_soon"
    measuring.run(50, beat=True)
    assert titrate(measuring, 50).status is StatusCode.OK


def test_there_are_a_hundred_at_most(measuring: Band) -> None:
    for _ in range(100):
        assert titrate(measuring, 45).status is StatusCode.OK
        measuring.run(4_000, beat=True)
    assert titrate(measuring, 45).result.code == "titration_pulses_used"
    assert measuring.fired == 100


@pytest.mark.long
def test_it_ends_after_an_hour(measuring: Band) -> None:
    measuring.run(HOUR_MS, beat=True)
    assert measuring.bodies(SessionClosedBody)[-1].cause is CloseCause.TIME_LIMIT


def test_it_counts_for_the_ceilings_alone(measuring: Band) -> None:
    titrate(measuring, 45)
    measuring.must(Operation.CLOSE)
    measuring.run(1_000)
    state = measuring.firmware.ledger
    assert state.ceilings.within(HOUR_MS, state.proven_ms).pulses == 1
    assert state.ceilings.within(HOUR_MS, state.proven_ms).sessions == 0
    assert state.windows.within(HOUR_MS, state.proven_ms).pulses == 0
    assert (state.course.pulses, state.sessions_partial) == (0, 0)


def test_what_it_came_to_stands_on_the_record(measuring: Band) -> None:
    titrate(measuring, 45)
    measuring.run(4_000, beat=True)
    titrate(measuring, 48)
    measuring.must(Operation.CLOSE)
    measured = measuring.bodies(ThresholdMeasuredBody)[-1]
    assert (measured.pulses, measured.last_percent_mso) == (2, 48)
    assert measuring.bodies(SessionOpenedBody)[-1].kind is SessionKind.TITRATION


def test_the_treatment_may_follow_at_once(measuring: Band) -> None:
    titrate(measuring, 45)
    measuring.must(Operation.CLOSE)
    measuring.run(1_000)
    measuring.start()
    assert measuring.state is DeviceState.STIMULATING


def test_presence_is_good_for_one_session(measuring: Band) -> None:
    measuring.must(Operation.CLOSE)
    measuring.run(1_000)
    assert arm(measuring).result.reasons == (int(ReasonCode.SUPERVISION_NEEDED),)


def test_presence_does_not_outlast_an_hour_or_a_reboot(beside: Band) -> None:
    supervise(beside)
    beside.skip(HOUR_MS)
    assert int(ReasonCode.SUPERVISION_NEEDED) in arm(beside).result.reasons
    supervise(beside)
    beside.reboot()
    beside.set_time()
    assert int(ReasonCode.SUPERVISION_NEEDED) in arm(beside).result.reasons


def test_a_treatment_takes_no_single_pulses(band: Band) -> None:
    band.start()
    assert titrate(band, 45).result.code == "not_titrating"
