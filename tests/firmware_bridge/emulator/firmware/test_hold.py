"""R21: a hold stops at once, stays, and is accepted once."""

from __future__ import annotations

import pytest

from shared.dose.reasons import ReasonCode
from shared.trust import sign1
from shared.trust.keys import SoftwareKey
from shared.trust.statements import HoldKind, HoldSource, PlaceHold, Purpose
from shared.wire.operations import Operation, StatementArguments, StatusCode
from shared.wire.records import CloseCause, HoldPlacedBody, SessionClosedBody
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.shared.clinic import DEVICE_ID


def signed_hold(source: HoldSource, signer: SoftwareKey, number: int = 0) -> bytes:
    statement = PlaceHold(b"a" * 16, HoldKind.REST, source, "patient", number)
    return sign1.sign(statement, audience=DEVICE_ID, signer=signer)


def test_a_hold_closes_a_running_session(band: Band) -> None:
    band.start()
    band.run_until_fired(40)
    assert band.place_hold().status is StatusCode.OK
    assert band.state is DeviceState.CLOSING
    closed = band.bodies(SessionClosedBody)[-1]
    assert (closed.cause, closed.charged_pulses) == (CloseCause.HOLD, band.fired)
    assert ReasonCode.HOLD in band.reasons


def test_a_hold_ends_an_armed_session_without_a_pulse(band: Band) -> None:
    band.arm()
    band.place_hold()
    assert band.state is DeviceState.IDLE
    band.press()
    band.run(10_000)
    assert band.fired == 0
    assert not band.bodies(SessionClosedBody)


def test_the_same_hold_twice_is_one(band: Band) -> None:
    assert band.place_hold().status is StatusCode.OK
    assert band.place_hold().status is StatusCode.OK
    assert len(band.bodies(HoldPlacedBody)) == 1


def test_a_hold_stays_over_a_reboot_and_arms_nothing(band: Band) -> None:
    band.place_hold()
    band.reboot()
    refused = band.arm()
    assert refused.status is StatusCode.LOCKED
    assert refused.result.reasons == (int(ReasonCode.HOLD),)


def test_a_hold_that_came_ends_the_word_that_it_is_on_its_way(band: Band) -> None:
    band.clear(hold=1)
    assert ReasonCode.HOLD_ON_ITS_WAY in band.reasons
    band.place_hold(number=1)
    assert ReasonCode.HOLD_ON_ITS_WAY not in band.reasons
    assert ReasonCode.HOLD in band.reasons


def test_the_ninth_hold_is_on_the_record_and_the_eight_before_it_stay(band: Band) -> None:
    for number in range(1, 10):
        assert band.place_hold(number, bytes([number]) * 16).status is StatusCode.OK
    assert len(band.bodies(HoldPlacedBody)) == 9
    assert ReasonCode.HOLD in band.reasons


def test_past_eight_a_hold_that_is_not_newer_writes_no_record(band: Band) -> None:
    for number in range(1, 10):
        band.place_hold(number, bytes([number]) * 16)
    assert band.place_hold(9, bytes([9]) * 16).status is StatusCode.OK
    for number in (3, 9):
        assert band.place_hold(number, bytes([100 + number]) * 16).result.code == "hold_known"
    assert len(band.bodies(HoldPlacedBody)) == 9
    band.place_hold(10, bytes([10]) * 16)
    assert len(band.bodies(HoldPlacedBody)) == 10


def test_only_the_clinics_holds_count_against_its_word(band: Band) -> None:
    band.clear(hold=1)
    statement = signed_hold(HoldSource.APP, band.clinic.app, number=7)
    band.must(Operation.PLACE_HOLD, StatementArguments(statement))
    assert band.reasons == {ReasonCode.HOLD, ReasonCode.HOLD_ON_ITS_WAY}
    band.place_hold(number=1)
    assert band.reasons == {ReasonCode.HOLD}


def test_a_hold_needs_no_clock(band: Band) -> None:
    band.board.clock.break_supply()
    assert band.place_hold().status is StatusCode.OK


def test_the_app_may_hold_under_its_own_name(band: Band) -> None:
    statement = signed_hold(HoldSource.APP, band.clinic.app)
    answer = band.ask(Operation.PLACE_HOLD, StatementArguments(statement))
    assert answer.status is StatusCode.OK


@pytest.mark.parametrize("source", [HoldSource.CLOUD, HoldSource.DEVICE])
def test_the_app_cannot_hold_in_anothers_name(band: Band, source: HoldSource) -> None:
    statement = signed_hold(source, band.clinic.app)
    answer = band.ask(Operation.PLACE_HOLD, StatementArguments(statement))
    assert answer.result.code == "hold_source"
    assert not band.bodies(HoldPlacedBody)


def test_a_strangers_hold_is_refused(band: Band) -> None:
    statement = signed_hold(HoldSource.CLOUD, SoftwareKey.generate())
    arguments = StatementArguments(statement, band.clinic.certificate(Purpose.HOLD))
    assert band.ask(Operation.PLACE_HOLD, arguments).result.code == "trust_issuer"
    assert ReasonCode.HOLD not in band.reasons
