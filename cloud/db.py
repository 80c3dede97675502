"""The database: one declarative base, engines for SQLite and PostgreSQL, short transactions.

``clinic_id`` leads every primary key and every query. Nothing here knows a table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import BigInteger, Engine, LargeBinary, MetaData, String, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

BUSY_TIMEOUT_MS = 15_000
_WRITES = "circlet_writes"


class Base(DeclarativeBase):
    """All tables of the cloud."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {int: BigInteger, bytes: LargeBinary, str: String}  # noqa: RUF012


def clinic_key() -> Any:
    """Return the column that leads every primary key."""
    return mapped_column(String(32), primary_key=True)


class Database:
    """Transactions over one database; reading ones never block each other."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self._writing = self.engine.execution_options(**{_WRITES: True})

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that only reads."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that writes: committed at the end, rolled back on any error."""
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def make_engine(url: str) -> Engine:
    """Return an engine; SQLite gets write-ahead logging, foreign keys and honest transactions."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transactions begin too late; _begin_sqlite opens them.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
