"""The band's ledger as the phone holds it: whole records in order, without a gap."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, insert, select

from mobile.store.database import Database
from mobile.store.errors import StoreBroken
from mobile.store.models import LedgerRow
from mobile.store.row_names import ledger_row

_TABLE, _COLUMN = "ledger_records", "sealed_record"


class Records:
    """Records of a ledger, by epoch and number."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last_number(self, epoch: bytes) -> int:
        """Return the number of the last record kept; 0 where there is none."""
        with self._database.transaction() as session:
            query = select(func.max(LedgerRow.number)).where(LedgerRow.epoch == epoch)
            return session.scalar(query) or 0

    def extents(self) -> tuple[tuple[bytes, int, int], ...]:
        """Return of each epoch the numbers of its first and last record kept."""
        query = select(
            LedgerRow.epoch, func.min(LedgerRow.number), func.max(LedgerRow.number)
        ).group_by(LedgerRow.epoch)
        with self._database.transaction() as session:
            return tuple((epoch, first, last) for epoch, first, last in session.execute(query))

    def append(
        self, epoch: bytes, first: int, records: Sequence[bytes], *, begins: bool = False
    ) -> None:
        """Keep records from number ``first`` on, which must follow the last one kept.

        ``begins``: they're the oldest that are to be had, and needn't follow, but lie beyond it.
        """
        with self._database.transaction() as session:
            last = self.last_number(epoch)
            if first != last + 1 and not (begins and first > last):
                raise StoreBroken("ledger_records", f"have no number {last + 1} before {first}")
            rows = [
                {
                    "epoch": epoch,
                    "number": number,
                    "sealed_record": self._database.seal(
                        _TABLE, _COLUMN, ledger_row(epoch, number), record
                    ),
                }
                for number, record in enumerate(records, start=first)
            ]
            if rows:
                session.connection().execute(insert(LedgerRow), rows)

    def read(self, epoch: bytes, first: int = 1) -> tuple[bytes, ...]:
        """Return all records from number ``first`` on, in order."""
        query = (
            select(LedgerRow.number, LedgerRow.sealed_record)
            .where(LedgerRow.epoch == epoch, LedgerRow.number >= first)
            .order_by(LedgerRow.number)
        )
        with self._database.transaction() as session:
            rows = session.execute(query).all()
        return self._database.open_all(
            _TABLE, _COLUMN, ((ledger_row(epoch, number), sealed) for number, sealed in rows)
        )
