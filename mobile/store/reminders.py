"""Reminders by id; what one says and when is sealed, for the hours tell of a person's day."""

from __future__ import annotations

from sqlalchemy import delete, select

from mobile.store.database import Database
from mobile.store.models import ReminderRow

_TABLE, _COLUMN = "reminders", "sealed_body"


class Reminders:
    """A sealed body for each reminder."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, reminder_id: str, body: bytes) -> None:
        """Keep a reminder in place of the last one of that id."""
        sealed = self._database.seal(_TABLE, _COLUMN, reminder_id, body)
        with self._database.transaction() as session:
            session.merge(ReminderRow(id=reminder_id, sealed_body=sealed))

    def all(self) -> dict[str, bytes]:
        """Return every reminder by its id, in the ids' order."""
        with self._database.transaction() as session:
            return {
                row.id: self._database.open(_TABLE, _COLUMN, row.id, row.sealed_body)
                for row in session.scalars(select(ReminderRow).order_by(ReminderRow.id))
            }

    def erase(self, reminder_id: str) -> None:
        """Drop a reminder, if it's there."""
        with self._database.transaction() as session:
            session.execute(delete(ReminderRow).where(ReminderRow.id == reminder_id))
