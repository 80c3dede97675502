"""R27, R28: checkpoints, receipts, and what may be overwritten, over flash in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from firmware_bridge.emulator.firmware import ledger_room, overwritten
from firmware_bridge.emulator.firmware.checkpoints import CHECKPOINT_EVERY_RECORDS, checkpoint_of
from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.ports import PartFailure
from firmware_bridge.emulator.parts.chip import BLOCK_BYTES
from firmware_bridge.emulator.parts.errors import PowerCut
from shared.dose import checkpoint, ledger
from shared.dose.ledger import LedgerState
from shared.wire import fields, records
from tests.firmware_bridge.emulator.firmware.bench import DAY_MS, EPOCH, SLICE_PULSES, Bench
from tests.shared.clinic import DEVICE_ID

SMALL_BYTES = 14 * BLOCK_BYTES


def kept_numbers(bench: Bench) -> range:
    return range(bench.journal.first, bench.journal.count + 1)


def with_checkpoint(bench: Bench, state: LedgerState) -> None:
    """Put another state's checkpoint in the place of both."""
    for page in ("checkpoint-a", "checkpoint-b"):
        bench.flash.write_page(page, fields.pack(checkpoint_of(state)))


class TestCheckpoints:
    """R27: totals in two independent checkpoints, held against the fold at each boot."""

    def test_a_session_that_closed_stands_in_a_checkpoint(self) -> None:
        bench = Bench()
        bench.session()
        journal = bench.switch_on()
        assert journal.fault is None
        assert journal.state.total_pulses == 4 * SLICE_PULSES

    def test_every_so_many_records_there_is_one(self) -> None:
        bench = Bench()
        while bench.journal.count < CHECKPOINT_EVERY_RECORDS:
            bench.boot_record()
        bench.flash.lose_page("checkpoint-b")
        page = bench.flash.read_page("checkpoint-a")
        assert page is not None
        bench.session()
        assert bench.flash.read_page("checkpoint-b") is not None
        assert bench.flash.read_page("checkpoint-a") == page, "the other one stays"

    def test_one_that_says_otherwise_is_a_fault_and_the_higher_totals_count(self) -> None:
        bench = Bench()
        bench.session()
        state = bench.journal.state
        with_checkpoint(bench, LedgerState(**{**vars(state), "total_pulses": 5_000}))
        journal = bench.switch_on()
        assert journal.fault == "totals_differ"
        assert journal.sealed
        assert journal.state.total_pulses == 5_000

    def test_one_that_says_less_is_a_fault_and_the_higher_totals_count(self) -> None:
        bench = Bench()
        bench.session()
        state = bench.journal.state
        with_checkpoint(bench, LedgerState(**{**vars(state), "total_pulses": 1}))
        journal = bench.switch_on()
        assert journal.fault == "totals_differ"
        assert journal.state.total_pulses == 4 * SLICE_PULSES

    def test_one_of_another_chain_is_a_fault(self) -> None:
        bench = Bench()
        bench.session()
        with_checkpoint(bench, LedgerState(**{**vars(bench.journal.state), "hash": bytes(32)}))
        assert bench.switch_on().fault == "totals_differ"

    def test_one_beyond_the_end_is_a_fault_and_its_totals_count(self) -> None:
        bench = Bench()
        image = bench.medium.read("log")
        for number in range(1, 60):
            bench.journal.write(records.SessionPausedBody(records.PauseCause.STOP))
            del number
        bench.session()
        count = bench.journal.state.total_pulses
        bench.medium.shorten("log", len(image))
        bench.counter.content = None
        bench.build()
        bench.journal.advance_counter()
        journal = bench.switch_on()
        assert journal.fault == "ledger_behind_checkpoint"
        assert journal.state.total_pulses == count

    def test_totals_behind_a_break_count(self) -> None:
        bench = Bench()
        bench.session()
        early = bench.medium.length("log")
        bench.session()
        bench.flash.chip.flip("log", early + 20)
        kept = bench.medium.read("log")
        journal = bench.switch_on()
        assert journal.fault == "ledger_broken"
        assert journal.state.total_pulses == 2 * 4 * SLICE_PULSES
        assert bench.medium.read("log") == kept
        with pytest.raises(PartFailure):
            bench.boot_record()

    @pytest.mark.parametrize("page", ["checkpoint-a", "checkpoint-b"])
    def test_one_damaged_page_is_borne(self, page: str) -> None:
        bench = Bench()
        bench.session()
        bench.session()
        for area in bench.flash.chip.areas():
            if area.startswith(f"page-{page}"):
                bench.medium.write(area, 0, bytes(200))
        assert bench.switch_on().fault is None

    def test_two_damaged_pages_are_not(self) -> None:
        bench = Bench()
        bench.session()
        bench.session()
        for area in bench.flash.chip.areas():
            if area.startswith("page-checkpoint"):
                bench.medium.write(area, 0, bytes(200))
        with pytest.raises(PartFailure):
            bench.switch_on()
        assert bench.journal.sealed

    def test_a_checkpoint_of_another_firmwares_layout_is_held_by_hash_alone(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bench = Bench()
        bench.session()
        with monkeypatch.context() as other:
            other.setattr(checkpoint, "layout", lambda: b"another.")
            with_checkpoint(bench, LedgerState(**{**vars(bench.journal.state), "serial": 9}))
        assert bench.switch_on().fault is None


class TestReceipts:
    """R28: over {device, epoch, n, h(n)}, n at most the last sent head."""

    def test_one_over_a_sent_head_is_kept_over_a_boot(self) -> None:
        bench = Bench()
        bench.session()
        bench.receipted()
        number = bench.journal.count
        receipt = bench.switch_on().receipt
        assert receipt is not None
        assert receipt.number == number

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            (lambda b: (b.journal.count, b.journal.state.hash, b"f" * 16), "receipt_other_epoch"),
            (lambda b: (b.journal.count, bytes(32), EPOCH), "receipt_other_hash"),
            (lambda b: (b.journal.count + 1, bytes(32), EPOCH), "receipt_beyond_head"),
            (lambda b: (b.journal.first, b.journal.hash_at(1), EPOCH), "receipt_not_newer"),
        ],
    )
    def test_any_other_is_refused(
        self, changed: Callable[[Bench], tuple[int, bytes, bytes]], why: str
    ) -> None:
        bench = Bench()
        bench.receipted()
        bench.session()
        bench.journal.head_sent()
        before = bench.journal.receipt
        with pytest.raises(Refused, match=why):
            bench.journal.keep_receipt(*changed(bench))
        assert bench.journal.receipt == before

    def test_none_is_taken_before_a_head_was_sent(self) -> None:
        bench = Bench()
        with pytest.raises(Refused, match="receipt_beyond_head"):
            bench.journal.keep_receipt(1, bench.journal.hash_at(1), EPOCH)

    def test_one_over_a_record_that_is_gone_is_a_fault(self) -> None:
        bench = Bench()
        before = bench.medium.length("log")
        bench.boot_record()
        bench.receipted()
        bench.flash.lose_page("sent-head")
        bench.medium.shorten("log", before)
        assert bench.switch_on().fault == "ledger_behind_receipt"

    def test_one_of_another_epoch_counts_for_nothing(self) -> None:
        bench = Bench()
        bench.receipted()
        bench.build()
        bench.journal.recover(DEVICE_ID, b"other epoch 16 b")
        assert bench.journal.receipt is None


