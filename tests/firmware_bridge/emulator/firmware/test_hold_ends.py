"""R21: how a hold ends, and by whose word alone: taken back, expired, confirmed, lifted."""

from __future__ import annotations

from typing import Any

import pytest

from shared.dose.reasons import ReasonCode
from shared.trust.keys import SoftwareKey
from shared.trust.staff_words import LiftHold, LiftLine
from shared.trust.statements import (
    ConfirmHold,
    GateOutcome,
    HoldKind,
    HoldSource,
    PlaceHold,
    Purpose,
    Scope,
    TakeBackHold,
)
from shared.wire.operations import Answer, Operation, StatusCode
from shared.wire.records import (
    HoldConfirmedBody,
    HoldExpiredBody,
    HoldLiftedBody,
    HoldPlacedBody,
    HoldTakenBackBody,
)
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.refusing import code, granted
from tests.shared.clinic import DEVICE_ID

HOUR_MS = 3_600_000
REST_MS = 72 * HOUR_MS
ID = b"a" * 16


def app_holds(
    band: Band, reason: str = "patient", hold_id: bytes = ID, kind: HoldKind = HoldKind.REST
) -> Answer:
    return band.app_says(Operation.PLACE_HOLD, PlaceHold(hold_id, kind, HoldSource.APP, reason, 0))


def cloud_holds(band: Band, kind: HoldKind, number: int = 1, hold_id: bytes = b"h" * 16) -> Answer:
    hold = PlaceHold(hold_id, kind, HoldSource.CLOUD, "rule", number)
    return band.server_says(Operation.PLACE_HOLD, hold, Purpose.HOLD)


def take_back(band: Band, hold_id: bytes = ID, app: SoftwareKey | None = None) -> Answer:
    return band.app_says(Operation.TAKE_BACK, TakeBackHold(hold_id), app)


def confirm(band: Band, hold_id: bytes) -> Answer:
    return band.server_says(Operation.CONFIRM_HOLD, ConfirmHold(hold_id), Purpose.HOLD)


def lines(band: Band) -> tuple[LiftLine, ...]:
    return tuple(LiftLine(hold.hold_id, hold.record_hash) for hold in band.firmware.ledger.holds)


def lift(band: Band, *named: LiftLine, **ways: Any) -> Answer:
    return band.staff_says(Operation.LIFT_HOLD, LiftHold(DEVICE_ID, named), **ways)


def is_held(band: Band) -> bool:
    return ReasonCode.HOLD in band.reasons


class TestTakeBack:
    """Touched by mistake: within a minute, by the app that placed it."""

    def test_both_stand_on_the_record_and_nothing_is_held(self, band: Band) -> None:
        app_holds(band)
        band.skip(60_000)
        assert granted(take_back(band))
        assert not is_held(band)
        assert band.bodies(HoldPlacedBody)[-1].hold_id == ID
        assert band.bodies(HoldTakenBackBody) == [HoldTakenBackBody(ID, stays=False)]

    def test_after_a_minute_it_is_late(self, band: Band) -> None:
        app_holds(band)
        band.skip(60_001)
        assert code(take_back(band)) == "take_back_late"
        assert is_held(band)

    def test_after_a_reboot_nobody_knows_whose_it_was(self, band: Band) -> None:
        app_holds(band)
        band.reboot()
        assert code(take_back(band)) == "hold_not_yours"
        assert is_held(band)

    @pytest.mark.parametrize("reason", ["seizure", "seizure signs", "stroke"])
    def test_grave_signs_stay_marked_as_a_probable_slip(self, band: Band, reason: str) -> None:
        app_holds(band, reason, kind=HoldKind.SAFETY)
        assert granted(take_back(band))
        assert is_held(band)
        assert band.firmware.ledger.holds[0].probable_slip
        assert code(take_back(band)) == "hold_not_yours"

    def test_neither_the_clinics_hold_nor_an_unknown_one(self, band: Band) -> None:
        cloud_holds(band, HoldKind.REST)
        assert code(take_back(band, b"h" * 16)) == "hold_not_yours"
        assert code(take_back(band, b"x" * 16)) == "hold_unknown"

    def test_another_enrolled_app_may_not(self, band: Band) -> None:
        app_holds(band)
        other = SoftwareKey.generate()
        band.enrol(other, number=2)
        assert code(take_back(band, app=other)) == "hold_not_yours"

    def test_a_stranger_may_not(self, band: Band) -> None:
        app_holds(band)
        assert code(take_back(band, app=SoftwareKey.generate())) == "trust_issuer"

    def test_one_that_others_joined_stays_with_them(self, band: Band) -> None:
        for number in range(1, 8):
            cloud_holds(band, HoldKind.REST, number, bytes([number]) * 16)
        app_holds(band)
        cloud_holds(band, HoldKind.SAFETY, 8, b"8" * 16)
        assert granted(take_back(band))
        assert len(band.firmware.ledger.holds) == 8
        assert band.firmware.ledger.holds[-1].kind is HoldKind.SAFETY


