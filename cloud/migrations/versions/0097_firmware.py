"""What firmware each band runs and ran; `circlet-cloud rebuild-doses` fills it from old records."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0097"
down_revision: str | None = "0096"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CHAIN = ("clinic_id", "device_id", "epoch")


def upgrade() -> None:
    op.add_column("ledger_chains", sa.Column("firmware", sa.String(), nullable=True))
    op.add_column("ledger_chains", sa.Column("firmware_kept", sa.Boolean(), nullable=True))
    op.create_table(
        "firmware_stints",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("epoch", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=True),
        sa.Column("kept_ms", sa.BigInteger(), nullable=True),
        sa.Column("fault_ms", sa.BigInteger(), nullable=True),
        sa.Column("failed_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            list(CHAIN),
            [f"ledger_chains.{name}" for name in CHAIN],
            name=op.f("fk_firmware_stints_ledger_chains"),
        ),
        sa.PrimaryKeyConstraint(*CHAIN, "version", name=op.f("pk_firmware_stints")),
    )
    op.create_index("ix_firmware_stints_version", "firmware_stints", ["clinic_id", "version"])


def downgrade() -> None:
    op.drop_table("firmware_stints")
    with op.batch_alter_table("ledger_chains", schema=None) as batch_op:
        batch_op.drop_column("firmware_kept")
        batch_op.drop_column("firmware")
