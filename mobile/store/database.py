"""The SQLite file: how it's opened, and one transaction at a time that holds whole or not at all.

WAL with synchronous=FULL: what a transaction has written survives a kill and a power cut.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from mobile.platform.keystore import KeyStore
from mobile.store.cipher import FieldCipher, new_wrapped_key, unwrap
from mobile.store.errors import StoreBroken, StoreError, StoreFull
from mobile.store.models import SCHEMA_VERSION, Base, SchemaRow

FILE_NAME = "circlet.sqlite3"
_SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=2000",
)
# Growing the shared index of the WAL fails in its own way when the disk is full.
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}


class Database:
    """An open database: transactions and sealed fields."""

    def __init__(self, engine: Engine, cipher: FieldCipher) -> None:
        self._engine = engine
        self._cipher = cipher
        self._current: Session | None = None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Write all or nothing. A transaction inside another is part of it."""
        if self._current is not None:
            yield self._current
            return
        with _typed_errors(), Session(self._engine) as session, session.begin():
            self._current = session
            try:
                yield session
                session.flush()
            finally:
                self._current = None

    def seal(self, table: str, column: str, row: object, plain: bytes) -> bytes:
        """Return the sealed field."""
        return self._cipher.seal(table, column, str(row), plain)

    def open(self, table: str, column: str, row: object, sealed: bytes) -> bytes:
        """Return the plain bytes of a sealed field."""
        return self._cipher.open(table, column, str(row), sealed)

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()


def open_database(data: Path, keys: KeyStore) -> Database:
    """Open or make the database of the data folder; raise KeyLost, StoreFull or StoreBroken."""
    engine = create_engine(f"sqlite:///{data / FILE_NAME}")
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    try:
        with _typed_errors():
            return Database(engine, _cipher(engine, keys))
    except StoreError:
        engine.dispose()
        raise


def _cipher(engine: Engine, keys: KeyStore) -> FieldCipher:
    with Session(engine) as session, session.begin():
        Base.metadata.create_all(session.connection())
        row = session.scalars(select(SchemaRow)).one_or_none()
        if row is None:
            row = SchemaRow(version=SCHEMA_VERSION, wrapped_key=new_wrapped_key(keys))
            session.add(row)
        if row.version != SCHEMA_VERSION:
            raise StoreBroken("schema", f"has version {row.version}, not {SCHEMA_VERSION}")
        return unwrap(keys, row.wrapped_key)


def _configure(connection: Any, _record: object) -> None:
    # SQLAlchemy begins transactions itself, below, so that create_all is inside one as well.
    connection.isolation_level = None
    for setting in _SETTINGS:
        connection.execute(setting)


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _typed_errors() -> Iterator[None]:
    try:
        yield
    except DBAPIError as problem:
        code = getattr(problem.orig, "sqlite_errorcode", None)
        if code in _FULL:
            raise StoreFull from problem
        raise StoreBroken("file", f"answers {problem.orig}") from problem
    except sqlite3.Error as problem:
        if getattr(problem, "sqlite_errorcode", None) in _FULL:
            raise StoreFull from problem
        raise StoreBroken("file", f"answers {problem}") from problem
