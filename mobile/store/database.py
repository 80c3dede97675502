"""The SQLite file: how it's opened, and one transaction at a time that holds whole or not at all.

WAL with synchronous=FULL: what a transaction has written survives a kill and a power cut.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from mobile import files
from mobile.platform.keystore import KeyName, KeyStore
from mobile.store.cipher import KeyedCipher
from mobile.store.data_keys import open_cipher
from mobile.store.errors import StoreBroken, StoreDamaged, StoreError, StoreFull
from mobile.store.migrations.newest import bring_up_to_date

FILE_NAME = files.STORE
_SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=2000",
)
# Growing the shared index of the WAL fails in its own way when the disk is full.
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_CUT_SHORT = {sqlite3.SQLITE_IOERR_SHORT_READ}
_PRIMARY_CODE = 0xFF
_OUR_TABLES = {"alembic_version", "schema"}
"""One of them stands in every file of ours; the second in those from before the first."""


class Database:
    """An open database: transactions and sealed fields."""

    def __init__(self, engine: Engine, cipher: KeyedCipher) -> None:
        self._engine = engine
        self.cipher = cipher
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
        return self.cipher.seal(table, column, str(row), plain)

    def open(self, table: str, column: str, row: object, sealed: bytes) -> bytes:
        """Return the plain bytes of a sealed field."""
        return self.cipher.open(table, column, str(row), sealed)

    def open_all(
        self, table: str, column: str, fields: Iterable[tuple[str, bytes]]
    ) -> tuple[bytes, ...]:
        """Return the plain bytes of many sealed fields of a column, each with its row's name."""
        return self.cipher.open_all(table, column, fields)

    def empty_log(self) -> None:
        """Bring everything into the file and cut the write-ahead log to nothing."""
        with _typed_errors(), closing(self._engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()


def open_database(data: Path, keys: KeyStore, *, now_ms: int) -> Database:
    """Open or make the database of the data folder and bring its tables up to date.

    Raise KeyLost, StoreFull, StoreDamaged, StoreTooNew or StoreBroken; then the file is as it was.
    """
    path = data / FILE_NAME
    if path.exists() and path.stat().st_size == 0 and keys.read(KeyName.WRAPPING) is not None:
        raise StoreDamaged("file", "is empty")
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    try:
        with _typed_errors():
            _check(engine)
            return Database(engine, _prepare(engine, keys, now_ms=now_ms))
    except StoreError:
        engine.dispose()
        raise


def _check(engine: Engine) -> None:
    """Look through the file's pages before anything is written to it."""
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("PRAGMA quick_check(1)")
        (found,) = cursor.fetchone() or ("says nothing",)
    if found != "ok":
        raise StoreDamaged("file", "has damaged pages")


def _prepare(engine: Engine, keys: KeyStore, *, now_ms: int) -> KeyedCipher:
    """Bring the tables up to date and open the data keys, in one transaction."""
    with Session(engine) as session, session.begin():
        connection = session.connection()
        _refuse_strangers(connection)
        bring_up_to_date(connection)
        return open_cipher(session, keys, now_ms=now_ms)


def _refuse_strangers(connection: Connection) -> None:
    tables = set(inspect(connection).get_table_names())
    if tables and not tables & _OUR_TABLES:
        raise StoreDamaged("file", "isn't one of this app's")


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
        raise _typed(problem.orig) from problem
    except sqlite3.Error as problem:
        raise _typed(problem) from problem


def _typed(problem: BaseException | None) -> StoreError:
    code = getattr(problem, "sqlite_errorcode", 0)
    if code in _FULL:
        return StoreFull()
    if code & _PRIMARY_CODE in _DAMAGED or code in _CUT_SHORT:
        return StoreDamaged("file", f"answers {problem}")
    return StoreBroken("file", f"answers {problem}")
