"""What the person wrote or did, and what is half written: bytes in, bytes out, by kind.

What the bytes mean is the flow's. A draft is a note too, one for each flow, so that an app that was
killed comes back to the right place.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, select

from mobile.store.database import Database
from mobile.store.errors import StoreBroken
from mobile.store.models import NoteRow

_TABLE, _COLUMN = "notes", "sealed_body"
_ID_BYTES = 16


class NoteKind(StrEnum):
    """What a note is of."""

    THOUGHT_RECORD = "thought-record"
    ACTIVITY_PLAN = "activity-plan"
    MEDICINE = "medicine"
    NOTE = "note"
    TASK_RESULT = "task-result"
    SIDE_EFFECTS = "side-effects"
    DRAFT = "draft"


@dataclass(frozen=True)
class Note:
    """A note; times are the phone's, in Unix milliseconds, and may be wrong. The order isn't."""

    id: str
    kind: NoteKind
    created_ms: int
    changed_ms: int
    body: bytes


class Notes:
    """Notes, oldest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, kind: NoteKind, body: bytes, *, now_ms: int) -> str:
        """Keep a new note; return its id."""
        note_id = secrets.token_hex(_ID_BYTES)
        self._add(note_id, kind, body, now_ms=now_ms)
        return note_id

    def change(self, note_id: str, body: bytes, *, now_ms: int) -> None:
        """Put another body in a note's place; raise StoreBroken where there is none of that id."""
        with self._database.transaction() as session:
            row = session.scalars(select(NoteRow).where(NoteRow.id == note_id)).one_or_none()
            if row is None:
                raise StoreBroken(_TABLE, f"have no {note_id}")
            row.changed_ms = now_ms
            row.sealed_body = self._database.seal(_TABLE, _COLUMN, note_id, body)

    def get(self, note_id: str) -> Note | None:
        """Return the note of that id."""
        with self._database.transaction() as session:
            row = session.scalars(select(NoteRow).where(NoteRow.id == note_id)).one_or_none()
            return None if row is None else self._open(row)

    def all_of(self, kind: NoteKind) -> tuple[Note, ...]:
        """Return every note of a kind."""
        query = select(NoteRow).where(NoteRow.kind == kind).order_by(NoteRow.sequence)
        with self._database.transaction() as session:
            return tuple(self._open(row) for row in session.scalars(query))

    def erase(self, note_id: str) -> None:
        """Drop a note, if it's there."""
        with self._database.transaction() as session:
            session.execute(delete(NoteRow).where(NoteRow.id == note_id))

    # Drafts

    def keep_draft(self, flow: str, body: bytes, *, now_ms: int) -> None:
        """Keep how far a flow has come, in place of what was kept of it before."""
        with self._database.transaction():
            if self.get(_draft_id(flow)) is None:
                self._add(_draft_id(flow), NoteKind.DRAFT, body, now_ms=now_ms)
            else:
                self.change(_draft_id(flow), body, now_ms=now_ms)

    def draft(self, flow: str) -> bytes | None:
        """Return how far a flow had come."""
        found = self.get(_draft_id(flow))
        return None if found is None else found.body

    def drop_draft(self, flow: str) -> None:
        """The flow has ended."""
        self.erase(_draft_id(flow))

    def _add(self, note_id: str, kind: NoteKind, body: bytes, *, now_ms: int) -> None:
        sealed = self._database.seal(_TABLE, _COLUMN, note_id, body)
        with self._database.transaction() as session:
            session.add(
                NoteRow(
                    id=note_id,
                    kind=kind,
                    created_ms=now_ms,
                    changed_ms=now_ms,
                    sealed_body=sealed,
                )
            )

    def _open(self, row: NoteRow) -> Note:
        body = self._database.open(_TABLE, _COLUMN, row.id, row.sealed_body)
        return Note(row.id, NoteKind(row.kind), row.created_ms, row.changed_ms, body)


def _draft_id(flow: str) -> str:
    return f"draft/{flow}"
