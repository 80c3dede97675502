"""Named values that the app keeps: bytes in, bytes out; what they mean is the caller's."""

from __future__ import annotations

from mobile.store.database import Database
from mobile.store.models import SettingRow

_TABLE, _COLUMN = "settings", "sealed_value"


class Settings:
    """A sealed value for each name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> bytes | None:
        """Return the value, or None where none was kept."""
        with self._database.transaction() as session:
            row = session.get(SettingRow, name)
            if row is None:
                return None
            return self._database.open(_TABLE, _COLUMN, name, row.sealed_value)

    def put(self, name: str, value: bytes) -> None:
        """Keep the value in place of the last one."""
        sealed = self._database.seal(_TABLE, _COLUMN, name, value)
        with self._database.transaction() as session:
            session.merge(SettingRow(name=name, sealed_value=sealed))
