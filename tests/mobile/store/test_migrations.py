"""The tables come about step by step, whole or not at all, and nothing is lost on the way."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from mobile.platform import FileKeyStore
from mobile.platform.keystore import KeyName
from mobile.store import Store, StoreFull, StoreTooNew, open_store
from mobile.store.database import FILE_NAME
from mobile.store.migrations import v0002_data_keys_and_own_words as newest
from mobile.store.migrations.newest import NEWEST
from mobile.store.migrations.steps import STEPS
from mobile.store.models import Base
from shared.wire import fields
from tests.mobile.store.filled import EPOCH, checkin, everything
from tests.mobile.worlds import MemoryKeyStore

BEFORE_ALEMBIC = """
CREATE TABLE schema (version INTEGER NOT NULL, wrapped_key BLOB NOT NULL, PRIMARY KEY (version));
CREATE TABLE settings (name VARCHAR(48) NOT NULL, sealed_value BLOB NOT NULL, PRIMARY KEY (name));
CREATE TABLE ledger_records (epoch BLOB NOT NULL, number BIGINT NOT NULL,
 sealed_record BLOB NOT NULL, PRIMARY KEY (epoch, number));
CREATE TABLE outbox (sequence INTEGER NOT NULL, id VARCHAR(200) NOT NULL, kind VARCHAR(24) NOT NULL,
 sealed_body BLOB, queued_ms BIGINT NOT NULL, acknowledged_ms BIGINT, sealed_refusal BLOB,
 PRIMARY KEY (sequence), UNIQUE (id));
CREATE TABLE downstream (cursor BIGINT NOT NULL, id VARCHAR(200) NOT NULL,
 kind VARCHAR(24) NOT NULL, sealed_body BLOB NOT NULL, applied_ms BIGINT, sealed_refusal BLOB,
 PRIMARY KEY (cursor));
CREATE TABLE checkins (answered_ms BIGINT NOT NULL, sealed_answers BLOB NOT NULL,
 PRIMARY KEY (answered_ms));
CREATE TABLE session_log (session VARCHAR(32) NOT NULL, line INTEGER NOT NULL,
 sealed_line BLOB NOT NULL, PRIMARY KEY (session, line));
"""
ROOT = Path(__file__).parents[3]
WRAPPING, DATA_KEY = b"w" * 32, b"d" * 32


def sealed_before(table: str, column: str, row: str, plain: bytes) -> bytes:
    """Seal as the app did before a field named its key."""
    place = f"circlet/field/v1/{table}/{column}/{row}".encode()
    return b"i" * 12 + AESGCM(DATA_KEY).encrypt(b"i" * 12, plain, place)


@pytest.fixture
def before(tmp_path: Path, keys: MemoryKeyStore) -> Path:
    """A phone's folder from before Alembic, with something in every table."""
    keys.write(KeyName.WRAPPING, WRAPPING)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as file, file:
        file.executescript(BEFORE_ALEMBIC)
        file.execute("INSERT INTO schema VALUES (1, ?)", [aes_key_wrap(WRAPPING, DATA_KEY)])
        value = sealed_before("settings", "sealed_value", "enrolment", b"enrolled")
        file.execute("INSERT INTO settings VALUES ('enrolment', ?)", [value])
        name = f"{EPOCH.hex()}/1"
        value = sealed_before("ledger_records", "sealed_record", name, b"one")
        file.execute("INSERT INTO ledger_records VALUES (?, 1, ?)", [EPOCH, value])
        value = sealed_before("outbox", "sealed_body", "record/1", b"one")
        file.execute(
            "INSERT INTO outbox VALUES (1, 'record/1', 'record', ?, 5, NULL, NULL)", [value]
        )
        for answered_ms in (2_000, 1_000):
            packed = fields.pack(checkin(answered_ms))
            value = sealed_before("checkins", "sealed_answers", str(answered_ms), packed)
            file.execute("INSERT INTO checkins VALUES (?, ?)", [answered_ms, value])
    return tmp_path


def dump(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / FILE_NAME)) as file:
        return list(file.iterdump())


def test_new_file_has_the_tables_of_the_models(store: Store) -> None:
    with store.transaction() as session:
        context = MigrationContext.configure(session.connection())
        assert compare_metadata(context, Base.metadata) == []
        assert context.get_current_revision() == NEWEST


def test_steps_follow_each_other() -> None:
    assert [step.down_revision for step in STEPS] == [None, *[s.revision for s in STEPS[:-1]]]
    assert STEPS[-1].revision == NEWEST


def test_a_start_with_nothing_to_do_does_not_load_alembic(tmp_path: Path) -> None:
    keys = FileKeyStore(tmp_path)
    open_store(tmp_path, keys).close()
    script = (
        "import sys; from pathlib import Path; from mobile.platform import FileKeyStore;"
        " from mobile.store import open_store; data = Path(sys.argv[1]);"
        " open_store(data, FileKeyStore(data)).close(); sys.exit('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, timeout=60)
    assert done.returncode == 0


def test_what_was_kept_before_alembic_is_read_after_it(before: Path, keys: MemoryKeyStore) -> None:
    store = open_store(before, keys)

    assert store.settings.get("enrolment") == b"enrolled"
    assert store.records.read(EPOCH) == (b"one",)
    assert [item.body for item in store.outbox.next_items(9)] == [b"one"]
    assert store.checkins.all() == (checkin(1_000), checkin(2_000))
    with store.transaction() as session:
        assert (
            compare_metadata(MigrationContext.configure(session.connection()), Base.metadata) == []
        )
    store.close()


def test_second_start_changes_nothing(before: Path, keys: MemoryKeyStore) -> None:
    open_store(before, keys).close()
    once = dump(before)
    open_store(before, keys).close()
    assert dump(before) == once


def test_migration_that_breaks_off_leaves_the_file_as_it_was(
    before: Path, keys: MemoryKeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    untouched = dump(before)
    monkeypatch.setattr(newest, "_make_new_tables", _break_off)

    with pytest.raises(RuntimeError, match="broken off"):
        open_store(before, keys)
    assert dump(before) == untouched

    monkeypatch.undo()
    store = open_store(before, keys)
    assert store.settings.get("enrolment") == b"enrolled"
    store.close()


def test_phone_without_room_stays_at_the_old_tables_and_says_so(
    before: Path, keys: MemoryKeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    untouched = dump(before)
    monkeypatch.setattr(
        "mobile.store.database._SETTINGS", ("PRAGMA journal_mode=WAL", "PRAGMA max_page_count=12")
    )

    with pytest.raises(StoreFull, match="no room left"):
        open_store(before, keys)
    assert dump(before) == untouched


def test_file_of_a_newer_app_is_left_alone(
    tmp_path: Path, keys: MemoryKeyStore, store: Store
) -> None:
    store.settings.put("enrolment", b"enrolled")
    kept = everything(store)
    with store.transaction() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num='0099'")
    store.close()
    untouched = dump(tmp_path)

    with pytest.raises(StoreTooNew, match="Update the app") as refused:
        open_store(tmp_path, keys)
    assert refused.value.revision == "0099"
    assert dump(tmp_path) == untouched

    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as file, file:
        file.execute("UPDATE alembic_version SET version_num=?", [NEWEST])
    again = open_store(tmp_path, keys)
    assert everything(again) == kept
    again.close()


def _break_off() -> Iterator[None]:
    raise RuntimeError("broken off")
