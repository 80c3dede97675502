"""The power is cut in each train of a session, and at each byte of a write: what is left holds.

A power cut leaves the files as they are, so one session is enough: at each instant that matters
its folder is copied, and a second device is switched on over the copy.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware_bridge.emulator.parts.frames import frame
from shared.dose import ledger
from shared.dose.ledger import LedgerState
from shared.dose.reasons import ReasonCode
from shared.stimulation.schedule import SLICE_PULSES_MAX
from shared.wire import records
from shared.wire.operations import Operation
from shared.wire.records import CloseCause, RecordType
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.shared.clinic import DEVICE_ID, itbs

TRAIN_PULSES = 30
TRAINS = 20
BYTES_TRAIN = 7


@pytest.fixture
def running(tmp_path: Path) -> Band:
    """A band in the first train of a session."""
    band = Band(tmp_path / "band")
    band.ready()
    band.start()
    return band


def folded(band: Band) -> LedgerState:
    """Fold what stands in the flash, from genesis, as phone and cloud do."""
    state = ledger.genesis(DEVICE_ID, band.must(Operation.HELLO).epoch)
    for entry in band.board.flash.read_all().entries:
        state = ledger.take(state, entry)
    return state


def check_what_is_left(band: Band) -> LedgerState:
    """The promises that hold after any cut within a session."""
    assert band.firmware.fault is None
    assert band.is_in(DeviceState.IDLE)
    state = folded(band)
    assert (state.number, state.hash) == (band.firmware.status().head_number, state.hash)
    assert state.session is None
    assert state.last_session is not None
    assert not state.last_session.completed
    assert state.last_session.cause is CloseCause.REBOOT
    assert band.fired <= state.total_pulses <= band.fired + SLICE_PULSES_MAX
    assert state.last_session.charged_pulses == state.total_pulses
    assert state.windows.within(1, state.windows.buckets[-1].last_ms).pulses == state.total_pulses
    assert state.last_pulse_ms is not None
    assert state.last_pulse_ms * 1000 >= band.pulse_times_us[-1]
    assert {ReasonCode.SESSION_INTERVAL, ReasonCode.DAY_WINDOW} <= band.reasons
    return state


@pytest.mark.parametrize("off_ms", [0, 90_000])
def test_a_cut_in_each_train_leaves_charged_at_least_what_was_fired(
    running: Band, tmp_path: Path, off_ms: int
) -> None:
    for train in range(1, TRAINS + 1):
        running.run_until_fired((train - 1) * TRAIN_PULSES + 1 + train)
        assert running.fired < train * TRAIN_PULSES, "the cut lies inside the train"
        other = running.copy(tmp_path / f"train-{train}")
        if off_ms:
            other.reboot(off_ms=off_ms)
        state = check_what_is_left(other)
        assert state.total_pulses == train * TRAIN_PULSES
        assert state.sessions_partial == 1
        other.run(20_000, beat=True)
        other.press()
        other.run(20_000)
        assert other.fired == running.fired, "nothing goes on after a reboot"
        other.power_cut()


def test_a_cut_between_trains_charges_what_was_fired_and_nothing_more(
    running: Band, tmp_path: Path
) -> None:
    for train in (1, 2, 19):
        running.run_until_fired(train * TRAIN_PULSES)
        other = running.copy(tmp_path / f"between-{train}")
        assert check_what_is_left(other).total_pulses == running.fired
        other.power_cut()


def test_a_cut_before_any_pulse_of_a_train_is_covered(
    running: Band, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fire, copies = running.board.coil.fire, list[Path]()

    def copied_first(at_us: int, percent_mso: int) -> bool:
        folder = tmp_path / f"pulse-{len(copies)}"
        shutil.copytree(running.folder, folder)
        copies.append(folder)
        return fire(at_us, percent_mso)

    running.run_until_fired(2 * TRAIN_PULSES)
    monkeypatch.setattr(running.board.coil, "fire", copied_first)
    running.run_until_fired(3 * TRAIN_PULSES)
    assert len(copies) == TRAIN_PULSES
    for index, folder in enumerate(copies):
        other = Band(folder, like=running)
        assert other.fired == 2 * TRAIN_PULSES + index
        assert check_what_is_left(other).total_pulses == 3 * TRAIN_PULSES
        other.power_cut()


def cuts_within(band: Band, kind: RecordType, folder: Path) -> Iterator[tuple[int, int, Path]]:
    """Go on to the next record of ``kind`` and yield, for every byte of its write, the byte, the
    length of the whole, and a copy of the device as a cut there leaves it."""
    append, cuts = band.board.flash.append, list[tuple[int, int, Path]]()

    def cut_everywhere(entry: bytes) -> None:
        if records.decode_record(entry).type is kind and not cuts:
            framed = frame(entry)
            for cut in range(len(framed) + 1):
                copy = folder / f"cut-{cut}"
                shutil.copytree(band.folder, copy)
                with (copy / "flash" / "log").open("ab") as log:
                    log.write(framed[:cut])
                cuts.append((cut, len(framed), copy))
        append(entry)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(band.board.flash, "append", cut_everywhere)
        for _ in range(400):
            band.run(50, beat=True)
            if cuts:
                break
    assert cuts
    yield from cuts


@pytest.mark.parametrize("kind", [RecordType.SLICE_RESERVED, RecordType.SLICE_CLOSED])
def test_a_write_torn_at_any_byte_leaves_charged_at_least_what_was_fired(
    running: Band, tmp_path: Path, kind: RecordType
) -> None:
    running.run_until_fired((BYTES_TRAIN - 1) * TRAIN_PULSES)
    if kind is RecordType.SLICE_CLOSED:
        running.run_until_fired((BYTES_TRAIN - 1) * TRAIN_PULSES + 1)
    for cut, whole, folder in cuts_within(running, kind, tmp_path / "cuts"):
        other = Band(folder, like=running)
        state = check_what_is_left(other)
        whole_trains = (BYTES_TRAIN - 1) * TRAIN_PULSES
        if kind is RecordType.SLICE_RESERVED:
            assert other.fired == whole_trains
            reserved = TRAIN_PULSES if cut == whole else 0
            assert state.total_pulses == whole_trains + reserved
        else:
            assert other.fired == state.total_pulses == whole_trains + TRAIN_PULSES
        other.power_cut()


def test_a_cut_at_any_byte_of_the_closing_record_closes_it_at_the_next_boot(
    running: Band, tmp_path: Path
) -> None:
    running.run_until_fired((TRAINS - 1) * TRAIN_PULSES + 1)
    ends = []
    for cut, whole, folder in cuts_within(running, RecordType.SESSION_CLOSED, tmp_path / "cuts"):
        other = Band(folder, like=running)
        closed = folded(other).last_session
        assert closed is not None
        assert closed.charged_pulses == other.fired == 600
        assert closed.completed is (cut == whole)
        assert ReasonCode.DAY_WINDOW in other.reasons
        ends.append(closed.completed)
        other.power_cut()
    assert ends.count(True) == 1


def test_power_cuts_in_a_row_close_the_session_once(running: Band) -> None:
    running.run_until_fired(100)
    for _ in range(4):
        running.reboot(off_ms=500)
    check_what_is_left(running)
    closings = [line for line in running.records if line.type is RecordType.SESSION_CLOSED]
    assert len(closings) == 1


def test_a_session_that_nobody_cuts_is_complete(running: Band) -> None:
    """So that the tests above fail for the right reason."""
    running.run(itbs().session_ms + 1000, beat=True)
    state = folded(running)
    assert state.last_session is not None
    assert state.last_session.completed
    assert state.total_pulses == running.fired == 600
