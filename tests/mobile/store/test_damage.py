"""A damaged, cut or foreign file is said in words that help; what it held is put aside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mobile.platform.keystore import KeyName
from mobile.store import StoreDamaged, open_store, set_aside
from mobile.store.database import FILE_NAME
from tests.mobile.store.filled import EPOCH, everything, fill
from tests.mobile.worlds import MemoryKeyStore

PAGE = 4096


@pytest.fixture
def large(tmp_path: Path, keys: MemoryKeyStore) -> Path:
    """A closed file of many pages."""
    store = open_store(tmp_path, keys)
    fill(store)
    store.records.append(EPOCH, 8, [bytes(300)] * 400)
    store.close()
    path = tmp_path / FILE_NAME
    assert path.stat().st_size > 20 * PAGE
    return path


def assert_said_and_set_aside(path: Path, keys: MemoryKeyStore) -> None:
    damaged, wrapping = path.read_bytes(), keys.read(KeyName.WRAPPING)
    with pytest.raises(StoreDamaged, match="enrol again") as said:
        open_store(path.parent, keys)
    assert "Traceback" not in str(said.value)
    assert path.read_bytes() == damaged

    set_aside(path.parent, keys)
    fresh = open_store(path.parent, keys)
    assert fresh.settings.get("enrolment") is None
    fresh.close()
    assert (path.parent / f"{FILE_NAME}.unreadable-1").read_bytes() == damaged
    assert keys.read(KeyName.SET_ASIDE_WRAPPING) == wrapping


@pytest.mark.parametrize("page", [0, 1, 2, 10, 20])
def test_damaged_page_is_found_at_the_start(large: Path, keys: MemoryKeyStore, page: int) -> None:
    data = bytearray(large.read_bytes())
    data[page * PAGE : page * PAGE + 64] = b"\xa5" * 64
    large.write_bytes(data)
    assert_said_and_set_aside(large, keys)


@pytest.mark.parametrize("pages", [1, 5, 15])
def test_file_cut_short_is_found_at_the_start(
    large: Path, keys: MemoryKeyStore, pages: int
) -> None:
    large.write_bytes(large.read_bytes()[: pages * PAGE])
    assert_said_and_set_aside(large, keys)


def test_file_cut_in_the_midst_of_a_page_is_found(large: Path, keys: MemoryKeyStore) -> None:
    large.write_bytes(large.read_bytes()[: 10 * PAGE + 100])
    assert_said_and_set_aside(large, keys)


def test_emptied_file_is_no_new_beginning(large: Path, keys: MemoryKeyStore) -> None:
    large.write_bytes(b"")
    assert_said_and_set_aside(large, keys)


def test_file_of_something_else_is_refused(large: Path, keys: MemoryKeyStore) -> None:
    large.write_bytes(b"a picture of a cat, and long enough to look at. " * 400)
    assert_said_and_set_aside(large, keys)


def test_database_of_another_app_is_refused_and_left_as_it_was(
    tmp_path: Path, keys: MemoryKeyStore
) -> None:
    path = tmp_path / FILE_NAME
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("CREATE TABLE contacts (name TEXT)")
    assert_said_and_set_aside(path, keys)


def test_damage_within_a_sealed_value_is_found_when_it_is_read(
    large: Path, keys: MemoryKeyStore
) -> None:
    with closing(sqlite3.connect(large)) as file:
        (value,) = file.execute(
            "SELECT sealed_value FROM settings WHERE name='enrolment'"
        ).fetchone()
    data = large.read_bytes()
    at = data.index(value) + len(value) // 2
    large.write_bytes(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :])

    store = open_store(large.parent, keys)
    with pytest.raises(StoreDamaged, match=r"settings\.sealed_value doesn't open"):
        store.settings.get("enrolment")
    assert store.settings.get("band-seen") is not None
    store.close()


def test_damage_while_it_is_open_is_said_in_words_too(large: Path, keys: MemoryKeyStore) -> None:
    store = open_store(large.parent, keys)
    data = bytearray(large.read_bytes())
    for page in range(1, len(data) // PAGE):
        data[page * PAGE : (page + 1) * PAGE] = b"\xa5" * PAGE
    large.write_bytes(data)
    with store.transaction() as session:
        session.connection().exec_driver_sql("PRAGMA shrink_memory")

    with pytest.raises(StoreDamaged, match="enrol again"):
        everything(store)
    store.close()


def test_wal_that_a_kill_left_is_read_and_a_torn_end_of_it_is_left_out(
    tmp_path: Path, keys: MemoryKeyStore
) -> None:
    store = open_store(tmp_path, keys)
    fill(store)
    kept = everything(store)
    store.settings.put("last", b"torn")
    killed = tmp_path / "killed"
    killed.mkdir()
    for path in tmp_path.glob(f"{FILE_NAME}*"):
        (killed / path.name).write_bytes(path.read_bytes())
    store.close()
    wal = killed / f"{FILE_NAME}-wal"
    wal.write_bytes(wal.read_bytes()[:-100])

    again = open_store(killed, keys)
    assert everything(again) == kept
    assert again.settings.get("last") is None
    again.close()
