"""All that the phone keeps, over one database. It belongs to the thread that opened it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy.orm import Session

from mobile.platform.keystore import KeyStore
from mobile.store.checkins import Checkins
from mobile.store.database import FILE_NAME, Database, open_database
from mobile.store.downstream import Downstream
from mobile.store.outbox import Outbox
from mobile.store.records import Records
from mobile.store.session_log import SessionLog
from mobile.store.settings import Settings

_PARTS = ("", "-wal", "-shm")


class Store:
    """The tables' services; `transaction` makes several of their steps one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.settings = Settings(database)
        self.records = Records(database)
        self.outbox = Outbox(database)
        self.downstream = Downstream(database)
        self.checkins = Checkins(database)
        self.session_log = SessionLog(database)

    def transaction(self) -> AbstractContextManager[Session]:
        """Everything inside holds whole or not at all."""
        return self._database.transaction()

    def close(self) -> None:
        """Close the database."""
        self._database.close()


def open_store(data: Path, keys: KeyStore) -> Store:
    """Open or make the store of the data folder; raise KeyLost, StoreFull or StoreBroken."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Store(open_database(data, keys))


def set_aside(data: Path) -> None:
    """Put a database away that can't be opened any more, so that the person can enrol anew.

    It stays beside the new one, unreadable as it is: nothing is thrown away on our own.
    """
    number = 1
    while (data / f"{FILE_NAME}.unreadable-{number}").exists():
        number += 1
    for part in _PARTS:
        old = data / f"{FILE_NAME}{part}"
        if old.exists():
            old.rename(data / f"{FILE_NAME}.unreadable-{number}{part}")
