"""Data keys that can be changed, check-ins in their own order, and what the person writes.

A sealed value now begins with the number of its data key. What was sealed before is of key 1.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_SEALED = {
    "settings": ("sealed_value",),
    "ledger_records": ("sealed_record",),
    "outbox": ("sealed_body", "sealed_refusal"),
    "downstream": ("sealed_body", "sealed_refusal"),
    "checkins": ("sealed_answers",),
    "session_log": ("sealed_line",),
}


def upgrade() -> None:
    """Carry what is there into the new form, then make the new tables."""
    _number_keys()
    _order_checkins()
    _make_new_tables()


def _number_keys() -> None:
    op.create_table(
        "data_keys",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
        sa.Column("made_ms", sa.BigInteger, nullable=False),
    )
    op.execute("INSERT INTO data_keys SELECT 1, wrapped_key, 0 FROM schema")
    op.drop_table("schema")
    for table, columns in _SEALED.items():
        for column in columns:
            op.execute(
                f"UPDATE {table} SET {column} = CAST(x'0001' || {column} AS BLOB)"
                f" WHERE {column} IS NOT NULL"
            )


def _order_checkins() -> None:
    """A clock that was set wrong gave two check-ins one instant, or a wrong order."""
    op.rename_table("checkins", "checkins_before")
    op.create_table(
        "checkins",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        sa.Column("answered_ms", sa.BigInteger, nullable=False),
        sa.Column("sealed_answers", sa.LargeBinary, nullable=False),
    )
    op.execute(
        "INSERT INTO checkins (id, answered_ms, sealed_answers)"
        " SELECT CAST(answered_ms AS TEXT), answered_ms, sealed_answers FROM checkins_before"
        " ORDER BY answered_ms"
    )
    op.drop_table("checkins_before")


def _make_new_tables() -> None:
    op.create_table(
        "notes",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("changed_ms", sa.BigInteger, nullable=False),
        sa.Column("sealed_body", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_notes_kind", "notes", ["kind"])
    op.create_table(
        "messages",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(200), nullable=False, unique=True),
        sa.Column("direction", sa.String(12), nullable=False),
        sa.Column("sent_ms", sa.BigInteger, nullable=False),
        sa.Column("received_ms", sa.BigInteger),
        sa.Column("seen_ms", sa.BigInteger),
        sa.Column("sealed_body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "reminders",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("sealed_body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "consents",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("section", sa.String(48), nullable=False),
        sa.Column("given_ms", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_ms", sa.BigInteger),
        sa.Column("sealed_words", sa.LargeBinary, nullable=False),
    )
