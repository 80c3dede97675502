"""A second key port, as an HSM's adapter would be: the same tests hold for it.

Its wrapping keys never leave it, wrapped keys lie in a store of its own (here: SQLite in a file),
and it does its wrapping by AES key wrap (RFC 3394).
"""

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

from cloud.vault.errors import KeyDestroyed, KeyMissing
from cloud.vault.owners import Owner, Purpose
from cloud.vault.port import KEY_BYTES, KeyPort, Tell, tell_nobody
from tests.cloud.vault.conformance import *  # noqa: F403


class ModuleKeys:
    """A stand-in for a hardware module, in one file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        with self._store() as store:
            store.execute("CREATE TABLE IF NOT EXISTS slots (slot TEXT PRIMARY KEY, key BLOB)")
            store.execute("CREATE TABLE IF NOT EXISTS wrapped (owner TEXT PRIMARY KEY, key BLOB)")

    @contextmanager
    def _store(self) -> Iterator[sqlite3.Connection]:
        store = sqlite3.connect(self._file, isolation_level=None, timeout=15)
        try:
            store.execute("BEGIN IMMEDIATE")
            yield store
            store.execute("COMMIT")
        finally:
            store.close()

    def make(self, owner: Owner) -> bytes:
        with self._store() as store:
            found = self._find(store, owner)
            if found is not None:
                return found
            key = secrets.token_bytes(KEY_BYTES)
            self._keep(store, owner, key)
        return key

    def open(self, owner: Owner) -> bytes:
        with self._store() as store:
            found = self._find(store, owner)
        if found is None:
            raise KeyMissing(str(owner))
        return found

    def destroy(self, owner: Owner) -> None:
        with self._store() as store:
            store.execute("REPLACE INTO wrapped VALUES (?, NULL)", (str(owner),))

    def rotate(self, clinic_id: str, purpose: Purpose, tell: Tell = tell_nobody) -> int:
        fresh, count = secrets.token_bytes(KEY_BYTES), 0
        with self._store() as store:
            slot = self._slot(store, clinic_id, purpose)
            named = f"{purpose} key of patient % of {clinic_id}"
            for owner, wrapped in store.execute(
                "SELECT owner, key FROM wrapped WHERE owner LIKE ? AND key IS NOT NULL", (named,)
            ).fetchall():
                anew = aes_key_wrap(fresh, aes_key_unwrap(slot, wrapped))
                store.execute("UPDATE wrapped SET key = ? WHERE owner = ?", (anew, owner))
                count += 1
            store.execute("REPLACE INTO slots VALUES (?, ?)", (f"{clinic_id}/{purpose}", fresh))
        tell("done")
        return count

    def _find(self, store: sqlite3.Connection, owner: Owner) -> bytes | None:
        row = store.execute("SELECT key FROM wrapped WHERE owner = ?", (str(owner),)).fetchone()
        if row is None:
            return None
        if row[0] is None:
            raise KeyDestroyed(str(owner))
        return aes_key_unwrap(self._slot(store, owner.clinic_id, owner.purpose), row[0])

    def _keep(self, store: sqlite3.Connection, owner: Owner, key: bytes) -> None:
        slot = self._slot(store, owner.clinic_id, owner.purpose)
        store.execute("INSERT INTO wrapped VALUES (?, ?)", (str(owner), aes_key_wrap(slot, key)))

    def _slot(self, store: sqlite3.Connection, clinic_id: str, purpose: Purpose) -> bytes:
        name = f"{clinic_id}/{purpose}"
        row = store.execute("SELECT key FROM slots WHERE slot = ?", (name,)).fetchone()
        if row is None:
            row = (secrets.token_bytes(KEY_BYTES),)
            store.execute("INSERT INTO slots VALUES (?, ?)", (name, *row))
        key: bytes = row[0]
        return key


@pytest.fixture
def port(tmp_path: Path) -> KeyPort:
    return ModuleKeys(tmp_path / "module")


@pytest.fixture
def reopen(tmp_path: Path) -> Callable[[], KeyPort]:
    return lambda: ModuleKeys(tmp_path / "module")