class TestOverwriting:
    """R28: receipted records go for room alone and after 30 days; their sums never go."""

    def lived(self, *, receipts: bool = True, days: int = 31, sessions: int = 12) -> Bench:
        """A small device that has been treating for a while."""
        bench = Bench(room_bytes=SMALL_BYTES)
        for _ in range(sessions):
            bench.session(slices=20)
        if receipts:
            bench.receipted()
        bench.wait(days * DAY_MS)
        return bench

    def treat(self, bench: Bench, *, sessions: int, completed: bool = True) -> None:
        for _ in range(sessions):
            bench.session(slices=20, completed=completed)

    def treat_for_years(self, bench: Bench, *, sessions: int, completed: bool = True) -> None:
        """With a receipt after each session, and a month until the next."""
        for _ in range(sessions):
            bench.session(slices=20, completed=completed)
            bench.receipted()
            bench.wait(31 * DAY_MS)

    @pytest.fixture(autouse=True)
    def small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A ledger whose worst session has 60 records, so that a small flash holds several."""
        monkeypatch.setattr(ledger_room, "worst", lambda: ("small", 60))
        monkeypatch.setattr("firmware_bridge.emulator.firmware.journal.OVERWRITTEN_AT_ONCE", 128)

    def test_with_room_left_nothing_is_overwritten(self) -> None:
        bench = self.lived(sessions=2)
        bench.session()
        assert bench.journal.first == 1

    def test_old_receipted_records_make_room_for_new_sessions(self) -> None:
        bench = self.lived()
        self.treat_for_years(bench, sessions=40)
        assert bench.journal.first > 1_000
        assert bench.journal.state.total_pulses == 52 * 20 * SLICE_PULSES
        count, state = bench.journal.count, bench.journal.state
        journal = bench.switch_on()
        assert journal.fault is None
        assert journal.count == count + 1
        assert journal.state.total_pulses == state.total_pulses
        assert journal.hash_at(count) == state.hash

    def test_what_is_kept_is_served_by_number_and_follows_from_the_hash_before(self) -> None:
        bench = self.lived()
        self.treat(bench, sessions=8)
        journal = bench.journal
        with pytest.raises(KeyError):
            journal.record(journal.first - 1)
        chain = journal.hash_at(journal.first - 1)
        for number in kept_numbers(bench):
            chain = ledger.chain_hash(chain, journal.record(number))
            assert records.decode_record(journal.record(number)).number == number
            assert journal.hash_at(number) == chain
        assert chain == journal.state.hash
        assert journal.first > 1

    @pytest.mark.parametrize("lived", [{"receipts": False}, {"days": 29}])
    def test_unreceipted_or_young_records_are_never_overwritten(
        self, lived: dict[str, Any]
    ) -> None:
        bench = self.lived(**lived)
        with pytest.raises(PartFailure):
            self.treat(bench, sessions=30)
        assert bench.journal.first == 1
        assert bench.flash.read_all().entries[0] == bench.journal.record(1)

    def test_what_has_no_receipt_stays_though_older_records_have_one(self) -> None:
        bench = self.lived(sessions=4)
        receipted = bench.journal.count
        self.treat(bench, sessions=8)
        bench.wait(31 * DAY_MS)
        with pytest.raises(PartFailure):
            self.treat(bench, sessions=30)
        assert bench.journal.first == receipted + 1

    def test_a_power_cut_before_they_are_erased_is_finished_at_the_next_boot(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bench = self.lived()

        def cut(entries: int) -> None:
            raise PowerCut(entries)

        monkeypatch.setattr(bench.flash, "drop", cut)
        with pytest.raises(PowerCut):
            self.treat(bench, sessions=8)
        journal = bench.switch_on()
        assert journal.fault is None
        assert journal.first > 1
        held = [records.decode_record(entry).number for entry in bench.flash.read_all().entries]
        assert held == list(kept_numbers(bench))

    def test_room_is_counted_by_what_must_stay(self, monkeypatch: pytest.MonkeyPatch) -> None:
        bench = self.lived(receipts=False)
        monkeypatch.setattr(ledger_room, "capacity", lambda: bench.journal.count + 100)
        assert not bench.journal.has_room
        bench.receipted()
        assert bench.journal.has_room

    def test_pulses_and_sessions_stay_provable_by_course(self) -> None:
        bench = self.lived()
        first_id = (1).to_bytes(16, "big")
        self.treat_for_years(bench, sessions=20, completed=False)
        kept = bench.switch_on().summaries
        assert kept is not None
        assert kept.total_pulses == kept.state().total_pulses
        assert kept.sessions[0].session_id == first_id
        assert kept.sessions[0].charged_pulses == 20 * SLICE_PULSES
        assert sum(course.sessions for course in kept.courses) == len(kept.sessions)
        assert sum(course.sessions_completed for course in kept.courses) == 12
        still = [bench.journal.record(number) for number in kept_numbers(bench)]
        types = [records.decode_record(entry).type for entry in still]
        closed = types.count(records.RecordType.SESSION_CLOSED)
        assert len(kept.sessions) + closed == bench.sessions

    def test_summaries_roll_up_and_the_course_keeps_their_sum(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(overwritten, "SUMMARIES_KEPT", 5)
        bench = self.lived()
        self.treat_for_years(bench, sessions=20)
        kept = bench.switch_on().summaries
        assert kept is not None
        assert len(kept.sessions) == 5
        assert sum(course.sessions for course in kept.courses) > 10
        assert kept.total_pulses == kept.state().total_pulses

    def test_sums_that_do_not_add_up_are_a_fault(self) -> None:
        bench = self.lived()
        self.treat(bench, sessions=8)
        kept = bench.journal.summaries
        assert kept is not None
        course, *others = kept.courses
        less = fields.pack(
            overwritten.Overwritten(
                kept.at,
                kept.newest_trusted_ms,
                kept.sessions,
                (overwritten.CourseSummary(course.pulses - 1, 1, 1, course.course_id), *others),
            )
        )
        bench.flash.write_page("overwritten", less)
        assert bench.switch_on().fault == "ledger_broken"

    def test_a_thousand_summaries_fit_into_their_page(self) -> None:
        bench = self.lived()
        self.treat(bench, sessions=8)
        kept = bench.journal.summaries
        assert kept is not None
        long = overwritten.SessionSummary(
            2**31, bytes(16), 3_000, True, records.CloseCause.COMPLETED, 2**42, bytes(16)
        )
        course = overwritten.CourseSummary(2**31, 2**20, 2**20, bytes(16))
        most = overwritten.Overwritten(kept.at, 2**42, (long,) * 1_000, (course,) * 100)
        overwritten.store(bench.flash, most)
        assert overwritten.load(bench.flash) == most

    def test_a_power_cut_at_any_point_of_it_loses_nothing(self) -> None:
        bench = self.lived()
        before = bench.image()
        while bench.journal.first == 1:
            before = bench.image()
            bench.session(slices=1)
        total, ends = bench.journal.state.total_pulses, set()
        for cut in (*range(0, 9_000, 811), 60_000):
            bench.restore(before)
            bench.switch_on()
            bench.wait(DAY_MS)
            bench.flash.chip.cut_after(cut, seed=cut)
            try:
                bench.session(slices=1)
                ends.add("whole")
            except PowerCut:
                ends.add("cut")
            journal = bench.switch_on()
            assert journal.fault is None, cut
            assert total - SLICE_PULSES <= journal.state.total_pulses <= total
            held = [records.decode_record(entry).number for entry in bench.flash.read_all().entries]
            assert held == list(range(journal.first, journal.count + 1))
        assert ends == {"whole", "cut"}


def test_hashes_are_known_from_the_first_kept_record_on() -> None:
    bench = Bench()
    with pytest.raises(KeyError):
        bench.journal.hash_at(bench.journal.count + 1)
    assert bench.journal.hash_at(0) == ledger.genesis(DEVICE_ID, EPOCH).hash
