"""R5, R6, R7: who may say what time it is, and who may make lost time good."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from firmware_bridge.emulator.firmware.time_word import FIRMWARE_BUILD_S
from shared.dose.reasons import ReasonCode
from shared.trust.staff_words import AttestTime
from shared.trust.statements import GateOutcome, LedgerHead, Scope
from shared.wire.operations import Answer, NoncePurpose, Operation, StatusCode
from shared.wire.records import ClockLostBody, ClockSetBody, TimeAttestedBody
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.refusing import code, granted
from tests.firmware_bridge.emulator.firmware.test_spacing_and_time import (
    after_a_whole_session,
    lock_ends_ms,
)
from tests.shared.clinic import DEVICE_ID, NOW_S

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def lose_clock(band: Band, *, off_ms: int = HOUR_MS) -> None:
    """The band lies without power for a while, and its clock too."""
    band.power_cut()
    band.now_ms += off_ms
    band.board.clock.break_supply()
    band.power_on()


def proven_ms(band: Band) -> int:
    return band.firmware.status().proven_ms


class TestAttest:
    """A prescriber's word makes lost time good: once, over a head, in this boot."""

    def word(self, band: Band, head: LedgerHead, elapsed_ms: int = 8 * HOUR_MS) -> AttestTime:
        nonce = band.nonce(NoncePurpose.ATTEST_TIME)
        boot_count = band.head().boot_count
        return AttestTime(DEVICE_ID, boot_count, head.number, head.hash, nonce, elapsed_ms)

    def give(self, band: Band, word: AttestTime, **ways: Any) -> Answer:
        return band.staff_says(Operation.ATTEST_TIME, word, **ways)

    @pytest.fixture
    def known(self, band: Band) -> LedgerHead:
        return band.head()

    @pytest.fixture
    def lost(self, band: Band, known: LedgerHead) -> Band:
        """A band that lay without power and clock for ten hours, and knows the date again."""
        lose_clock(band, off_ms=10 * HOUR_MS)
        assert granted(band.set_time())
        return band

    def test_proven_time_goes_on_to_what_was_attested(self, lost: Band, known: LedgerHead) -> None:
        before_ms = proven_ms(lost)
        assert granted(self.give(lost, self.word(lost, known)))
        assert proven_ms(lost) == 8 * HOUR_MS
        assert lost.bodies(TimeAttestedBody)[-1].gained_ms == 8 * HOUR_MS - before_ms
        lost.reboot(off_ms=HOUR_MS)
        assert proven_ms(lost) == 9 * HOUR_MS
        assert lost.firmware.fault is None

    def test_a_lock_ends_earlier_by_as_much(self, band: Band) -> None:
        after_a_whole_session(band)
        head = band.head()
        lose_clock(band, off_ms=21 * HOUR_MS)
        band.set_time()
        assert ReasonCode.DAY_WINDOW in band.reasons
        end_ms = lock_ends_ms(band, ReasonCode.DAY_WINDOW)
        assert granted(self.give(band, self.word(band, head, 20 * HOUR_MS + 600_000)))
        assert proven_ms(band) >= end_ms
        assert ReasonCode.DAY_WINDOW not in band.reasons

    def test_it_is_used_once(self, lost: Band, known: LedgerHead) -> None:
        word = self.word(lost, known)
        assert granted(self.give(lost, word))
        assert code(self.give(lost, word)) == "nonce_unknown"
        assert len(lost.bodies(TimeAttestedBody)) == 1

    def test_the_same_time_again_gains_nothing(self, lost: Band, known: LedgerHead) -> None:
        self.give(lost, self.word(lost, known))
        assert code(self.give(lost, self.word(lost, known))) == "nothing_gained"
        assert proven_ms(lost) == 8 * HOUR_MS

    def test_the_nonce_lives_72_hours_over_reboots(self, lost: Band, known: LedgerHead) -> None:
        nonce = lost.nonce(NoncePurpose.ATTEST_TIME)
        lost.reboot()
        lost.skip(72 * HOUR_MS - 2_000)
        word = AttestTime(
            DEVICE_ID, lost.head().boot_count, known.number, known.hash, nonce, 81 * HOUR_MS
        )
        assert granted(self.give(lost, word))

    def test_and_no_longer(self, lost: Band, known: LedgerHead) -> None:
        word = self.word(lost, known, 200 * HOUR_MS)
        lost.skip(72 * HOUR_MS)
        assert code(self.give(lost, word)) == "nonce_expired"

    def test_for_a_day_whoever_asks_is_given_the_same_nonce(
        self, lost: Band, known: LedgerHead
    ) -> None:
        word = self.word(lost, known)
        lost.skip(DAY_MS - 1)
        lost.reboot()
        assert lost.nonce(NoncePurpose.ATTEST_TIME) == word.nonce
        lost.skip(1)
        assert lost.nonce(NoncePurpose.ATTEST_TIME) != word.nonce
        now = replace(word, boot_count=lost.head().boot_count, elapsed_ms=200 * HOUR_MS)
        assert code(self.give(lost, now)) == "nonce_unknown"

    def test_used_up_or_voided_another_one_is_given(self, lost: Band, known: LedgerHead) -> None:
        word = self.word(lost, known)
        assert granted(self.give(lost, word))
        second = lost.nonce(NoncePurpose.ATTEST_TIME)
        assert second != word.nonce
        lost.clear()
        lost.answer_gates()
        lost.start()
        lost.run_until_fired(40)
        lost.must(Operation.CLOSE)
        lost.run(1_000)
        assert lost.nonce(NoncePurpose.ATTEST_TIME) != second

    def test_no_more_is_attested_than_the_wall_clock_saw_pass(
        self, lost: Band, known: LedgerHead
    ) -> None:
        assert code(self.give(lost, self.word(lost, known, 11 * HOUR_MS))) == "more_than_passed"
        assert granted(self.give(lost, self.word(lost, known, 10 * HOUR_MS)))

    def test_where_no_time_was_lost_there_is_none_to_attest(
        self, band: Band, known: LedgerHead
    ) -> None:
        band.skip(HOUR_MS)
        assert code(self.give(band, self.word(band, known, 2 * HOUR_MS))) == "more_than_passed"
        assert code(self.give(band, self.word(band, known, HOUR_MS - 1))) == "nothing_gained"

    def test_a_head_whose_record_had_no_clock_measures_nothing(self, band: Band) -> None:
        lose_clock(band, off_ms=HOUR_MS)
        head = band.head()
        band.set_time()
        assert code(self.give(band, self.word(band, head, 60_000))) == "head_without_clock"

    def test_a_later_session_voids_it(self, band: Band, known: LedgerHead) -> None:
        word = self.word(band, known, 200 * HOUR_MS)
        band.start()
        band.run_until_fired(40)
        band.must(Operation.CLOSE)
        band.run(1_000)
        assert code(self.give(band, word)) == "nonce_void"

    def test_what_was_lost_before_a_session_shortens_no_wait_behind_it(self, band: Band) -> None:
        before = band.head()
        lose_clock(band, off_ms=10 * HOUR_MS)
        band.set_time()
        band.clear()
        band.answer_gates()
        after_a_whole_session(band)
        end_ms = lock_ends_ms(band, ReasonCode.SESSION_INTERVAL)
        word = self.word(band, before, 10 * HOUR_MS)
        assert code(self.give(band, word)) == "head_before_wait"
        assert lock_ends_ms(band, ReasonCode.SESSION_INTERVAL) == end_ms
        assert band.bodies(TimeAttestedBody) == []

    def test_nor_behind_a_postponement(self, lost: Band, known: LedgerHead) -> None:
        lost.answer_gates(GateOutcome.POSTPONE, hours=24)
        assert code(self.give(lost, self.word(lost, known))) == "head_before_wait"
        assert ReasonCode.SCREENING_POSTPONED in lost.reasons

    def test_another_boot_is_refused(self, lost: Band, known: LedgerHead) -> None:
        word = self.word(lost, known)
        lost.reboot()
        assert code(self.give(lost, word)) == "other_boot"

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"head_hash": bytes(32)}, "other_head"),
            ({"head_number": 1}, "other_head"),
            ({"head_number": 10_000}, "other_head"),
            ({"device_id": b"x" * 16}, "other_device"),
            ({"nonce": bytes(16)}, "nonce_unknown"),
        ],
    )
    def test_a_word_over_something_else_is_refused(
        self, lost: Band, known: LedgerHead, changed: dict[str, Any], why: str
    ) -> None:
        assert code(self.give(lost, replace(self.word(lost, known), **changed))) == why
        assert not lost.bodies(TimeAttestedBody)

    def test_only_a_prescriber_attests(self, lost: Band, known: LedgerHead) -> None:
        scopes = (Scope.LIFT_HOLD, Scope.SUPERVISE)
        assert code(self.give(lost, self.word(lost, known), scopes=scopes)) == "trust_scope"

    def test_while_armed_it_is_refused(self, band: Band, known: LedgerHead) -> None:
        word = self.word(band, known)
        band.arm()
        assert code(self.give(band, word)) == "not_idle"

    def test_a_power_cut_before_its_record_gains_nothing_and_uses_it_up(
        self, lost: Band, known: LedgerHead
    ) -> None:
        before_ms, word = proven_ms(lost), self.word(lost, known)
        with lost.power_cut_before_next_record():
            self.give(lost, word)
        assert proven_ms(lost) == before_ms
        again = replace(word, boot_count=lost.head().boot_count)
        assert code(self.give(lost, again)) == "nonce_unknown"

    def test_a_power_cut_behind_its_record_loses_nothing(
        self, lost: Band, known: LedgerHead
    ) -> None:
        word = self.word(lost, known)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                "firmware_bridge.emulator.firmware.timekeeping.Timekeeping.gain",
                lambda _self, _gained_ms: None,
            )
            assert granted(self.give(lost, word))
        lost.reboot()
        assert proven_ms(lost) == 8 * HOUR_MS


