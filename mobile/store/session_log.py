"""The session log while it grows: line by line, so that a kill loses a second of it at most."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select

from mobile.store.database import Database
from mobile.store.models import LogRow
from mobile.store.row_names import log_row

_TABLE, _COLUMN = "session_log", "sealed_line"


class SessionLog:
    """Lines of each session's log, in order."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, session_id: bytes, lines: Sequence[bytes]) -> None:
        """Keep further lines."""
        name = session_id.hex()
        with self._database.transaction() as session:
            query = select(func.max(LogRow.line)).where(LogRow.session == name)
            first = (session.scalar(query) or 0) + 1
            session.add_all(
                LogRow(
                    session=name,
                    line=number,
                    sealed_line=self._database.seal(_TABLE, _COLUMN, log_row(name, number), line),
                )
                for number, line in enumerate(lines, start=first)
            )

    def read(self, session_id: bytes) -> tuple[bytes, ...]:
        """Return the session's lines in order."""
        name = session_id.hex()
        query = select(LogRow).where(LogRow.session == name).order_by(LogRow.line)
        with self._database.transaction() as session:
            return tuple(
                self._database.open(_TABLE, _COLUMN, log_row(name, row.line), row.sealed_line)
                for row in session.scalars(query)
            )

    def sessions(self) -> tuple[bytes, ...]:
        """Return the sessions whose logs are still here."""
        with self._database.transaction() as session:
            names = session.scalars(select(LogRow.session).distinct())
            return tuple(bytes.fromhex(name) for name in names)

    def erase(self, session_id: bytes) -> None:
        """Drop a log that has gone into the outbox, sealed."""
        with self._database.transaction() as session:
            session.execute(delete(LogRow).where(LogRow.session == session_id.hex()))
