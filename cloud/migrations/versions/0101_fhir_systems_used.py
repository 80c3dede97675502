"""When each system that reads by FHIR got a token last; of the time before nobody knows."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0101"
down_revision: str | None = "0100"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("fhir_systems", sa.Column("used_ms", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("fhir_systems", schema=None) as batch_op:
        batch_op.drop_column("used_ms")