class TestProvisional:
    """R7: after a loss a jump of more than a day waits for a second token an hour later."""

    def test_the_first_setting_ever_is_trusted(self, owned_band: Band) -> None:
        assert owned_band.firmware.status().clock_trusted

    def test_a_jump_is_provisional_and_permits_nothing(self, band: Band) -> None:
        lose_clock(band, off_ms=3 * DAY_MS)
        assert granted(band.set_time())
        assert not band.firmware.status().clock_trusted
        assert ReasonCode.CLOCK_NOT_TRUSTED in band.reasons
        assert band.records[-1].clock_ms is None
        assert isinstance(band.records[-1].body, ClockSetBody)

    def test_a_second_token_an_hour_later_that_agrees_makes_it_trusted(self, band: Band) -> None:
        lose_clock(band, off_ms=3 * DAY_MS)
        band.set_time()
        band.skip(HOUR_MS - 1)
        assert granted(band.set_time())
        assert not band.firmware.status().clock_trusted
        assert len(band.bodies(ClockSetBody)) == 2, "too soon: nothing is recorded"
        band.skip(1)
        assert granted(band.set_time())
        assert band.firmware.status().clock_trusted
        assert code(band.set_time(offset_ms=60_000)) == "clock_step"

    def test_a_second_token_that_differs_begins_anew(self, band: Band) -> None:
        lose_clock(band, off_ms=3 * DAY_MS)
        band.set_time(offset_ms=5 * DAY_MS)
        band.skip(HOUR_MS)
        assert granted(band.set_time())
        assert not band.firmware.status().clock_trusted
        band.skip(HOUR_MS)
        assert granted(band.set_time())
        assert band.firmware.status().clock_trusted

    def test_one_that_was_never_trusted_is_no_way_back(self, band: Band) -> None:
        lose_clock(band, off_ms=HOUR_MS)
        assert granted(band.set_time(offset_ms=30 * DAY_MS))
        assert granted(band.set_time())
        assert band.firmware.status().clock_trusted
        assert code(band.set_time(offset_ms=30 * DAY_MS)) == "clock_step"
        assert granted(band.set_time())

    def test_it_is_provisional_over_a_reboot(self, band: Band) -> None:
        lose_clock(band, off_ms=3 * DAY_MS)
        band.set_time()
        band.reboot(off_ms=HOUR_MS)
        assert not band.firmware.status().clock_trusted
        assert granted(band.set_time())
        assert band.firmware.status().clock_trusted

    def test_within_a_day_of_what_was_to_be_expected_it_is_trusted(self, band: Band) -> None:
        lose_clock(band, off_ms=DAY_MS - HOUR_MS)
        assert granted(band.set_time())
        assert band.firmware.status().clock_trusted

    def test_what_was_to_be_expected_counts_proven_time_since(self, band: Band) -> None:
        band.skip(5 * DAY_MS)
        lose_clock(band, off_ms=HOUR_MS)
        band.skip(5 * DAY_MS)
        assert granted(band.set_time())
        assert band.firmware.status().clock_trusted

    def test_set_at_once_after_a_break_while_it_runs_it_is_trusted(self, band: Band) -> None:
        band.skip(2 * DAY_MS)
        band.board.clock.break_supply()
        assert not band.firmware.status().clock_trusted
        assert granted(band.set_time())
        assert band.firmware.status().clock_trusted


