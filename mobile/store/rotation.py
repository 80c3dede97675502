"""A new data key for everything: row by row under the new one, in steps that outlive a kill.

Each step is a transaction; a sealed field names its key, so a half-finished change reads as well
as a finished one, and goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from mobile.platform.keystore import KeyStore
from mobile.store import data_keys
from mobile.store.cipher import NUMBER_BYTES, number_bytes
from mobile.store.database import Database
from mobile.store.models import (
    Base,
    CheckinRow,
    ConsentRow,
    DownstreamRow,
    LedgerRow,
    LogRow,
    MessageRow,
    NoteRow,
    OutboxRow,
    ReminderRow,
    SettingRow,
)
from mobile.store.row_names import consent_row, ledger_row, log_row

LIFE_MS = 365 * 86_400_000
"""How old a data key may get. By the phone's clock: one set wrong changes it early or late."""
ROWS_A_STEP = 200

_ROW_NAMES: dict[type[Base], Callable[[Any], str]] = {
    SettingRow: lambda row: row.name,
    LedgerRow: lambda row: ledger_row(row.epoch, row.number),
    OutboxRow: lambda row: row.id,
    DownstreamRow: lambda row: str(row.cursor),
    CheckinRow: lambda row: row.id,
    LogRow: lambda row: log_row(row.session, row.line),
    NoteRow: lambda row: row.id,
    MessageRow: lambda row: row.id,
    ReminderRow: lambda row: row.id,
    ConsentRow: lambda row: consent_row(row.section, row.given_ms),
}
"""How each table's rows are named in what their fields are bound to."""


class Rotation:
    """Changes the data key of one database; `step` until it says that it's done."""

    def __init__(self, database: Database, keys: KeyStore) -> None:
        self._database = database
        self._keys = keys

    def is_due(self, *, now_ms: int) -> bool:
        """Whether a change was begun and not finished, or the data key is older than a year."""
        with self._database.transaction() as session:
            if data_keys.count(session) > 1:
                return True
            return now_ms - data_keys.newest_made_ms(session) >= LIFE_MS

    def begin(self, *, now_ms: int) -> None:
        """Make a new data key; from now on everything is sealed under it. One that was begun and
        not finished goes on instead."""
        with self._database.transaction() as session:
            data_keys.settle_wrapping(session, self._keys)
            if data_keys.count(session) > 1:
                return
            number, key = data_keys.add_next(session, self._keys, now_ms=now_ms)
        self._database.cipher.take(number, key)

    def step(self, rows: int = ROWS_A_STEP) -> bool:
        """Seal at most so many rows anew; return whether anything is left to do."""
        with self._database.transaction() as session:
            for table, name_of in _ROW_NAMES.items():
                rows -= self._renew(session, table, name_of, rows)
                if rows <= 0:
                    return True
            data_keys.drop_older(session)
        with self._database.transaction() as session:
            data_keys.settle_wrapping(session, self._keys)
        self._database.cipher.forget_older()
        self._database.empty_log()
        return False

    def _renew(
        self, session: Session, table: type[Base], name_of: Callable[[Any], str], limit: int
    ) -> int:
        """Seal up to ``limit`` rows of a table under the newest key; return how many."""
        columns = sealed_columns(table)
        newest = number_bytes(self._database.cipher.newest)
        older = [func.substr(getattr(table, name), 1, NUMBER_BYTES) != newest for name in columns]
        found = session.scalars(select(table).where(or_(*older)).limit(limit)).all()
        for row in found:
            for name in columns:
                sealed = getattr(row, name)
                if sealed is not None:
                    setattr(row, name, self._anew(table.__tablename__, name, name_of(row), sealed))
        session.flush()
        return len(found)

    def _anew(self, table: str, column: str, row: str, sealed: bytes) -> bytes:
        plain = self._database.open(table, column, row, sealed)
        return self._database.seal(table, column, row, plain)


def sealed_columns(table: type[Base]) -> tuple[str, ...]:
    """Return the columns of a table whose values are sealed."""
    return tuple(c.name for c in table.__table__.columns if c.name.startswith("sealed_"))
