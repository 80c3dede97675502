"""The database: one declarative base, engines for SQLite and PostgreSQL, short transactions.

``clinic_id`` leads every primary key and every query. A transaction says first whose it is: on
PostgreSQL that is what row-level security goes by. The only table known here is that of clinics,
and of it the id alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    BigInteger,
    Engine,
    LargeBinary,
    MetaData,
    String,
    column,
    create_engine,
    event,
    select,
    table,
)
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

from cloud.errors import SetupError
from cloud.vault.fields import VAULT
from cloud.vault.vault import Reading, Vault
from shared.trust.clinic_ids import is_clinic_id

BUSY_TIMEOUT_MS = 15_000
POOL_TIMEOUT_S = 5
"""Who gets no connection for so long is answered 503, rather than hanging (own choice)."""
SETTING = "circlet.clinic_id"
"""The setting of a PostgreSQL transaction that says which clinic's rows there are for it."""
EVERY_CLINIC = "*"
"""Its value for reading the table of clinics alone; no clinic's id has this form."""
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
    """Transactions over one database; reading ones never block each other.

    On PostgreSQL a role that row-level security does not hold is refused (SetupError). ``vault``
    seals and opens what is kept of patients; without one, nothing of that is written or read.
    """

    def __init__(self, url: str, vault: Vault | None = None) -> None:
        self.engine = make_engine(url)
        self._vault = vault
        if self.engine.dialect.name == "postgresql":
            event.listen(self.engine, "connect", _refuse_bypass)
        self._writing = self.engine.execution_options(**{_WRITES: True})

    @contextmanager
    def read(self, clinic_id: str) -> Iterator[Session]:
        """A transaction that only reads, in one clinic."""
        reading = None if self._vault is None else Reading(self._vault.keys)
        try:
            with self._session(self.engine, reading) as session, session.begin():
                _enter(session, clinic_id)
                yield session
        finally:
            if reading is not None:
                reading.end()

    @contextmanager
    def write(self, clinic_id: str) -> Iterator[Session]:
        """A transaction that writes, in one clinic: committed at the end, or rolled back."""
        with self._session(self._writing, self._vault) as session, session.begin():
            _enter(session, clinic_id)
            yield session

    def all_clinics(self) -> tuple[str, ...]:
        """Return the ids of all clinics here, in order: for what looks after each of them."""
        clinics = table("clinics", column("clinic_id", String))
        with Session(self.engine) as session, session.begin():
            _set(session, EVERY_CLINIC)
            found = session.scalars(select(clinics.c.clinic_id).order_by(clinics.c.clinic_id))
            return tuple(found)

    def _session(self, engine: Engine, vault: Vault | None) -> Session:
        return Session(engine, expire_on_commit=False, info={VAULT: vault})

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def make_engine(url: str) -> Engine:
    """Return an engine; SQLite gets write-ahead logging, foreign keys and honest transactions.

    What a statement was given stands in no error: it may be a name.
    """
    if not url.startswith("sqlite"):
        return create_engine(
            url, pool_pre_ping=True, pool_timeout=POOL_TIMEOUT_S, hide_parameters=True
        )
    engine = create_engine(
        url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _enter(session: Session, clinic_id: str) -> None:
    if not is_clinic_id(clinic_id):
        raise ValueError(f"no clinic has the id {clinic_id!r}")
    _set(session, clinic_id)


def _set(session: Session, value: str) -> None:
    # A literal: SET takes no parameters, and set_config() does not reach the shards of Citus.
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL {SETTING} = '{value}'")


def _refuse_bypass(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        (bypasses,) = cursor.fetchone()
    connection.rollback()
    if bypasses:
        raise SetupError("the database's role passes row-level security by: use circlet_app")


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transactions begin too late; _begin_sqlite opens them.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
