"""Erased means erased: no key, no file, nothing of it in the folder; also when it was killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from mobile.platform import FileKeyStore, KeyName, create_signer
from mobile.platform.keystore import KeyStore
from mobile.store import Store, open_store, set_aside
from tests.mobile.store.filled import MARK, fill


class Killed(Exception):
    """The app is killed here."""


class DyingKeyStore(FileKeyStore):
    """A keystore that dies before it forgets so many keys."""

    def __init__(self, data: Path, after: int) -> None:
        super().__init__(data)
        self._left = after

    def erase(self, name: KeyName) -> None:
        if self._left == 0:
            raise Killed
        self._left -= 1
        super().erase(name)


def used_phone(data: Path) -> tuple[Store, KeyStore]:
    """A phone with a store in use, one set aside, and every key."""
    keys = FileKeyStore(data)
    open_store(data, keys).close()
    set_aside(data, keys)
    store = open_store(data, keys)
    fill(store)
    for name in (KeyName.APP, KeyName.REQUEST):
        create_signer(keys, name)
    store.rotation.begin(now_ms=1)
    store.rotation.step(1)
    return store, keys


def test_nothing_remains(tmp_path: Path) -> None:
    store, keys = used_phone(tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert {"circlet.sqlite3", "circlet.sqlite3-wal", "circlet.sqlite3.unreadable-1"} <= names
    assert keys.read(KeyName.NEXT_WRAPPING) is not None

    store.erase()

    assert list(tmp_path.iterdir()) == []
    assert [keys.read(name) for name in KeyName] == [None] * len(KeyName)
    fresh = open_store(tmp_path, keys)
    assert fresh.settings.get("enrolment") is None
    fresh.close()


@pytest.mark.parametrize("after", range(len(KeyName)))
def test_killed_in_the_midst_it_is_finished_at_the_next_start(tmp_path: Path, after: int) -> None:
    store, keys = used_phone(tmp_path)
    store.close()
    dying = open_store(tmp_path, DyingKeyStore(tmp_path, after))
    with pytest.raises(Killed):
        dying.erase()

    fresh = open_store(tmp_path, keys)

    assert fresh.settings.get("enrolment") is None
    assert fresh.outbox.waiting() == 0
    fresh.close()
    assert not list(tmp_path.glob("*unreadable*"))
    assert keys.read(KeyName.APP) is None


def test_killed_between_two_files_it_is_finished_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, keys = used_phone(tmp_path)
    unlink = Path.unlink
    gone: list[Path] = []

    def die_at_the_second(path: Path, *arguments: bool) -> None:
        if path.name.startswith("circlet") and gone:
            raise Killed
        gone.append(path)
        unlink(path, *arguments)

    monkeypatch.setattr(Path, "unlink", die_at_the_second)
    with pytest.raises(Killed):
        store.erase()
    monkeypatch.undo()

    fresh = open_store(tmp_path, keys)
    assert fresh.settings.get("enrolment") is None
    assert MARK not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    fresh.close()
