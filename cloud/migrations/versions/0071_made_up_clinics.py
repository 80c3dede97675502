"""A clinic says whether everybody in it is made up; those of before are not."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0071"
down_revision: str | None = "0070"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "clinics", sa.Column("made_up", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    with op.batch_alter_table("clinics", schema=None) as batch_op:
        batch_op.alter_column("made_up", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("clinics", schema=None) as batch_op:
        batch_op.drop_column("made_up")
