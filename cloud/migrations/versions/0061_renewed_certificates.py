"""A key may have been certified more than once; a certificate that was renewed is kept."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from cloud.migrations.one_way import refuse_if_rows

revision: str = "0061"
down_revision: str | None = "0060"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "further_certificates",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("key_id", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("added_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "key_id"],
            ["certificates.clinic_id", "certificates.key_id"],
            name=op.f("fk_further_certificates_certificates"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "key_id", "digest", name=op.f("pk_further_certificates")
        ),
    )


def downgrade() -> None:
    refuse_if_rows("further_certificates", "heads that a key signed before it was renewed")
    op.drop_table("further_certificates")
