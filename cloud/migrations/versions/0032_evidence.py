"""A flaw says which phone brought what is wrong, and keeps what the band signed as evidence."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from cloud.migrations.one_way import refuse_if_rows

revision: str = "0032"
down_revision: str | None = "0061"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("flaws", sa.Column("phone_id", sa.LargeBinary(), nullable=True))
    op.add_column("flaws", sa.Column("evidence", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    refuse_if_rows("flaws", "what the band signed", "evidence IS NOT NULL")
    # Not in a batch, which would leave the trigger behind that keeps flaws from being deleted.
    op.drop_column("flaws", "evidence")
    op.drop_column("flaws", "phone_id")