class TestEarliest:
    """R7: never before the firmware's build or the clinic's newest signed object."""

    def test_not_before_the_firmwares_build(self, new_band: Band) -> None:
        clinic = new_band.clinic
        new_band.offer_owner(clinic, clinic.transfer(), clinic.assignment())
        new_band.press()
        before_ms = (FIRMWARE_BUILD_S - NOW_S) * 1000
        assert code(new_band.set_time(offset_ms=before_ms - 1)) == "clock_step"
        assert granted(new_band.set_time(offset_ms=before_ms))

    def test_not_before_the_clearance_or_the_prescription(self, band: Band) -> None:
        band.skip(60_000)
        band.clear()
        band.board.clock.break_supply()
        assert code(band.set_time(offset_ms=-1_001)) == "clock_step"
        assert granted(band.set_time())


class TestLoss:
    """R5: the record tells of a lost clock, once."""

    def test_a_boot_after_a_loss_records_it_once(self, band: Band) -> None:
        lose_clock(band)
        assert len(band.bodies(ClockLostBody)) == 1
        band.reboot()
        assert len(band.bodies(ClockLostBody)) == 1
        band.set_time()
        lose_clock(band)
        assert len(band.bodies(ClockLostBody)) == 2

    def test_a_clock_that_was_never_set_is_not_lost(self, new_band: Band) -> None:
        clinic = new_band.clinic
        new_band.offer_owner(clinic, clinic.transfer(), clinic.assignment())
        new_band.press()
        lose_clock(new_band)
        assert not new_band.bodies(ClockLostBody)

    def test_an_unbroken_clock_is_not_lost(self, band: Band) -> None:
        band.reboot(off_ms=DAY_MS)
        assert not band.bodies(ClockLostBody)
        assert band.set_time().status is StatusCode.OK
