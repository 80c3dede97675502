"""What the device says of itself, field by field, in a session and between."""

from __future__ import annotations

import pytest

from firmware_bridge.emulator.firmware.core import FIRMWARE_VERSION
from firmware_bridge.emulator.firmware.outside import Display
from shared.dose.reasons import ReasonCode
from shared.trust.statements import HoldKind, HoldSource
from shared.wire.operations import Operation, StatusCode
from shared.wire.records import (
    CloseCause,
    HoldPlacedBody,
    PauseCause,
    SessionClosedBody,
    SessionKind,
    SessionResumedBody,
)
from shared.wire.status import DeviceState, ReasonWire, Status
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.refusing import code
from tests.shared.clinic import FAR_S, NOW_S, itbs
from tests.shared.prescribed import bilateral

DAY_S = 86_400


def said(band: Band) -> Status:
    return band.firmware.status()


def test_at_rest_it_says_what_is_in_force(band: Band) -> None:
    reading = band.board.sensors.read()
    ledger = band.firmware.ledger
    clearance = ledger.clearance
    assert clearance is not None
    assert said(band) == Status(
        state=DeviceState.IDLE,
        proven_ms=ledger.proven_ms,
        reasons=(),
        head_number=ledger.number,
        battery_percent=reading.battery_percent,
        coil_temperature_c=reading.coil_temperature_c,
        contact=True,
        position_ok=True,
        clock_trusted=True,
        serial=1,
        prescription_hash=ledger.prescription_hash,
        clearance_ends_s=min(clearance.ends_s, clearance.issued_s + itbs().clearance_limit_s),
        clearance_issued_s=clearance.issued_s,
        clock_ms=NOW_S * 1000 + band.now_ms,
        motion_mg=reading.motion_mg,
        percent_mso=said(band).percent_mso,
        boot_count=1,
        requests_taken=6,
    )
    assert ledger.prescription_hash is not None
    assert clearance.issued_s == NOW_S
    assert NOW_S < clearance.ends_s <= FAR_S


def test_in_a_session_it_says_where_it_stands(band: Band) -> None:
    band.start()
    band.run_until_fired(100)
    now = said(band)
    assert now.state is DeviceState.STIMULATING
    assert now.session_id == b"s" * 16
    assert (now.train, now.trains, now.part) == (4, 20, 0)
    assert now.planned_pulses == 600
    assert now.charged_pulses is not None
    assert 100 <= now.charged_pulses <= 120
    assert now.session_kind == int(SessionKind.TREATMENT)
    assert now.percent_mso == itbs().percent_mso()
    assert now.firing
    assert now.pauses == 0
    assert now.pause_cause is None
    assert not now.start_window_open
    assert now.left_ms is not None
    assert 0 < now.left_ms < itbs().session_ms
    assert now.close_cause is None
    assert now.make_up_until_proven_ms is None


def test_a_pause_says_why_and_counts(band: Band) -> None:
    band.start()
    band.run_until_fired(100)
    band.must(Operation.STOP)
    paused = said(band)
    assert paused.state is DeviceState.PAUSED
    assert paused.pause_cause == int(PauseCause.STOP)
    assert (paused.pauses, paused.firing) == (1, False)
    assert band.sealed(Operation.RESUME).status is StatusCode.OK
    assert said(band).start_window_open
    band.press()
    assert said(band).state is DeviceState.STIMULATING
    assert said(band).pause_cause is None
    assert said(band).pauses == 1
    assert not said(band).start_window_open
    band.run(12_000, beat=True)
    band.must(Operation.PAUSE)
    assert said(band).pauses == 2


def test_going_on_stands_on_the_record_with_its_train(band: Band) -> None:
    band.start()
    band.run_until_fired(100)
    band.must(Operation.PAUSE)
    assert not band.bodies(SessionResumedBody)
    assert band.sealed(Operation.RESUME).status is StatusCode.OK
    assert band.bodies(SessionResumedBody) == [SessionResumedBody(4)]


def test_the_second_part_is_said_to_be_the_second(new_band: Band) -> None:
    new_band.ready(bilateral())
    new_band.start()
    new_band.run(45_000, beat=True)
    assert said(new_band).state is DeviceState.REPOSITIONING
    assert said(new_band).pauses == 1
    assert new_band.sealed(Operation.REPOSITIONED).status is StatusCode.OK
    new_band.run(2_000, beat=True)
    now = said(new_band)
    assert (now.part, now.trains) == (1, 21)
    assert now.percent_mso == bilateral().percent_mso(1)


def test_a_whole_session_leaves_its_cause_and_what_locks_the_next(band: Band) -> None:
    band.start()
    band.run(itbs().session_ms + 2_000, beat=True)
    after = said(band)
    assert after.state is DeviceState.IDLE
    assert after.close_cause == int(CloseCause.COMPLETED)
    assert (after.session_id, after.train, after.part, after.left_ms) == (None,) * 4
    ends = {reason.code: reason.ends_proven_ms for reason in after.reasons}
    last_ms = band.firmware.ledger.last_session_pulse_ms
    assert last_ms is not None
    assert ends[int(ReasonCode.SESSION_INTERVAL)] == last_ms + itbs().limits.min_interval_s * 1000
    assert all(isinstance(reason, ReasonWire) for reason in after.reasons)


