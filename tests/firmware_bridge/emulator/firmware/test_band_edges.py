"""The whole core at the edges of what it takes: requests, keys, dates, its checks, its clock."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.dose.reasons import ReasonCode
from shared.trust.keys import SoftwareKey
from shared.trust.statements import (
    Certificate,
    Control,
    Purpose,
    Revocation,
    RevocationKind,
)
from shared.wire import operations
from shared.wire.operations import BlobKind, NoncePurpose, Operation, StatusCode
from shared.wire.records import SelfTestBody, SliceClosedBody
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import LINK, Band
from tests.firmware_bridge.emulator.firmware.refusing import code, granted
from tests.firmware_bridge.emulator.firmware.test_owners import (
    let_go,
    offer_patient,
    reset,
)
from tests.shared.clinic import DAY_S, NOW_S, PATIENT_ID, itbs

# Requests


def test_the_same_request_again_gets_the_same_answer(band: Band) -> None:
    arguments = operations.NonceArguments(NoncePurpose.TIME)
    data = operations.encode_request(operations.Request(900, Operation.NONCE, arguments))
    first = band.firmware.control(data, LINK)
    assert band.firmware.control(data, LINK) == first
    other = operations.encode_request(operations.Request(901, Operation.NONCE, arguments))
    assert band.firmware.control(other, LINK) != first
    assert band.firmware.control(data, LINK) != first
    again = band.firmware.control(data, LINK)
    band.firmware.connected(LINK)
    assert band.firmware.control(data, LINK) != again


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (b"", StatusCode.BAD_REQUEST, "bad_request"),
        (b"\xff\xff", StatusCode.BAD_REQUEST, "bad_request"),
        (b"\x83\x07\x18\xc8\xa0", StatusCode.UNKNOWN_OPERATION, "unknown_operation"),
    ],
)
def test_what_is_no_request_is_said_to_be_none(
    band: Band, data: bytes, status: StatusCode, said: str
) -> None:
    answer = operations.decode_answer(band.firmware.control(data, LINK), Operation.HELLO)
    assert (answer.status, code(answer)) == (status, said)


def test_over_a_link_that_is_not_secure_nothing_is_answered(band: Band) -> None:
    answer = band.ask(Operation.HELLO, link=replace(LINK, encrypted=False))
    assert (answer.status, code(answer)) == (StatusCode.NOT_TRUSTED, "link_not_secure")


# Owners and apps


def expired(band: Band, until_s: int) -> bytes:
    key = band.clinic.online[Purpose.ENROLMENT].public_key.data
    return band.clinic.certify(Certificate(Purpose.ENROLMENT, key, "enrolment", 0, until_s))


@pytest.mark.parametrize(
    ("until_s", "said"), [(NOW_S - 1, "trust_expired"), (NOW_S + DAY_S, "press_the_button")]
)
def test_another_patient_needs_an_enrolment_key_that_is_valid_now(
    band: Band, until_s: int, said: str
) -> None:
    let_go(band)
    assignment = band.clinic.assignment(patient_id=b"other patient 16", number=2)
    band.blob(BlobKind.CERTIFICATE, expired(band, until_s))
    band.blob(BlobKind.ASSIGNMENT, assignment)
    assert code(band.ask(Operation.PROVISION)) == said


def test_the_record_goes_on_under_another_patient(band: Band) -> None:
    before, count = band.head(), len(band.records)
    let_go(band)
    offer_patient(band)
    band.press()
    after = band.head()
    assert after.epoch == before.epoch
    assert after.number == count + 1
    assert band.records[0].number == 1


def test_the_same_clinic_takes_it_again_with_a_newer_assignment_only(band: Band) -> None:
    assert granted(reset(band))
    for number, said in ((1, "assignment_not_newer"), (2, "press_the_button")):
        assignment = band.clinic.assignment(number=number)
        answer = band.offer_owner(band.clinic, band.first_transfer, assignment)
        assert code(answer) == said


def test_another_app_needs_a_newer_number(band: Band) -> None:
    other = SoftwareKey.generate()
    assert code(band.enrol(other, number=1)) == "enrolment_not_newer"
    assert code(band.enrol(other, number=1002)) == "enrolment_not_next"
    assert granted(band.enrol(other, number=1001))


def ending(band: Band, not_after_s: int) -> None:
    """Enrol the app once more, until then."""
    band.blob(BlobKind.ENROLMENT, band.clinic.enrolment(number=2, not_after_s=not_after_s))
    band.blob(BlobKind.CERTIFICATE, band.clinic.certificate(Purpose.ENROLMENT))
    band.must(Operation.AUTHORIZE_APP)


def test_an_enrolment_ends_with_its_second(band: Band) -> None:
    now_s = NOW_S + band.now_ms // 1000
    ending(band, now_s + 10)
    band.skip(9_999 - band.now_ms % 1000)
    control = Control(band.nonce(NoncePurpose.CONTROL), PATIENT_ID, True)
    assert granted(band.app_says(Operation.TAKE_CONTROL, control))
    band.skip(1)
    control = replace(control, nonce=band.nonce(NoncePurpose.CONTROL))
    assert code(band.app_says(Operation.TAKE_CONTROL, control)) == "enrolment_expired"


@pytest.mark.parametrize(
    ("until_s", "taken"),
    [
        (NOW_S - 1, False),
        (NOW_S, True),
        (NOW_S + 30 * DAY_S, True),
        (NOW_S + 30 * DAY_S + 1, False),
    ],
)
def test_what_a_leaver_signed_stands_from_now_to_thirty_days(
    band: Band, until_s: int, taken: bool
) -> None:
    key_id = band.clinic.staff.public_key.key_id
    word = Revocation(1, key_id, RevocationKind.LEFT, until_s=until_s, at_s=NOW_S)
    answer = band.root_says(Operation.REVOKE, word)
    if taken:
        assert granted(answer)
    else:
        assert code(answer) == "revocation_until"


# Its own checks and times


@pytest.mark.parametrize(("celsius", "passes"), [(0, True), (120, True), (121, False), (-1, False)])
def test_a_sensor_that_says_the_impossible_fails_the_self_test(
    band: Band, celsius: int, passes: bool
) -> None:
    band.board.sensors.change(coil_temperature_c=celsius)
    band.must(Operation.SELF_TEST)
    band.run(2_000)
    assert band.bodies(SelfTestBody)[-1] == SelfTestBody(passes)
    band.board.sensors.change(coil_temperature_c=None)
    assert (ReasonCode.SELF_TEST in band.reasons) is not passes


def test_a_sensor_that_says_the_impossible_needs_service_without_being_asked(band: Band) -> None:
    band.board.sensors.change(coil_temperature_c=121)
    assert ReasonCode.SELF_TEST in band.reasons
    band.board.sensors.change(coil_temperature_c=120)
    assert ReasonCode.SELF_TEST not in band.reasons


def test_a_self_test_lasts_two_seconds_and_a_practice_ten_minutes(band: Band) -> None:
    for operation, state, lasts_ms in (
        (Operation.SELF_TEST, DeviceState.SELF_TESTING, 2_000),
        (Operation.PRACTICE, DeviceState.PRACTICE, 600_000),
    ):
        band.must(operation)
        band.skip(lasts_ms - 1)
        assert band.is_in(state)
        band.skip(1)
        assert band.is_in(DeviceState.IDLE)


def test_a_slice_says_when_its_last_pulse_fell_rounded_up(band: Band) -> None:
    band.skip(12_345)
    band.start()
    band.run_until_fired(90)
    closed = band.bodies(SliceClosedBody)
    times_us, base_ms = band.pulse_times_us, band.firmware.ledger.boot_base_ms
    fired = 0
    for slice_ in closed:
        fired += slice_.measured
        last_us = times_us[fired - 1] - band.boots[-1][1] * 1000
        assert slice_.last_pulse_proven_ms == base_ms - (-last_us // 1000)
    assert fired >= 60


def test_a_weaker_treatment_is_gone_by_at_once_where_the_lock_still_says_yes(band: Band) -> None:
    band.start()
    band.run_until_fired(100)
    in_force = band.firmware.status().prescription_hash
    weaker = itbs(
        serial=2,
        replaces_hash=in_force,
        new_course=False,
        parts=(replace(itbs().parts[0], intensity_percent=110),),
    )
    assert granted(band.install(weaker))
    assert band.is_in(DeviceState.STIMULATING)
    assert band.firmware.status().percent_mso == weaker.percent_mso()
