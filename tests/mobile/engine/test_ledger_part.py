"""A phone that comes after old records gave way at the band: it begins behind them and says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mobile.engine.ledger_copy import LedgerCopy
from mobile.platform import FileKeyStore
from mobile.presenters.actions import Stop
from mobile.presenters.views import SessionView, TodayView
from mobile.store import Store, open_store
from shared.dose import ledger
from shared.dose.ledger import LedgerError
from shared.dose.ledger_part import behind, take_part
from shared.trust.statements import LedgerHead
from shared.wire import records
from shared.wire.items import UpKind
from tests.mobile.engine.world import World, whole_day
from tests.shared.clinic import DEVICE_ID

EPOCH = b"epoch-16-bytes.."
SESSION = b"session-16-bytes"


def chain(count: int) -> tuple[list[bytes], list[bytes]]:
    """Return records with sessions among them, and the hash behind each; the hash 0 is genesis."""
    state = ledger.genesis(DEVICE_ID, EPOCH)
    data, hashes = [], [state.hash]
    bodies: list[records.Body] = [
        records.ProvisionedBody(bytes(32), bytes(32), b"patient-16-bytes"),
        records.SessionOpenedBody(SESSION, bytes(32), 60, 2, bytes(32)),
        records.SliceReservedBody(1, 1, 30, 57, 0),
        records.SliceClosedBody(1, 1, 30, 30, 4_000),
        records.SessionClosedBody(SESSION, records.CloseCause.ENDED_BY_PERSON, False, 30),
        records.TrainingDoneBody(bytes(32), 3),
    ]
    for number, body in enumerate(bodies[:count], start=1):
        record = records.Record(number, body.TYPE, 2, 1000 * number, 1_790_000_000_000, body)
        data.append(records.encode_record(record))
        state = ledger.take(state, data[-1])
        hashes.append(state.hash)
    return data, hashes


@pytest.mark.parametrize("given_up", [1, 2, 3, 4, 5])
def test_a_part_ends_at_the_same_hash_wherever_it_begins(given_up: int) -> None:
    data, hashes = chain(6)
    state = behind(given_up, hashes[given_up])
    for record in data[given_up:]:
        state = take_part(state, record)
    assert (state.number, state.hash, state.trained) == (6, hashes[6], 3)


def test_a_gap_within_a_part_is_refused() -> None:
    data, hashes = chain(6)
    state = take_part(behind(3, hashes[3]), data[3])
    with pytest.raises(LedgerError):
        take_part(state, data[5])


def test_a_whole_ledger_goes_on_refusing_what_does_not_follow() -> None:
    data, hashes = chain(6)
    with pytest.raises(LedgerError):
        ledger.take(behind(3, hashes[3]), data[3])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path, FileKeyStore(tmp_path))


def head(number: int, hash_: bytes) -> LedgerHead:
    return LedgerHead(DEVICE_ID, EPOCH, number, hash_, bytes(16), 2, 1)


def test_a_copy_begins_behind_what_gave_way_and_is_the_same_after_a_restart(store: Store) -> None:
    data, hashes = chain(6)
    copy = LedgerCopy(store, DEVICE_ID)
    copy.begin(EPOCH)
    assert not copy.is_part
    copy.begin_behind(3, hashes[3])
    assert (copy.is_part, copy.next_number) == (True, 4)
    for record in data[3:]:
        copy.hear(record)
    copy.prove(head(6, hashes[6]), now_ms=1)
    again = LedgerCopy(store, DEVICE_ID)
    assert (again.state.number, again.state.hash, again.first_number) == (6, hashes[6], 4)
    assert again.begins_wall_ms == 1_790_000_000_000
    assert [item.kind for item in store.outbox.next_items(9)] == [UpKind.RECORD] * 3


def test_a_wrong_hash_before_the_first_is_found_by_the_head(store: Store) -> None:
    data, hashes = chain(6)
    copy = LedgerCopy(store, DEVICE_ID)
    copy.begin(EPOCH)
    copy.begin_behind(3, b"x" * 32)
    for record in data[3:]:
        copy.hear(record)
    with pytest.raises(LedgerError):
        copy.prove(head(6, hashes[6]), now_ms=1)
    assert store.outbox.waiting() == 0


def test_a_copy_that_has_them_goes_on_as_it_was(store: Store) -> None:
    data, hashes = chain(6)
    copy = LedgerCopy(store, DEVICE_ID)
    copy.begin(EPOCH)
    for record in data[:4]:
        copy.hear(record)
    copy.prove(head(4, hashes[4]), now_ms=1)
    copy.begin_behind(3, hashes[3])
    assert (copy.is_part, copy.next_number) == (False, 5)


def test_a_copy_that_lagged_behind_begins_anew_and_keeps_what_it_had(store: Store) -> None:
    data, hashes = chain(6)
    copy = LedgerCopy(store, DEVICE_ID)
    copy.begin(EPOCH)
    copy.hear(data[0])
    copy.prove(head(1, hashes[1]), now_ms=1)
    copy.begin_behind(4, hashes[4])
    for record in data[4:]:
        copy.hear(record)
    copy.prove(head(6, hashes[6]), now_ms=1)
    assert copy.state.number == 6
    assert store.records.read(EPOCH) == (data[0], data[4], data[5])


async def give_up_old_records(world: World, monkeypatch: pytest.MonkeyPatch) -> int:
    """Let the band overwrite all it has, as in a flash that is full of old records that the clinic
    has receipts for; return the number of the last of those."""
    journal, flash = world.shell.core._journal, world.board.parts.flash  # type: ignore[attr-defined]
    last, real, full = journal.count, flash.room_bytes, [0]
    with monkeypatch.context() as patched:
        patched.setattr(journal, "_may_go", lambda: last)
        patched.setattr(flash, "room_bytes", lambda: full.pop() if full else real())
        await world.life.context.stimulator.practice()
    await world.life.context.stimulator.stop()
    assert journal.first == last + 1
    return int(last)


async def test_a_new_phone_works_from_the_oldest_record_there_is_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.drive("sync")
        gone = await give_up_old_records(world, monkeypatch)
        await world.end_phone()
        shutil.rmtree(tmp_path / "phone")
        world.views.clear()
        world.begin_phone()
        await world.enrol_and_pair_again()
        view = await world.see(TodayView, lambda view: "on this phone begins" in view.subtitle)
        assert view.sessions_planned == 0
        copy = world.life.context.ledger
        assert copy is not None
        assert copy.is_part
        assert copy.first_number == gone + 1
        assert copy.state.number >= gone + 1
        view = await world.see(TodayView, lambda view: view.button_action == "get-ready")
        await world.answer_safety_questions()
        await world.begin_session()
        world.act(Stop())
        await world.see(SessionView, lambda view: view.paused)
