"""What the record keeps and how a session ends, looked at where it happens."""

from __future__ import annotations

import pytest

from firmware_bridge.emulator.firmware import ledger_room, overwritten
from firmware_bridge.emulator.firmware.overwritten import CourseSummary, SessionSummary
from shared.dose import ledger
from shared.dose.ledger import Course
from shared.wire import records
from shared.wire.operations import Operation
from shared.wire.records import CloseCause
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.bench import EPOCH, HASH, SLICE_PULSES, Bench
from tests.shared.clinic import DEVICE_ID, itbs
from tests.shared.prescribed import bilateral

# What is overwritten


def test_a_session_that_is_overwritten_leaves_its_summary_and_its_sum() -> None:
    bench = Bench()
    first, second = bench.session(slices=2), bench.session(slices=3, completed=False)
    last = bench.journal.count
    entries = [bench.journal.record(number) for number in range(1, last + 1)]
    kept = overwritten.carried_forward(None, ledger.genesis(DEVICE_ID, EPOCH), entries)
    assert kept.number == last
    assert kept.total_pulses == 5 * SLICE_PULSES
    assert kept.newest_trusted_ms == 0
    assert kept.sessions == (
        SessionSummary(last - 8, first, 2 * SLICE_PULSES, True, CloseCause.COMPLETED),
        SessionSummary(last, second, 3 * SLICE_PULSES, False, CloseCause.ENDED_BY_PERSON),
    )
    assert kept.courses == (CourseSummary(5 * SLICE_PULSES, 2, 1),)
    assert kept.state() == bench.journal.state
    half = overwritten.carried_forward(None, ledger.genesis(DEVICE_ID, EPOCH), entries[:-8])
    assert overwritten.carried_forward(half, half.state(), entries[-8:]) == kept


def test_what_was_overwritten_of_a_course_is_summed_under_its_name() -> None:
    bench = Bench()
    named = records.PrescriptionInstalledBody(HASH, 1, b"c" * 16, itbs().kind, b"k" * 8)
    before = bench.journal.state
    start = bench.journal.count
    bench.journal.write(named)
    bench.session(slices=2)
    entries = [bench.journal.record(number) for number in range(start + 1, bench.journal.count + 1)]
    kept = overwritten.carried_forward(None, before, entries)
    assert [course.course_id for course in kept.courses] == [b"c" * 16]
    assert kept.sessions[0].course_id == b"c" * 16
    assert kept.courses == (CourseSummary(2 * SLICE_PULSES, 1, 1, b"c" * 16),)


def test_the_newest_clock_of_what_was_overwritten_is_kept() -> None:
    bench = Bench()
    before, start = bench.journal.state, bench.journal.count
    bench.journal.append(records.ClockSetBody(7_000, HASH), 7_000)
    bench.journal.append(records.ClockSetBody(9_000, HASH), 9_000)
    bench.journal.append(records.ClockSetBody(8_000, HASH), None)
    entries = [bench.journal.record(start + number) for number in (1, 2, 3)]
    kept = overwritten.carried_forward(None, before, entries)
    assert kept.newest_trusted_ms == 9_000
    assert overwritten.carried_forward(kept, kept.state(), []).newest_trusted_ms == 9_000


def test_it_is_read_back_as_it_was_stored() -> None:
    bench = Bench()
    assert overwritten.load(bench.flash) is None
    kept = overwritten.carried_forward(None, bench.journal.state, [])
    overwritten.store(bench.flash, kept)
    assert overwritten.load(bench.flash) == kept


# What the record answers


def test_a_record_is_had_by_its_number_and_none_beside() -> None:
    bench = Bench()
    journal = bench.journal
    assert journal.first == 1
    assert journal.hash_at(0) == ledger.genesis(DEVICE_ID, EPOCH).hash
    assert journal.hash_at(journal.count) == journal.state.hash
    for wrong in (0, journal.count + 1):
        with pytest.raises(KeyError):
            journal.record(wrong)
        with pytest.raises(KeyError):
            journal.proven_at(wrong)
    with pytest.raises(KeyError):
        journal.hash_at(journal.count + 1)
    bench.wait(500)
    bench.boot_record()
    assert journal.proven_at(journal.count) == 500
    assert journal.clock_at(journal.count) is None
    journal.append(records.ClockSetBody(7_000, HASH), 7_000)
    assert journal.clock_at(journal.count) == 7_000
    assert journal.newest_trusted_ms == 7_000


def test_a_course_goes_on_in_the_state_that_is_left() -> None:
    bench = Bench()
    bench.journal.write(
        records.PrescriptionInstalledBody(HASH, 1, b"c" * 16, itbs().kind, b"k" * 8)
    )
    assert bench.journal.state.current_course == Course(b"c" * 16)
    assert bench.switch_on().state.current_course == Course(b"c" * 16)


def test_the_worst_session_is_named_and_fits_an_empty_record() -> None:
    name, worst = ledger_room.worst()
    assert name
    assert worst > 2 * itbs().plan.trains
    assert ledger_room.has_room(0)
    assert not ledger_room.has_room(ledger_room.capacity())


# How pulses end


def test_no_trigger_reaches_the_coil_but_while_it_stimulates(new_band: Band) -> None:
    new_band.ready(bilateral())
    coil = new_band.board.coil
    assert coil.interlocked
    new_band.arm()
    assert coil.interlocked
    new_band.sealed(Operation.OPEN_START_WINDOW)
    new_band.press()
    assert not coil.interlocked
    new_band.run_until_fired(100)
    new_band.must(Operation.PAUSE)
    assert coil.interlocked
    new_band.sealed(Operation.RESUME)
    assert not coil.interlocked
    new_band.run(60_000, beat=True)
    assert new_band.is_in(DeviceState.REPOSITIONING)
    assert coil.interlocked


@pytest.mark.parametrize("way", ["close", "hold", "heat", "motion"])
def test_whatever_ends_a_session_interlocks_the_trigger(band: Band, way: str) -> None:
    band.start()
    band.run_until_fired(95)
    if way == "close":
        band.must(Operation.CLOSE)
    elif way == "hold":
        band.place_hold()
    else:
        changes = {"coil_temperature_c": 60} if way == "heat" else {"motion_mg": 5_000}
        band.board.sensors.change(**changes)
        band.run(100)
    assert band.board.coil.interlocked
    assert band.firmware.ledger.session is None


def test_a_whole_session_ends_interlocked_and_closing(band: Band) -> None:
    band.start()
    band.run_until_fired(600)
    assert band.is_in(DeviceState.CLOSING)
    assert band.board.coil.interlocked
    band.run(150)
    assert band.is_in(DeviceState.CLOSING)
    band.run(50)
    assert band.is_in(DeviceState.IDLE)
