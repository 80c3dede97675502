"""Finished check-ins, for the person's own list; the clinic's copies go through the outbox."""

from __future__ import annotations

from sqlalchemy import select

from mobile.store.database import Database
from mobile.store.models import CheckinRow
from shared.wire import fields
from shared.wire.items import CheckinBody

_TABLE, _COLUMN = "checkins", "sealed_answers"


class Checkins:
    """Check-ins by the instant at which they were answered."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, checkin: CheckinBody) -> None:
        """Keep a check-in."""
        sealed = self._database.seal(_TABLE, _COLUMN, checkin.answered_ms, fields.pack(checkin))
        with self._database.transaction() as session:
            session.merge(CheckinRow(answered_ms=checkin.answered_ms, sealed_answers=sealed))

    def all(self) -> tuple[CheckinBody, ...]:
        """Return every check-in, the oldest first."""
        query = select(CheckinRow).order_by(CheckinRow.answered_ms)
        with self._database.transaction() as session:
            return tuple(
                fields.unpack(
                    CheckinBody,
                    self._database.open(_TABLE, _COLUMN, row.answered_ms, row.sealed_answers),
                )
                for row in session.scalars(query)
            )

    def latest(self) -> CheckinBody | None:
        """Return the newest check-in."""
        query = select(CheckinRow).order_by(CheckinRow.answered_ms.desc()).limit(1)
        with self._database.transaction() as session:
            row = session.scalars(query).one_or_none()
            if row is None:
                return None
            plain = self._database.open(_TABLE, _COLUMN, row.answered_ms, row.sealed_answers)
            return fields.unpack(CheckinBody, plain)
