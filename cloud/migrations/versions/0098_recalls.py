"""Recalls that a clinic acts on, and the bands that each of them meant."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0098"
down_revision: str | None = "0097"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "recalls",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("recall_id", sa.LargeBinary(), nullable=False),
        sa.Column("first_serial", sa.String(), nullable=True),
        sa.Column("last_serial", sa.String(), nullable=True),
        sa.Column("firmware", sa.String(), nullable=True),
        sa.Column("begun_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.clinic_id"], name=op.f("fk_recalls_clinics")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "recall_id", name=op.f("pk_recalls")),
    )
    op.create_table(
        "recalled_bands",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("recall_id", sa.LargeBinary(), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=True),
        sa.Column("found_ms", sa.BigInteger(), nullable=False),
        sa.Column("told_ms", sa.BigInteger(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                ["clinic_id", name],
                [f"{table}.clinic_id", f"{table}.{name}"],
                name=op.f(f"fk_recalled_bands_{table}"),
            )
            for table, name in (
                ("recalls", "recall_id"),
                ("devices", "device_id"),
                ("patients", "patient_id"),
            )
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "recall_id", "device_id", name=op.f("pk_recalled_bands")
        ),
    )
    op.create_index("ix_recalled_bands_patient", "recalled_bands", ["clinic_id", "patient_id"])


def downgrade() -> None:
    op.drop_table("recalled_bands")
    op.drop_table("recalls")
