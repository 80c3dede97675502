"""All that the phone keeps, over one database. It belongs to the thread that opened it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session

from mobile.glance.sealed import drop as drop_glance
from mobile.platform.keystore import KeyName, KeyStore
from mobile.store.checkins import Checkins
from mobile.store.consents import Consents
from mobile.store.database import FILE_NAME, Database, open_database
from mobile.store.downstream import Downstream
from mobile.store.erase import erase, finish_erasing
from mobile.store.errors import StoreFull
from mobile.store.messages import Messages
from mobile.store.notes import Notes
from mobile.store.outbox import Outbox
from mobile.store.records import Records
from mobile.store.reminders import Reminders
from mobile.store.reserve import Reserve
from mobile.store.rotation import Rotation
from mobile.store.session_log import SessionLog
from mobile.store.settings import Settings

_Kept = TypeVar("_Kept")
_PARTS = ("", "-wal", "-shm")


class Store:
    """The tables' services; `transaction` makes several of their steps one."""

    def __init__(self, database: Database, data: Path, keys: KeyStore) -> None:
        self._database, self._data, self._keys = database, data, keys
        self.settings = Settings(database)
        self.records = Records(database)
        self.outbox = Outbox(database)
        self.downstream = Downstream(database)
        self.checkins = Checkins(database)
        self.session_log = SessionLog(database)
        self.notes = Notes(database)
        self.messages = Messages(database)
        self.reminders = Reminders(database)
        self.consents = Consents(database)
        self.rotation = Rotation(database, keys)
        self.reserve = Reserve(data)

    def transaction(self) -> AbstractContextManager[Session]:
        """Everything inside holds whole or not at all."""
        return self._database.transaction()

    def in_need(self, work: Callable[[], _Kept]) -> _Kept:
        """Do what must be kept; on a full disk once more, with the room that was put by.

        Raise StoreFull where that isn't enough. ``work`` keeps all or nothing.
        """
        try:
            return work()
        except StoreFull:
            if not self.reserve.spend():
                raise
            return work()

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def erase(self) -> None:
        """Close, then forget every key and delete every file: nothing of it can be had again."""
        self.close()
        erase(self._data, self._keys)


def open_store(data: Path, keys: KeyStore, *, now_ms: int = 0) -> Store:
    """Open or make the store of the data folder; ``now_ms`` is when a new data key was made.

    Raise KeyLost, StoreFull, StoreDamaged, StoreTooNew or StoreBroken; then all is as it was.
    """
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    finish_erasing(data, keys)
    store = Store(open_database(data, keys, now_ms=now_ms), data, keys)
    store.reserve.put_by()
    return store


def set_aside(data: Path, keys: KeyStore) -> None:
    """Put a database away that can't be used any more, so that the person can enrol anew.

    It stays beside the new one with its key, as far as there is one: nothing is thrown away on our
    own.
    """
    drop_glance(data)
    number = 1
    while (data / f"{FILE_NAME}.unreadable-{number}").exists():
        number += 1
    for part in _PARTS:
        old = data / f"{FILE_NAME}{part}"
        if old.exists():
            old.rename(data / f"{FILE_NAME}.unreadable-{number}{part}")
    wrapping = keys.read(KeyName.WRAPPING)
    if wrapping is not None:
        keys.write(KeyName.SET_ASIDE_WRAPPING, wrapping)
        keys.erase(KeyName.WRAPPING)
