"""The phone's own store over databases in memory, so that a kill keeps an image and nothing else.

The same tables and services as on a phone; a few databases are used again and again.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Protocol, cast

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from mobile.store import Store
from mobile.store.cipher import KeyedCipher
from mobile.store.database import Database
from mobile.store.models import Base
from tests.campaign.schedules.plain_store import Kept, PlainStore
from tests.mobile.worlds import MemoryKeyStore

_KEY = b"k" * 32


Image = bytes | Kept


class Shelf:
    """Stores for one schedule after the other: real tables, or plain lists."""

    def __init__(self) -> None:
        self._free: list[MemoryStore] = []
        self._empty: Image | None = None
        self.real = False

    def take(self, image: Image | None) -> AnyStore:
        """Return a store over an image, or an empty one."""
        if not self.real:
            assert not isinstance(image, bytes)
            return PlainMemory(image)
        made = self._free.pop() if self._free else MemoryStore()
        if self._empty is None:
            self._empty = made.image()
        kept = self._empty if image is None else image
        assert isinstance(kept, bytes)
        made.restore(kept)
        return made

    def give_back(self, store: AnyStore) -> None:
        """Let somebody else use it."""
        if isinstance(store, MemoryStore):
            self._free.append(store)


class AnyStore(Protocol):
    """A store, and its image."""

    store: Store

    def image(self) -> Image:
        """Everything that is kept."""


class PlainMemory:
    """Plain lists in the place of tables."""

    def __init__(self, kept: Kept | None) -> None:
        self._plain = PlainStore(kept)
        self.store = cast(Store, self._plain)

    def image(self) -> Image:
        """Everything that is kept."""
        return self._plain.kept.copy()


class MemoryStore:
    """One database: its services, and its image."""

    def __init__(self) -> None:
        self._raw = sqlite3.connect(":memory:", isolation_level=None)
        self._engine: Engine = create_engine(
            "sqlite://", creator=lambda: self._raw, poolclass=StaticPool
        )
        event.listen(self._engine, "begin", _begin)
        Base.metadata.create_all(self._engine)
        self.store = Store(Database(self._engine, KeyedCipher({1: _KEY})), Path(), MemoryKeyStore())

    def image(self) -> Image:
        """Everything that is kept."""
        return self._raw.serialize()

    def restore(self, image: bytes) -> None:
        """Keep that instead."""
        self._raw.deserialize(image)


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
