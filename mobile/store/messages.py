"""Messages between the person and the clinic, and how far each has come.

The clinic's own come by their id, so that one that comes twice is kept once. How a message travels
is the outbox's and the download's; here stands what the person sees of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mobile.store.database import Database
from mobile.store.models import MessageRow

_TABLE, _COLUMN = "messages", "sealed_body"


class Direction(StrEnum):
    """Who wrote it."""

    FROM_CLINIC = "from-clinic"
    TO_CLINIC = "to-clinic"


@dataclass(frozen=True)
class Message:
    """A message. ``received_ms``: it came to the other side; ``seen_ms``: somebody has read it."""

    id: str
    direction: Direction
    sent_ms: int
    received_ms: int | None
    seen_ms: int | None
    body: bytes


class Messages:
    """Messages in the order in which they came to this phone or were written on it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def receive(self, message_id: str, body: bytes, *, sent_ms: int, now_ms: int) -> bool:
        """Keep a message of the clinic; return whether it's new."""
        return self._add(message_id, Direction.FROM_CLINIC, body, sent_ms, now_ms)

    def write(self, message_id: str, body: bytes, *, now_ms: int) -> bool:
        """Keep a message to the clinic; return whether it's new."""
        return self._add(message_id, Direction.TO_CLINIC, body, now_ms, None)

    def received(self, message_id: str, *, now_ms: int) -> None:
        """The clinic's server has it. The first word of it stands."""
        with self._database.transaction() as session:
            row = _find(session, message_id)
            if row is not None and row.received_ms is None:
                row.received_ms = now_ms

    def seen(self, message_id: str, *, now_ms: int) -> None:
        """Somebody has read it: the person, or the clinic. The first word of it stands."""
        with self._database.transaction() as session:
            row = _find(session, message_id)
            if row is not None and row.seen_ms is None:
                row.seen_ms = now_ms

    def all(self) -> tuple[Message, ...]:
        """Return every message."""
        with self._database.transaction() as session:
            rows = session.scalars(select(MessageRow).order_by(MessageRow.sequence))
            return tuple(self._open(row) for row in rows)

    def unread(self) -> int:
        """Return how many of the clinic's the person hasn't seen."""
        query = select(func.count()).where(
            MessageRow.direction == Direction.FROM_CLINIC, MessageRow.seen_ms.is_(None)
        )
        with self._database.transaction() as session:
            return session.scalar(query) or 0

    def _add(
        self,
        message_id: str,
        direction: Direction,
        body: bytes,
        sent_ms: int,
        received_ms: int | None,
    ) -> bool:
        with self._database.transaction() as session:
            if _find(session, message_id) is not None:
                return False
            session.add(
                MessageRow(
                    id=message_id,
                    direction=direction,
                    sent_ms=sent_ms,
                    received_ms=received_ms,
                    sealed_body=self._database.seal(_TABLE, _COLUMN, message_id, body),
                )
            )
            return True

    def _open(self, row: MessageRow) -> Message:
        return Message(
            row.id,
            Direction(row.direction),
            row.sent_ms,
            row.received_ms,
            row.seen_ms,
            self._database.open(_TABLE, _COLUMN, row.id, row.sealed_body),
        )


def _find(session: Session, message_id: str) -> MessageRow | None:
    return session.scalars(select(MessageRow).where(MessageRow.id == message_id)).one_or_none()
