"""A new data key for everything, killed at every step on the way: nothing is lost."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from mobile.platform import FileKeyStore, KeyName
from mobile.platform.keystore import KeyStore
from mobile.store import Store, StoreDamaged, open_store
from mobile.store.cipher import number_bytes
from mobile.store.rotation import LIFE_MS
from tests.mobile.store.filled import EPOCH, everything, fill, sealed
from tests.mobile.worlds import MemoryKeyStore

FORK = multiprocessing.get_context("fork")
NOW_MS = 1_770_000_000_000


class KilledAt:
    """Kills the process at one of the points that it passes, counted from 0."""

    def __init__(self, point: int) -> None:
        self._left = point

    def passes(self, *_: object) -> None:
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1


class WatchedKeyStore(FileKeyStore):
    """A keystore in a file, with a point before and after each change of it."""

    def __init__(self, data: Path, passes: Callable[[], None]) -> None:
        super().__init__(data)
        self._passes = passes

    def write(self, name: KeyName, secret: bytes) -> None:
        self._passes()
        super().write(name, secret)
        self._passes()

    def erase(self, name: KeyName) -> None:
        self._passes()
        super().erase(name)
        self._passes()


def rotate(store: Store, rows: int = 200) -> None:
    store.rotation.begin(now_ms=NOW_MS)
    while store.rotation.step(rows):
        pass


def rotate_and_die(data: Path, point: int) -> None:
    """In a process of its own: change the key row by row, and be killed at that point."""
    killed = KilledAt(point)
    store = open_store(data, WatchedKeyStore(data, killed.passes))
    event.listen(Engine, "commit", killed.passes)
    rotate(store, rows=1)


def killed_at(data: Path, point: int) -> bool:
    """Whether the process came to that point, and was killed there."""
    process = FORK.Process(target=rotate_and_die, args=(data, point))
    process.start()
    process.join(timeout=60)
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def values(store: Store) -> list[bytes]:
    found: list[bytes] = []
    with store.transaction() as session:
        for table, column in sealed():
            rows = session.connection().exec_driver_sql(f"SELECT {column} FROM {table}")
            found += [value for (value,) in rows if value is not None]
    return found


def raw(data: Path) -> bytes:
    return b"".join(path.read_bytes() for path in data.glob("circlet.sqlite3*"))


def assert_done(data: Path, keys: KeyStore, before: list[bytes]) -> None:
    """One key is left, under the usual name, and nothing of the older one."""
    assert keys.read(KeyName.NEXT_WRAPPING) is None
    bytes_left = raw(data)
    assert [value for value in before if value in bytes_left] == []


def test_everything_is_read_as_before_and_nothing_of_the_old_key_is_left(
    tmp_path: Path, keys: MemoryKeyStore, store: Store
) -> None:
    fill(store)
    kept, before = everything(store), values(store)
    wrapping = keys.read(KeyName.WRAPPING)

    rotate(store, rows=3)

    assert everything(store) == kept
    assert {value[:2] for value in values(store)} == {number_bytes(2)}
    assert keys.read(KeyName.WRAPPING) != wrapping
    assert_done(tmp_path, keys, before)
    store.close()
    again = open_store(tmp_path, keys)
    assert everything(again) == kept
    again.close()


@pytest.mark.parametrize("stride", [5, pytest.param(1, marks=pytest.mark.long)])
def test_killed_at_any_point_it_goes_on_and_loses_nothing(tmp_path: Path, stride: int) -> None:
    filled = tmp_path / "filled"
    store = open_store(filled, FileKeyStore(filled))
    fill(store)
    kept, before = everything(store), values(store)
    store.close()

    point = 0
    while killed_at(shutil.copytree(filled, tmp_path / f"{point}"), point):
        data = tmp_path / f"{point}"
        keys = FileKeyStore(data)
        half_way = open_store(data, keys)
        assert everything(half_way) == kept, point
        rotate(half_way, rows=4)
        assert everything(half_way) == kept, point
        half_way.close()
        assert_done(data, keys, before)
        again = open_store(data, keys)
        assert everything(again) == kept, point
        again.close()
        point += stride

    # Each row has a point of its own, besides the keys' own.
    assert point > len(before)


def test_what_is_written_meanwhile_is_under_the_new_key(store: Store) -> None:
    fill(store)
    store.rotation.begin(now_ms=NOW_MS)
    store.rotation.step(1)
    store.settings.put("enrolment", b"changed meanwhile")
    store.records.append(EPOCH, 8, [b"new meanwhile"])
    while store.rotation.step(2):
        pass

    assert store.settings.get("enrolment") == b"changed meanwhile"
    assert store.records.read(EPOCH, 8) == (b"new meanwhile",)


def test_a_second_beginning_goes_on_with_the_first(
    tmp_path: Path, keys: MemoryKeyStore, store: Store
) -> None:
    fill(store)
    kept = everything(store)
    store.rotation.begin(now_ms=NOW_MS)
    store.rotation.step(1)
    next_wrapping = keys.read(KeyName.NEXT_WRAPPING)

    store.rotation.begin(now_ms=NOW_MS)

    assert keys.read(KeyName.NEXT_WRAPPING) == next_wrapping
    rotate(store)
    assert {value[:2] for value in values(store)} == {number_bytes(2)}
    assert everything(store) == kept


def test_it_can_be_changed_again_and_again(tmp_path: Path, keys: MemoryKeyStore) -> None:
    store = open_store(tmp_path, keys)
    fill(store)
    kept = everything(store)
    for number in (2, 3, 4):
        rotate(store)
        store.close()
        store = open_store(tmp_path, keys)
        assert everything(store) == kept
        assert {value[:2] for value in values(store)} == {number_bytes(number)}
    store.close()


def test_damaged_value_stops_the_change_and_both_keys_stay(
    tmp_path: Path, keys: MemoryKeyStore, store: Store
) -> None:
    fill(store)
    with store.transaction() as session:
        session.connection().exec_driver_sql(
            "UPDATE reminders SET sealed_body = zeroblob(40) WHERE id = 'check-in'"
        )
    with pytest.raises(StoreDamaged, match=r"reminders\.sealed_body"):
        rotate(store, rows=1)
    store.close()

    again = open_store(tmp_path, keys)
    assert again.settings.get("enrolment") is not None
    assert again.rotation.is_due(now_ms=NOW_MS)
    again.close()


def test_a_key_is_due_after_a_year_or_when_a_change_was_left_half_done(
    tmp_path: Path, keys: MemoryKeyStore
) -> None:
    store = open_store(tmp_path, keys, now_ms=NOW_MS)
    fill(store)
    assert not store.rotation.is_due(now_ms=NOW_MS + LIFE_MS - 1)
    assert not store.rotation.is_due(now_ms=NOW_MS - 10 * LIFE_MS)
    assert store.rotation.is_due(now_ms=NOW_MS + LIFE_MS)

    store.rotation.begin(now_ms=NOW_MS)
    assert store.rotation.is_due(now_ms=NOW_MS)
    rotate(store)
    assert not store.rotation.is_due(now_ms=NOW_MS)
    store.close()
