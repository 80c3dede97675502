"""The journal at its edges: what a boot finds, what may go, what is said where it is sealed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from firmware_bridge.emulator.firmware import ledger_room, overwritten
from firmware_bridge.emulator.firmware.checkpoints import checkpoint_of
from firmware_bridge.emulator.firmware.journal import ROOM_FOR_ONE_BYTES
from firmware_bridge.emulator.firmware.ledger_room import SPARE_RECORDS
from firmware_bridge.emulator.firmware.overwritten import Overwritten
from firmware_bridge.emulator.firmware.ports import PartFailure
from firmware_bridge.emulator.firmware.receipts import SentHead
from shared.wire import fields, records
from shared.wire.records import CloseCause
from tests.firmware_bridge.emulator.firmware.bench import DAY_MS, EPOCH, HASH, Bench

WORST = 60
MONTH_MS = 31 * DAY_MS


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger whose worst session has 60 records."""
    monkeypatch.setattr(ledger_room, "worst", lambda: ("small", WORST))


def full(bench: Bench, monkeypatch: pytest.MonkeyPatch, bytes_left: int = 0) -> None:
    """Let the flash say, when it is asked next, that so much is left."""
    real, once = bench.flash.room_bytes, [bytes_left]
    monkeypatch.setattr(bench.flash, "room_bytes", lambda: once.pop() if once else real())