class TestRest:
    """A rest hold ends after 72 hours of proven time, unless it is confirmed."""

    def test_it_holds_to_its_last_millisecond(self, band: Band) -> None:
        app_holds(band)
        band.skip(REST_MS - 1)
        assert is_held(band)
        band.skip(1)
        assert not is_held(band)
        assert band.bodies(HoldExpiredBody) == [HoldExpiredBody(ID)]

    def test_time_that_nobody_proved_does_not_end_it(self, band: Band) -> None:
        app_holds(band)
        band.power_cut()
        band.now_ms += 2 * REST_MS
        band.board.clock.break_supply()
        band.power_on()
        assert is_held(band)

    def test_it_ends_while_the_band_is_off_too(self, band: Band) -> None:
        app_holds(band)
        band.reboot(off_ms=REST_MS + 1)
        assert not is_held(band)

    def test_a_safety_hold_does_not_end_by_itself(self, band: Band) -> None:
        app_holds(band, kind=HoldKind.SAFETY)
        band.skip(10 * REST_MS)
        assert is_held(band)

    def test_confirmed_it_stays(self, band: Band) -> None:
        app_holds(band)
        assert granted(confirm(band, ID))
        assert granted(confirm(band, ID))
        assert len(band.bodies(HoldConfirmedBody)) == 1
        band.skip(REST_MS)
        assert is_held(band)

    def test_only_an_open_hold_is_confirmed_and_only_by_the_hold_key(self, band: Band) -> None:
        assert code(confirm(band, ID)) == "hold_unknown"
        app_holds(band)
        by_time = band.server_says(Operation.CONFIRM_HOLD, ConfirmHold(ID), Purpose.TIME)
        assert code(by_time) == "trust_purpose"
        by_app = band.app_says(Operation.CONFIRM_HOLD, ConfirmHold(ID))
        assert code(by_app) == "no_certificate"

    def test_one_that_joined_late_has_its_72_hours_too(self, band: Band) -> None:
        for number in range(1, 9):
            cloud_holds(band, HoldKind.REST, number, bytes([number]) * 16)
        band.skip(REST_MS - HOUR_MS)
        cloud_holds(band, HoldKind.REST, 9, b"9" * 16)
        band.skip(HOUR_MS)
        assert [hold.count for hold in band.firmware.ledger.holds] == [1]
        band.skip(REST_MS - HOUR_MS)
        assert not is_held(band)

    def test_the_clinics_hold_that_ended_does_not_come_again_an_apps_does(self, band: Band) -> None:
        cloud_holds(band, HoldKind.REST)
        band.skip(REST_MS)
        assert cloud_holds(band, HoldKind.REST).result.code == "hold_known"
        assert app_holds(band).status is StatusCode.OK
        assert is_held(band)


