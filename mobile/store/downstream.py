"""What came from the clinic: kept by cursor, applied once the band has answered to it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, delete, func, select, update

from mobile.store.database import Database
from mobile.store.models import DownstreamRow
from shared.wire.items import DownKind

_IS_KNOWN = DownstreamRow.kind.in_([kind.value for kind in DownKind])
_TABLE, _BODY, _REFUSAL = "downstream", "sealed_body", "sealed_refusal"


@dataclass(frozen=True)
class DownItem:
    """An item from the clinic; the cursor is its place in the clinic's order."""

    cursor: int
    id: str
    kind: DownKind
    body: bytes


@dataclass(frozen=True)
class UnknownItem:
    """An item of a kind that this app doesn't know: kept for one that does."""

    cursor: int
    id: str
    kind: str
    body: bytes


class Downstream:
    """Items in the clinic's order."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cursor(self) -> int:
        """Return the highest cursor kept: what the phone holds."""
        with self._database.transaction() as session:
            return session.scalar(select(func.max(DownstreamRow.cursor))) or 0

    def keep(self, items: Sequence[DownItem | UnknownItem]) -> None:
        """Keep the items; those kept before stay as they are."""
        with self._database.transaction() as session:
            for item in items:
                if session.get(DownstreamRow, item.cursor) is None:
                    session.add(
                        DownstreamRow(
                            cursor=item.cursor,
                            id=item.id,
                            kind=item.kind,
                            sealed_body=self._database.seal(_TABLE, _BODY, item.cursor, item.body),
                        )
                    )

    def unapplied(self) -> tuple[DownItem, ...]:
        """Return what the band hasn't answered to, in the clinic's order."""
        query = select(DownstreamRow).where(DownstreamRow.applied_ms.is_(None), _IS_KNOWN)
        return self._select(query)

    def unknown(self) -> tuple[UnknownItem, ...]:
        """Return what waits for an app that knows its kind, in the clinic's order."""
        query = select(DownstreamRow).where(~_IS_KNOWN).order_by(DownstreamRow.cursor)
        with self._database.transaction() as session:
            return tuple(
                UnknownItem(row.cursor, row.id, row.kind, self._body(row))
                for row in session.scalars(query)
            )

    def all_of(self, kind: DownKind) -> tuple[DownItem, ...]:
        """Return every item of a kind, in the clinic's order."""
        return self._select(select(DownstreamRow).where(DownstreamRow.kind == kind))

    def apply(self, cursor: int, *, now_ms: int, refusal: str | None = None) -> None:
        """The band has answered to this item; ``refusal`` says why it didn't take it."""
        with self._database.transaction() as session:
            row = session.get_one(DownstreamRow, cursor)
            row.applied_ms = now_ms
            if refusal is not None:
                row.sealed_refusal = self._database.seal(_TABLE, _REFUSAL, cursor, refusal.encode())

    def offer_again(self, kinds: Collection[DownKind]) -> None:
        """Another band has to answer to what the one before has answered to."""
        again = update(DownstreamRow).where(DownstreamRow.kind.in_(kinds))
        with self._database.transaction() as session:
            session.execute(again.values(applied_ms=None, sealed_refusal=None))

    def forget(self) -> None:
        """Drop every item: another clinic's order begins anew."""
        with self._database.transaction() as session:
            session.execute(delete(DownstreamRow))

    def refusals(self) -> tuple[tuple[int, str], ...]:
        """Return cursor and reason of every item that the band didn't take."""
        query = select(DownstreamRow).where(DownstreamRow.sealed_refusal.is_not(None))
        with self._database.transaction() as session:
            return tuple(
                (row.cursor, self._database.open(_TABLE, _REFUSAL, row.cursor, sealed).decode())
                for row in session.scalars(query.order_by(DownstreamRow.cursor))
                if (sealed := row.sealed_refusal) is not None
            )

    def _select(self, query: Select[DownstreamRow]) -> tuple[DownItem, ...]:
        with self._database.transaction() as session:
            return tuple(
                DownItem(row.cursor, row.id, DownKind(row.kind), self._body(row))
                for row in session.scalars(query.order_by(DownstreamRow.cursor))
            )

    def _body(self, row: DownstreamRow) -> bytes:
        return self._database.open(_TABLE, _BODY, row.cursor, row.sealed_body)