def test_until_when_the_rest_may_be_made_up_is_said_where_there_is_one(new_band: Band) -> None:
    new_band.ready(itbs(make_up_within_s=3600))
    assert said(new_band).make_up_until_proven_ms is None
    new_band.start()
    new_band.run_until_fired(100)
    new_band.must(Operation.PAUSE)
    new_band.must(Operation.CLOSE)
    new_band.run(1_000)
    closed_ms = new_band.firmware.ledger.last_session
    assert closed_ms is not None
    until_ms = closed_ms.closed_proven_ms + 3_600_000
    assert said(new_band).make_up_until_proven_ms == until_ms
    assert new_band.arm(b"m" * 16, make_up=True).status is StatusCode.OK
    assert said(new_band).make_up_until_proven_ms is None
    assert said(new_band).session_kind == int(SessionKind.MAKE_UP)


def test_a_session_says_whether_the_lock_would_let_it_go_on(band: Band) -> None:
    band.start()
    band.run_until_fired(100)
    band.must(Operation.PAUSE)
    assert said(band).reasons == ()
    band.board.sensors.change(contact=False)
    assert [reason.code for reason in said(band).reasons] == [int(ReasonCode.CONTACT)]


def test_hello_says_who_it_is_and_which_protocol_it_speaks(band: Band) -> None:
    hello = band.must(Operation.HELLO)
    assert (hello.protocol_version, hello.firmware) == (1, FIRMWARE_VERSION) == (1, "1.0.0-demo")
    assert hello.initials == "T.P."
    assert (hello.first_number, hello.before_first) == (1, None)
    assert hello.head_number == band.firmware.ledger.number
    assert hello.provisioned
    assert hello.clock_trusted
    assert hello.serial == 1
    assert hello.state == int(DeviceState.IDLE)
    assert hello.app_key_id == hello.control_key_id == band.clinic.app.public_key.key_id


# The display


@pytest.mark.parametrize(
    ("number", "text"), [(0, "000 000"), (7, "000 007"), (123_456, "123 456"), (1_000, "001 000")]
)
def test_a_number_to_compare_is_shown_in_two_groups(band: Band, number: int, text: str) -> None:
    band.firmware.show_number(number)
    assert band.firmware.display == Display(text, "blue")
    band.firmware.show_number(None)
    assert band.firmware.display == Display("T.P.  Resting", "white")


def test_the_display_follows_the_session(band: Band) -> None:
    band.arm()
    assert band.firmware.display == Display("T.P.  Ready", "green")
    band.sealed(Operation.OPEN_START_WINDOW)
    assert band.firmware.display == Display("T.P.  Press to start", "green")
    band.press()
    assert band.firmware.display == Display("T.P.  1", "green")
    band.run_until_fired(40)
    assert band.firmware.display == Display("T.P.  2", "green")
    band.must(Operation.STOP)
    assert band.firmware.display == Display("T.P.  Paused", "amber")
    band.must(Operation.CLOSE)
    assert band.firmware.display == Display("T.P.  Ending", "white")


def test_nobodys_band_says_how_to_pair(new_band: Band) -> None:
    assert new_band.firmware.display == Display("Hold to pair", "white")
    new_band.firmware.button(True)
    new_band.run(2_950)
    assert not new_band.firmware.pairing_open
    new_band.run(50)
    assert new_band.firmware.pairing_open
    assert new_band.firmware.display == Display("Pairing open", "blue")
    new_band.run(119_950)
    assert new_band.firmware.pairing_open
    new_band.run(50)
    assert not new_band.firmware.pairing_open


def test_a_change_is_told_at_once(band: Band) -> None:
    told: list[DeviceState] = []
    band.firmware.on_status = lambda: told.append(band.state)
    band.arm()
    assert DeviceState.ARMED in told
    told.clear()
    band.must(Operation.STOP)
    assert DeviceState.IDLE in told
    band.start()
    band.run_until_fired(40)
    band.must(Operation.PAUSE)
    told.clear()
    band.must(Operation.STOP)
    assert told[-1] is DeviceState.PAUSED
    assert said(band).pause_cause == int(PauseCause.STOP)


# The device's own words


def test_a_band_that_moves_says_so_as_a_hold_of_no_number(band: Band) -> None:
    band.start()
    band.run_until_fired(100)
    band.board.sensors.change(motion_mg=5_000)
    band.run(2_000, beat=True)
    (held,) = band.bodies(HoldPlacedBody)
    assert held.hold_id != bytes(16)
    assert (held.kind, held.source) == (HoldKind.SAFETY, HoldSource.DEVICE)
    assert (held.reason, held.number) == ("motion", 0)
    assert band.bodies(SessionClosedBody)[-1].cause is CloseCause.MOTION
    assert band.board.coil.fire(band.now_ms * 1000, 40) is False


def test_commands_without_a_session_say_so(band: Band) -> None:
    band.arm()
    band.must(Operation.STOP)
    answer = band.sealed(Operation.BEAT)
    assert (answer.status, code(answer)) == (StatusCode.WRONG_STATE, "not_armed")
