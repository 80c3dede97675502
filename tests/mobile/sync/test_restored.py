"""A clinic that restored an older database gets again what it had, without a band: real HTTP."""

import sqlite3
from contextlib import closing
from pathlib import Path

from cloud.phones.waiting import enqueue
from mobile.engine.ledger_copy import LedgerCopy
from mobile.store.sent_again import Holding, send_again
from shared.wire.items import DownKind, UpKind
from tests.mobile.sync.season import Season, season


def copy(old: Path, new: Path) -> None:
    """Copy a database into a file, also into one that is open."""
    with closing(sqlite3.connect(old)) as source, closing(sqlite3.connect(new)) as target:
        source.backup(target)


def at_the_clinic(life: Season) -> tuple[int, int, int]:
    verified, sessions, pulses, _ = life.at_the_clinic()
    return verified, sessions, pulses


async def test_the_records_of_after_the_backup_come_again(tmp_path: Path) -> None:
    async with season(tmp_path) as life:
        live, backup = tmp_path / "clinic" / "cloud.sqlite", tmp_path / "backup"
        assert await life.day(sessions=2, answers=0)
        copy(live, backup)
        before = at_the_clinic(life)
        assert await life.day(sessions=2, answers=0)
        assert await life.day(sessions=1, answers=0)
        after = at_the_clinic(life)
        assert after[0] == life.band.state.number > before[0]

        copy(backup, live)
        assert at_the_clinic(life) == before
        assert await life.exchange()
        assert life.store.outbox.waiting() > 0
        assert await life.exchange()

        assert at_the_clinic(life) == after
        assert life.store.outbox.waiting() == 0
        assert await life.exchange()
        assert life.store.outbox.waiting() == 0, "what is there isn't asked for"


async def test_a_band_whose_record_the_backup_knows_nothing_of_is_sent_from_the_beginning(
    tmp_path: Path,
) -> None:
    async with season(tmp_path) as life:
        live, backup = tmp_path / "clinic" / "cloud.sqlite", tmp_path / "backup"
        copy(live, backup)
        assert await life.day(sessions=2, answers=0)
        after = at_the_clinic(life)
        copy(backup, live)
        assert await life.exchange()
        assert await life.exchange()
        assert at_the_clinic(life) == after


async def test_what_the_clinic_says_after_it_was_restored_reaches_the_phone(tmp_path: Path) -> None:
    async with season(tmp_path) as life:
        live, backup = tmp_path / "clinic" / "cloud.sqlite", tmp_path / "backup"
        assert await life.day(sessions=1, answers=0)
        copy(live, backup)
        for _ in range(3):
            assert await life.day(sessions=1, answers=0)
            assert await life.exchange()
        copy(backup, live)
        life.world.clock.now_ms += 60_000
        with life.world.database.write("demo") as session:
            patient_id = life.enrolment.patient_id
            now_ms = life.world.clock.now_ms
            enqueue(session, "demo", patient_id, DownKind.CLINIC_CARD, b"after", now_ms=now_ms)
        assert await life.exchange()
        assert b"after" in [item.body for item in life.store.downstream.unapplied()]


async def test_gaps_and_a_stretch_that_fails_are_asked_for_and_nothing_else(tmp_path: Path) -> None:
    async with season(tmp_path) as life:
        assert await life.day(sessions=1, answers=0)
        store, number = life.store, life.band.state.number
        epoch = life.band.epoch
        known = Holding(epoch, number, number, ((2, 3),))
        assert send_again(store.records, store.outbox, [known]) == 3
        again = store.outbox.next_items(9)
        assert [item.kind for item in again] == [UpKind.RECORD, UpKind.RECORD, UpKind.HEAD]
        assert [item.body for item in again[:2]] == list(life.band.data[1:3])
        assert LedgerCopy(store, life.enrolment.device_id).epoch == epoch
        assert send_again(store.records, store.outbox, [known]) == 0, "it waits already"