class TestLift:
    """A person with the scope, over the device and the records that placed the holds."""

    def test_all_that_is_named_is_lifted_and_the_lock_opens(self, band: Band) -> None:
        cloud_holds(band, HoldKind.SAFETY)
        app_holds(band)
        assert granted(lift(band, *lines(band)))
        assert not band.reasons
        assert len(band.bodies(HoldLiftedBody)) == 2
        assert band.arm().status is StatusCode.OK

    def test_what_is_not_named_stays(self, band: Band) -> None:
        cloud_holds(band, HoldKind.SAFETY)
        app_holds(band)
        assert granted(lift(band, lines(band)[0]))
        assert [hold.hold_id for hold in band.firmware.ledger.holds] == [ID]

    def test_it_is_all_or_nothing(self, band: Band) -> None:
        cloud_holds(band, HoldKind.SAFETY)
        unknown = LiftLine(b"x" * 16, bytes(32))
        assert code(lift(band, *lines(band), unknown)) == "hold_unknown"
        assert is_held(band)

    def test_another_record_of_the_same_hold_is_not_meant(self, band: Band) -> None:
        app_holds(band)
        before = lines(band)
        assert granted(lift(band, *before))
        app_holds(band)
        assert code(lift(band, *before)) == "hold_unknown"
        assert is_held(band)

    def test_it_is_accepted_once(self, band: Band) -> None:
        app_holds(band)
        named = lines(band)
        assert granted(lift(band, *named))
        assert code(lift(band, *named)) == "hold_unknown"

    @pytest.mark.parametrize("scopes", [(Scope.PRESCRIBE, Scope.SUPERVISE), ()])
    def test_without_the_scope_nothing_is_lifted(
        self, band: Band, scopes: tuple[Scope, ...]
    ) -> None:
        app_holds(band)
        assert code(lift(band, *lines(band), scopes=scopes)) == "trust_scope"
        assert is_held(band)

    def test_for_another_device_nothing_is_lifted(self, band: Band) -> None:
        app_holds(band)
        word = LiftHold(b"x" * 16, lines(band))
        assert code(band.staff_says(Operation.LIFT_HOLD, word)) == "other_device"

    def test_a_word_that_names_nothing_is_refused(self, band: Band) -> None:
        assert code(lift(band)) == "nothing_to_lift"

    def test_without_a_word_or_with_unreadable_bytes_it_is_refused(self, band: Band) -> None:
        assert code(band.ask(Operation.LIFT_HOLD)) == "no_staff_word"
        band.unreadable_staff_blob()
        assert code(band.ask(Operation.LIFT_HOLD)) == "staff_word_unreadable"

    def test_without_a_clock_no_certificate_is_judged(self, band: Band) -> None:
        app_holds(band)
        band.board.clock.break_supply()
        assert code(lift(band, *lines(band))) == "clock_not_trusted"

    def test_one_that_joined_goes_with_the_last(self, band: Band) -> None:
        for number in range(1, 10):
            cloud_holds(band, HoldKind.SAFETY, number, bytes([number]) * 16)
        assert len(lines(band)) == 8
        assert granted(lift(band, *lines(band)))
        assert not is_held(band)

    def test_a_postponement_is_lifted_by_its_records_hash(self, band: Band) -> None:
        band.answer_gates(GateOutcome.POSTPONE, hours=24)
        named = band.firmware.ledger.postponed_hash
        other = LiftHold(DEVICE_ID, (), bytes(32))
        assert code(band.staff_says(Operation.LIFT_HOLD, other)) == "postponement_unknown"
        assert ReasonCode.SCREENING_POSTPONED in band.reasons
        word = LiftHold(DEVICE_ID, (), named)
        assert granted(band.staff_says(Operation.LIFT_HOLD, word))
        assert ReasonCode.SCREENING_POSTPONED not in band.reasons
        assert code(band.staff_says(Operation.LIFT_HOLD, word)) == "postponement_unknown"

    def test_what_is_left_after_some_were_lifted_is_lifted_by_another_word(
        self, band: Band
    ) -> None:
        cloud_holds(band, HoldKind.SAFETY)
        app_holds(band)
        assert granted(lift(band, lines(band)[0]))
        band.reboot()
        assert granted(lift(band, *lines(band)))
        assert not is_held(band)


class TestNumbers:
    """R20: the clinic's holds are counted without a gap."""

    def test_one_that_was_kept_back_is_missed_though_a_later_one_came(self, band: Band) -> None:
        cloud_holds(band, HoldKind.REST, 2, b"2" * 16)
        band.clear(hold=2)
        band.skip(REST_MS)
        band.clear(hold=2)
        assert ReasonCode.HOLD_ON_ITS_WAY in band.reasons
        cloud_holds(band, HoldKind.SAFETY, 1, b"1" * 16)
        assert is_held(band)

    def test_in_any_order_they_are_all_there(self, band: Band) -> None:
        band.clear(hold=3)
        for number in (3, 1, 2):
            assert granted(cloud_holds(band, HoldKind.SAFETY, number, bytes([number]) * 16))
        assert ReasonCode.HOLD_ON_ITS_WAY not in band.reasons
        assert band.firmware.ledger.newest_hold == 3

    def test_one_that_ended_does_not_come_again(self, band: Band) -> None:
        cloud_holds(band, HoldKind.SAFETY)
        lift(band, *lines(band))
        assert code(cloud_holds(band, HoldKind.SAFETY)) == "hold_known"
        assert not is_held(band)

    def test_past_eight_an_apps_hold_is_on_the_record_once(self, band: Band) -> None:
        for number in range(1, 9):
            cloud_holds(band, HoldKind.REST, number, bytes([number]) * 16)
        for _ in range(3):
            assert granted(app_holds(band, "seizure", kind=HoldKind.SAFETY))
        assert len(band.bodies(HoldPlacedBody)) == 9
        band.skip(REST_MS)
        assert is_held(band), "the one that joined made the last a safety hold"

    def test_holds_are_placed_in_any_state(self, band: Band) -> None:
        band.board.coil.miscount(1)
        band.start()
        band.run(20_000, beat=True)
        assert band.state is DeviceState.FAULT
        assert granted(app_holds(band))
