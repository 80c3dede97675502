"""What waits for the clinic: append-only, each id once, gone only when the clinic has answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from mobile.store.database import Database
from mobile.store.errors import StoreBroken
from mobile.store.models import OutboxRow
from shared.wire.items import UpKind, ledger_name

_TABLE, _BODY, _REFUSAL = "outbox", "sealed_body", "sealed_refusal"
_IDS_IN_A_QUERY = 400
_ACCEPTED = (OutboxRow.acknowledged_ms.is_not(None), OutboxRow.sealed_refusal.is_(None))


@dataclass(frozen=True)
class OutboxItem:
    """An item on its way to the clinic."""

    id: str
    kind: UpKind
    body: bytes


@dataclass(frozen=True)
class Answered:
    """The clinic's server has answered for an item: when, and whether it refused it."""

    at_ms: int
    refused: bool


@dataclass(frozen=True)
class Waiting:
    """What waits, without what it says."""

    kind: UpKind
    queued_ms: int


class Outbox:
    """Items in the order in which they were queued."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def queue(self, items: Sequence[OutboxItem], *, now_ms: int) -> int:
        """Queue the items whose ids are new; return how many were."""
        rows = [
            {
                "id": item.id,
                "kind": item.kind,
                "sealed_body": self._database.seal(_TABLE, _BODY, item.id, item.body),
                "queued_ms": now_ms,
            }
            for item in items
        ]
        if not rows:
            return 0
        unless_known = insert(OutboxRow).on_conflict_do_nothing(index_elements=["id"])
        with self._database.transaction() as session:
            return session.connection().execute(unless_known, rows).rowcount

    def waiting(self) -> int:
        """Return how many items the clinic hasn't answered yet."""
        with self._database.transaction() as session:
            query = select(func.count()).where(OutboxRow.acknowledged_ms.is_(None))
            return session.scalar(query) or 0

    def what_waits(self) -> tuple[Waiting, ...]:
        """Return kind and time of everything that waits, in its order."""
        query = (
            select(OutboxRow.kind, OutboxRow.queued_ms)
            .where(OutboxRow.acknowledged_ms.is_(None))
            .order_by(OutboxRow.sequence)
        )
        with self._database.transaction() as session:
            return tuple(Waiting(UpKind(kind), at_ms) for kind, at_ms in session.execute(query))

    def next_items(self, count: int) -> tuple[OutboxItem, ...]:
        """Return the oldest items that wait, at most ``count``."""
        query = (
            select(OutboxRow)
            .where(OutboxRow.acknowledged_ms.is_(None))
            .order_by(OutboxRow.sequence)
            .limit(count)
        )
        with self._database.transaction() as session:
            return tuple(self._item(row) for row in session.scalars(query))

    def acknowledge(self, item_id: str, *, now_ms: int, refusal: str | None = None) -> None:
        """The clinic has answered for this item: its body goes, its id stays.

        Of heads that it accepted, the newest keeps its body: nothing else on this phone has it.
        """
        with self._database.transaction() as session:
            row = session.scalars(select(OutboxRow).where(OutboxRow.id == item_id)).one_or_none()
            if row is None or row.acknowledged_ms is not None:
                return
            row.acknowledged_ms = now_ms
            if row.kind == UpKind.HEAD and refusal is None:
                _forget_bodies_of_heads_before(session, row.sequence)
            else:
                row.sealed_body = None
            if refusal is not None:
                row.sealed_refusal = self._database.seal(
                    _TABLE, _REFUSAL, item_id, refusal.encode()
                )

    def answered(self, item_id: str) -> Answered | None:
        """Return the server's answer for an item, or None while it waits or isn't known."""
        query = select(OutboxRow).where(OutboxRow.id == item_id)
        with self._database.transaction() as session:
            row = session.scalars(query).one_or_none()
            if row is None or row.acknowledged_ms is None:
                return None
            return Answered(row.acknowledged_ms, row.sealed_refusal is not None)

    def accepted(self, ids: Sequence[str]) -> list[str]:
        """Return those of these ids that the clinic has answered for without refusing them."""
        found: list[str] = []
        with self._database.transaction() as session:
            for first in range(0, len(ids), _IDS_IN_A_QUERY):
                query = select(OutboxRow.id).where(
                    OutboxRow.id.in_(ids[first : first + _IDS_IN_A_QUERY]), *_ACCEPTED
                )
                found += session.scalars(query)
        return found

    def queue_again(self, items: Sequence[OutboxItem]) -> None:
        """Let answered items wait once more, in their old places."""
        again = (
            update(OutboxRow)
            .where(OutboxRow.id == bindparam("item_id"), OutboxRow.acknowledged_ms.is_not(None))
            .values(acknowledged_ms=None, sealed_body=bindparam("body"))
        )
        rows = [
            {"item_id": item.id, "body": self._database.seal(_TABLE, _BODY, item.id, item.body)}
            for item in items
        ]
        if rows:
            with self._database.transaction() as session:
                session.connection().execute(again, rows)

    def device_of(self, epoch: bytes) -> bytes | None:
        """Return the device whose records of this epoch were ever queued."""
        query = select(OutboxRow.id).where(
            OutboxRow.kind == UpKind.RECORD, OutboxRow.id.like(f"record/%/{epoch.hex()}/%")
        )
        with self._database.transaction() as session:
            name = session.scalar(query.limit(1))
        return None if name is None else ledger_name(name, UpKind.RECORD)[0]

    def kept_head(self) -> str | None:
        """Return the id of the newest head that was accepted, where its body is kept."""
        query = (
            select(OutboxRow.id)
            .where(OutboxRow.kind == UpKind.HEAD, OutboxRow.sealed_body.is_not(None), *_ACCEPTED)
            .order_by(OutboxRow.sequence.desc())
        )
        with self._database.transaction() as session:
            return session.scalar(query.limit(1))

    def queue_kept_head(self, name: str) -> int:
        """Let the head wait once more; return how many items that is."""
        again = update(OutboxRow).where(OutboxRow.id == name).values(acknowledged_ms=None)
        with self._database.transaction() as session:
            return session.connection().execute(again).rowcount

    def forget(self) -> None:
        """Drop every item: whoever they were for doesn't take this phone's word any more."""
        with self._database.transaction() as session:
            session.execute(delete(OutboxRow))

    def refusals(self) -> tuple[tuple[str, str], ...]:
        """Return id and reason of every item that the clinic refused."""
        query = select(OutboxRow).where(OutboxRow.sealed_refusal.is_not(None))
        with self._database.transaction() as session:
            return tuple(
                (row.id, self._database.open(_TABLE, _REFUSAL, row.id, sealed).decode())
                for row in session.scalars(query.order_by(OutboxRow.sequence))
                if (sealed := row.sealed_refusal) is not None
            )

    def _item(self, row: OutboxRow) -> OutboxItem:
        if row.sealed_body is None:
            raise StoreBroken("outbox", "has an unanswered item without a body")
        body = self._database.open(_TABLE, _BODY, row.id, row.sealed_body)
        return OutboxItem(row.id, UpKind(row.kind), body)


def _forget_bodies_of_heads_before(session: Session, sequence: int) -> None:
    session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.kind == UpKind.HEAD,
            OutboxRow.sequence < sequence,
            OutboxRow.sealed_body.is_not(None),
            *_ACCEPTED,
        )
        .values(sealed_body=None)
    )
