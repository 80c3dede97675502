"""What the person agreed to, section by section, and what they took back. Nothing is deleted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from mobile.store.database import Database
from mobile.store.models import ConsentRow
from mobile.store.row_names import consent_row

_TABLE, _COLUMN = "consents", "sealed_words"


@dataclass(frozen=True)
class Consent:
    """A section as it was agreed to, in the words that stood there; withdrawn where it says so."""

    section: str
    words: str
    given_ms: int
    withdrawn_ms: int | None

    @property
    def holds(self) -> bool:
        """Whether it was given and not taken back."""
        return self.withdrawn_ms is None


class Consents:
    """Consents in the order in which they were given."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def give(self, section: str, words: str, *, now_ms: int) -> None:
        """The person agrees to a section in these words; agreeing twice changes nothing."""
        if self.holds(section):
            return
        sealed = self._database.seal(_TABLE, _COLUMN, consent_row(section, now_ms), words.encode())
        with self._database.transaction() as session:
            session.add(ConsentRow(section=section, given_ms=now_ms, sealed_words=sealed))

    def withdraw(self, section: str, *, now_ms: int) -> None:
        """The person takes it back; where it doesn't hold, nothing changes."""
        query = select(ConsentRow).where(
            ConsentRow.section == section, ConsentRow.withdrawn_ms.is_(None)
        )
        with self._database.transaction() as session:
            for row in session.scalars(query):
                row.withdrawn_ms = now_ms

    def holds(self, section: str) -> bool:
        """Whether the person agrees to a section at the moment."""
        query = select(ConsentRow.sequence).where(
            ConsentRow.section == section, ConsentRow.withdrawn_ms.is_(None)
        )
        with self._database.transaction() as session:
            return session.scalars(query).first() is not None

    def history(self) -> tuple[Consent, ...]:
        """Return every consent that was ever given."""
        with self._database.transaction() as session:
            rows = session.scalars(select(ConsentRow).order_by(ConsentRow.sequence))
            return tuple(self._open(row) for row in rows)

    def _open(self, row: ConsentRow) -> Consent:
        name = consent_row(row.section, row.given_ms)
        words = self._database.open(_TABLE, _COLUMN, name, row.sealed_words).decode()
        return Consent(row.section, words, row.given_ms, row.withdrawn_ms)
