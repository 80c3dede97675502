"""The first tables: settings, ledger, outbox, downstream, check-ins, session log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None


def upgrade() -> None:
    """Make the tables. A phone that had them before Alembic came has done this step."""
    if sa.inspect(op.get_bind()).has_table("schema"):
        return
    op.create_table(
        "schema",
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String(48), primary_key=True),
        sa.Column("sealed_value", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "ledger_records",
        sa.Column("epoch", sa.LargeBinary(16), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("sealed_record", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(200), nullable=False, unique=True),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("sealed_body", sa.LargeBinary),
        sa.Column("queued_ms", sa.BigInteger, nullable=False),
        sa.Column("acknowledged_ms", sa.BigInteger),
        sa.Column("sealed_refusal", sa.LargeBinary),
    )
    op.create_table(
        "downstream",
        sa.Column("cursor", sa.BigInteger, primary_key=True),
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("sealed_body", sa.LargeBinary, nullable=False),
        sa.Column("applied_ms", sa.BigInteger),
        sa.Column("sealed_refusal", sa.LargeBinary),
    )
    op.create_table(
        "checkins",
        sa.Column("answered_ms", sa.BigInteger, primary_key=True),
        sa.Column("sealed_answers", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "session_log",
        sa.Column("session", sa.String(32), primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("sealed_line", sa.LargeBinary, nullable=False),
    )
