"""How many holds stand by a band's verified record, so that each of them is found."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0096"
down_revision: str | None = "0095"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("ledger_chains", sa.Column("holds_open", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("ledger_chains", schema=None) as batch_op:
        batch_op.drop_column("holds_open")
