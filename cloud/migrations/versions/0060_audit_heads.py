"""Audit lines name route and patients, heads are signed, and on SQLite no line changes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from cloud.migrations.one_way import refuse_if_rows

revision: str = "0060"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEPT = ("audit_events", "audited_patients", "audit_heads")


def upgrade() -> None:
    op.add_column("audit_events", sa.Column("route", sa.String(), nullable=True))
    op.add_column("audit_events", sa.Column("patients", sa.LargeBinary(), nullable=True))
    op.create_table(
        "audited_patients",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "number"],
            ["audit_events.clinic_id", "audit_events.number"],
            name=op.f("fk_audited_patients_audit_events"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "number", name=op.f("pk_audited_patients")
        ),
    )
    op.create_table(
        "audit_heads",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("signed_ms", sa.BigInteger(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.clinic_id"], name=op.f("fk_audit_heads_clinics")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "number", name=op.f("pk_audit_heads")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in KEPT:
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER keep_{table}_{act.lower()} BEFORE {act} ON {table}"
                    " BEGIN SELECT RAISE(ABORT, 'a line of the audit log stays as it is'); END"
                )


def downgrade() -> None:
    refuse_if_rows("audit_heads", "the audit log")
    refuse_if_rows("audited_patients", "the audit log")
    refuse_if_rows("audit_events", "the audit log", "route IS NOT NULL OR patients IS NOT NULL")
    if op.get_bind().dialect.name == "sqlite":
        for table in KEPT:
            for act in ("update", "delete"):
                op.execute(f"DROP TRIGGER keep_{table}_{act}")
    for name in ("audit_heads", "audited_patients"):
        op.drop_table(name)
    with op.batch_alter_table("audit_events") as events:
        events.drop_column("patients")
        events.drop_column("route")
