"""Verified records go into stretches, many in a row; what no head covers yet stays as it is."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0040"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

RECORDS_AT_MOST = 512
CHAIN = ("clinic_id", "device_id", "epoch")


def upgrade() -> None:
    op.create_table(
        "ledger_stretches",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("epoch", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.LargeBinary(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            list(CHAIN),
            [f"ledger_chains.{name}" for name in CHAIN],
            name=op.f("fk_ledger_stretches_ledger_chains"),
        ),
        sa.PrimaryKeyConstraint(*CHAIN, "number", name=op.f("pk_ledger_stretches")),
    )
    records, stretches = _tables()
    for chain in _chains(records.c.hash.is_not(None), records):
        for row in _stretches(chain, _rows(records, chain, records.c.hash.is_not(None))):
            op.get_bind().execute(stretches.insert(), row)
    op.execute("DELETE FROM ledger_records WHERE hash IS NOT NULL")
    with op.batch_alter_table("ledger_records", schema=None) as batch_op:
        batch_op.drop_column("hash")


def downgrade() -> None:
    with op.batch_alter_table("ledger_records", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hash", sa.LargeBinary(), nullable=True))
    records, stretches = _tables()
    for chain in _chains(sa.true(), stretches):
        for stretch in _rows(stretches, chain, sa.true()):
            same = [records.c[name] == value for name, value in chain.items()]
            within = records.c.number.between(stretch.number, stretch.last_number)
            op.get_bind().execute(records.delete().where(*same, within))
            op.get_bind().execute(records.insert(), list(_records(chain, stretch)))
    op.drop_table("ledger_stretches")


def _tables() -> tuple[sa.TableClause, sa.TableClause]:
    chain = ("clinic_id", sa.String()), ("device_id", sa.LargeBinary()), ("epoch", sa.LargeBinary())
    number, received = ("number", sa.BigInteger()), ("received_ms", sa.BigInteger())
    blobs = [(name, sa.LargeBinary()) for name in ("data", "hash", "records", "before")]
    data, hash_, records, before = blobs
    last = ("last_number", sa.BigInteger())
    return (
        _table("ledger_records", *chain, number, data, hash_, received),
        _table("ledger_stretches", *chain, number, last, records, before, hash_, received),
    )


def _table(name: str, *columns: tuple[str, Any]) -> sa.TableClause:
    return sa.table(name, *(sa.column(each, kind) for each, kind in columns))


def _chains(which: Any, table: sa.TableClause) -> list[dict[str, Any]]:
    names = [table.c[name] for name in CHAIN]
    found = op.get_bind().execute(sa.select(*names).where(which).distinct())
    return [row._asdict() for row in found]


def _rows(table: sa.TableClause, chain: dict[str, Any], which: Any) -> list[Any]:
    own = [table.c[name] == value for name, value in chain.items()]
    query = sa.select(table).where(*own, which).order_by(table.c.number)
    return list(op.get_bind().execute(query))


def _stretches(chain: dict[str, Any], rows: list[Any]) -> Iterator[dict[str, Any]]:
    """Neighbours that came together."""
    before = sha256(b"circlet/ledger/v1" + chain["device_id"] + chain["epoch"]).digest()
    together = groupby(
        enumerate(rows), key=lambda each: (each[1].number - each[0], each[1].received_ms)
    )
    for (_, received_ms), group in together:
        same = [row for _, row in group]
        for first in range(0, len(same), RECORDS_AT_MOST):
            part = same[first : first + RECORDS_AT_MOST]
            yield {
                **chain,
                "number": part[0].number,
                "last_number": part[-1].number,
                "records": b"".join(bytes([len(row.data)]) + row.data for row in part),
                "before": before,
                "hash": part[-1].hash,
                "received_ms": received_ms,
            }
            before = part[-1].hash


def _records(chain: dict[str, Any], stretch: Any) -> Iterator[dict[str, Any]]:
    data, hash_, place, number = stretch.records, stretch.before, 0, stretch.number
    while place < len(data):
        end = place + 1 + data[place]
        record = data[place + 1 : end]
        hash_ = sha256(hash_ + record).digest()
        yield {
            **chain,
            "number": number,
            "data": record,
            "hash": stretch.hash if end >= len(data) else hash_,
            "received_ms": stretch.received_ms,
        }
        place, number = end, number + 1