def gone(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> int:
    """Receipt all, wait a month, and let it make room; return how many went."""
    bench.receipted()
    bench.wait(MONTH_MS)
    full(bench, monkeypatch)
    count = bench.journal.count
    bench.boot_record()
    assert bench.journal.first == count + 1
    return count


# What a boot finds


def test_a_checkpoint_between_other_records_is_held_against_them_too() -> None:
    bench = Bench()
    bench.session()
    other = replace(bench.journal.state, total_pulses=1)
    bench.flash.write_page("checkpoint-a", fields.pack(checkpoint_of(other)))
    bench.flash.lose_page("checkpoint-b")
    bench.boot_record()
    assert bench.switch_on().fault == "totals_differ"


@pytest.mark.parametrize("own_layout", [True, False])
def test_a_checkpoint_over_another_hash_is_a_fault_whoever_wrote_it(own_layout: bool) -> None:
    bench = Bench()
    bench.session()
    kept = replace(checkpoint_of(bench.journal.state), hash=HASH)
    if not own_layout:
        kept = replace(kept, layout=b"another.")
    bench.flash.write_page("checkpoint-a", fields.pack(kept))
    assert bench.switch_on().fault == "totals_differ"


def test_what_is_broken_at_the_end_is_broken_though_the_rest_follows() -> None:
    bench = Bench()
    bench.session()
    bench.boot_record()
    before = bench.medium.length("log")
    bench.boot_record()
    count = bench.journal.count
    bench.medium.write("log", before + 6, b"\xff" * 4)
    journal = bench.switch_on()
    assert journal.fault == "ledger_broken"
    assert journal.sealed
    assert journal.count < count


def test_a_sealed_journal_keeps_neither_record_nor_head_nor_receipt() -> None:
    bench = Bench()
    bench.session()
    bench.receipted()
    bench.session()
    bench.journal.head_sent()
    before = bench.journal.receipt
    other = replace(bench.journal.state, total_pulses=9_999)
    for page in ("checkpoint-a", "checkpoint-b"):
        bench.flash.write_page(page, fields.pack(checkpoint_of(other)))
    journal = bench.switch_on()
    assert journal.sealed
    for act in (
        bench.boot_record,
        journal.head_sent,
        lambda: journal.keep_receipt(journal.count, journal.hash_at(journal.count), EPOCH),
    ):
        with pytest.raises(PartFailure):
            act()
    assert journal.receipt == before


def test_a_torn_last_write_is_cut_off_and_gone() -> None:
    bench = Bench()
    bench.session()
    length, count = bench.medium.length("log"), bench.journal.count
    bench.boot_record()
    bench.medium.shorten("log", bench.medium.length("log") - 3)
    journal = bench.switch_on()
    assert (journal.fault, journal.count) == (None, count + 1)
    assert not bench.flash.read_all().torn_tail
    assert bench.medium.length("log") > length


# What may go


def test_a_head_that_was_sent_before_what_is_overwritten_is_borne(
    small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench()
    bench.session()
    last = gone(bench, monkeypatch)
    hash_then = bench.journal.hash_at(last)
    for number, named, fault in (
        (1, HASH, None),
        (last, hash_then, None),
        (last, HASH, "ledger_behind_head"),
    ):
        bench.flash.write_page("sent-head", fields.pack(SentHead(number, named)))
        assert bench.switch_on().fault == fault


def test_without_its_receipt_nothing_more_goes(
    small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench()
    bench.session()
    last = gone(bench, monkeypatch)
    bench.flash.lose_page("receipt")
    journal = bench.switch_on()
    bench.wait(MONTH_MS)
    full(bench, monkeypatch)
    bench.boot_record()
    assert journal.first == last + 1
    monkeypatch.setattr(ledger_room, "capacity", lambda: WORST + SPARE_RECORDS + 3)
    assert journal.count - last == 3
    assert journal.has_room
    bench.boot_record()
    assert not journal.has_room


def test_a_single_receipted_record_goes(small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench()
    last = gone(bench, monkeypatch)
    bench.receipted()
    bench.boot_record()
    bench.wait(MONTH_MS)
    full(bench, monkeypatch)
    bench.boot_record()
    assert bench.journal.first == last + 2


@pytest.mark.parametrize(("waited_ms", "goes"), [(30 * DAY_MS - 1, False), (30 * DAY_MS, True)])
def test_what_has_a_receipt_stays_for_thirty_days(
    small: None, monkeypatch: pytest.MonkeyPatch, waited_ms: int, goes: bool
) -> None:
    bench = Bench()
    bench.receipted()
    bench.wait(waited_ms)
    full(bench, monkeypatch)
    bench.boot_record()
    assert (bench.journal.first > 1) is goes
    assert (bench.flash.read_page("overwritten") is not None) is goes


@pytest.mark.parametrize(
    ("in_session", "records_left", "goes"),
    [
        (False, WORST + SPARE_RECORDS, False),
        (False, WORST + SPARE_RECORDS - 1, True),
        (True, 1, False),
        (True, 0, True),
    ],
)
def test_room_is_made_for_a_whole_session_or_within_one_for_a_record(
    small: None,
    monkeypatch: pytest.MonkeyPatch,
    in_session: bool,
    records_left: int,
    goes: bool,
) -> None:
    bench = Bench()
    bench.receipted()
    bench.wait(MONTH_MS)
    if in_session:
        bench.journal.write(records.SessionOpenedBody(b"1" * 16, HASH, 600, 20, HASH))
    full(bench, monkeypatch, records_left * ROOM_FOR_ONE_BYTES)
    bench.boot_record()
    assert (bench.journal.first > 1) is goes


def test_there_is_room_to_the_last_record() -> None:
    beside = ledger_room.worst()[1] + SPARE_RECORDS
    assert ledger_room.has_room(ledger_room.capacity() - beside)
    assert not ledger_room.has_room(ledger_room.capacity() - beside + 1)


def test_the_first_and_the_last_record_are_kept_whole() -> None:
    bench = Bench()
    bench.wait(700)
    bench.boot_record()
    journal = bench.journal
    assert journal.proven_at(1) == 0
    assert journal.proven_at(journal.count) == 700
    for number in (1, journal.count):
        assert records.decode_record(journal.record(number)).number == number


# What remains of it


@pytest.mark.parametrize(("pulses", "counted"), [(0, 0), (1, 1)])
def test_a_session_counts_from_its_first_pulse(pulses: int, counted: int) -> None:
    bench = Bench()
    before, start = bench.journal.state, bench.journal.count
    journal = bench.journal
    journal.write(records.SessionOpenedBody(b"1" * 16, HASH, 600, 20, HASH))
    if pulses:
        journal.write(records.SliceReservedBody(1, 1, pulses, 60, bench.journal.outside_count()))
        journal.advance_counter()
        journal.write(records.SliceClosedBody(1, 1, pulses, pulses, bench.time.proven_ms))
    end = CloseCause.ENDED_BY_PERSON
    journal.write(records.SessionClosedBody(b"1" * 16, end, False, pulses))
    entries = [journal.record(number) for number in range(start + 1, journal.count + 1)]
    kept = overwritten.carried_forward(None, before, entries)
    assert [(each.sessions, each.pulses) for each in kept.courses] == [(counted, pulses)]
    assert len(kept.sessions) == 1


def other_layout(kept: Overwritten) -> Overwritten:
    return replace(kept, at=replace(kept.at, layout=b"another."))


def other_number(kept: Overwritten) -> Overwritten:
    return replace(kept, at=replace(kept.at, number=kept.at.number + 1))


def other_hash(kept: Overwritten) -> Overwritten:
    return replace(kept, at=replace(kept.at, hash=HASH))


@pytest.mark.parametrize("changed", [other_layout, other_number, other_hash])
def test_sums_of_another_layout_or_of_two_records_are_a_fault(
    small: None, monkeypatch: pytest.MonkeyPatch, changed: Callable[[Overwritten], Overwritten]
) -> None:
    bench = Bench()
    gone(bench, monkeypatch)
    kept = bench.journal.summaries
    assert kept is not None
    overwritten.store(bench.flash, changed(kept))
    assert bench.switch_on().fault == "ledger_broken"


def test_what_is_kept_at_a_boot_is_what_was_kept_before(
    small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench()
    bench.journal.append(records.ClockSetBody(9_000, HASH), 9_000)
    gone(bench, monkeypatch)
    before, newest = bench.journal.summaries, bench.journal.state.hash
    journal = bench.switch_on()
    assert journal.summaries == before
    assert journal.newest_trusted_ms == 9_000
    assert journal.hash_at(journal.count - 1) == newest
