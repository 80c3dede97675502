"""Finished check-ins, for the person's own list; the clinic's copies go through the outbox.

Their order is that in which they were kept: an hour can be set wrong, the order can't.
"""

from __future__ import annotations

import secrets

from sqlalchemy import select

from mobile.store.database import Database
from mobile.store.models import CheckinRow
from shared.wire import fields
from shared.wire.items import CheckinBody

_TABLE, _COLUMN = "checkins", "sealed_answers"
_ID_BYTES = 16


class Checkins:
    """Check-ins, oldest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, checkin: CheckinBody) -> None:
        """Keep a check-in."""
        name = secrets.token_hex(_ID_BYTES)
        sealed = self._database.seal(_TABLE, _COLUMN, name, fields.pack(checkin))
        with self._database.transaction() as session:
            session.add(CheckinRow(id=name, answered_ms=checkin.answered_ms, sealed_answers=sealed))

    def latest(self) -> CheckinBody | None:
        """Return the check-in that was kept last."""
        query = select(CheckinRow).order_by(CheckinRow.sequence.desc()).limit(1)
        with self._database.transaction() as session:
            row = session.scalars(query).one_or_none()
            return None if row is None else self._open(row)

    def all(self) -> tuple[CheckinBody, ...]:
        """Return every check-in, the oldest first."""
        with self._database.transaction() as session:
            rows = session.scalars(select(CheckinRow).order_by(CheckinRow.sequence))
            return tuple(self._open(row) for row in rows)

    def _open(self, row: CheckinRow) -> CheckinBody:
        plain = self._database.open(_TABLE, _COLUMN, row.id, row.sealed_answers)
        return fields.unpack(CheckinBody, plain)
