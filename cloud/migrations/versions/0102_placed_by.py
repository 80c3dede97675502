"""Who placed a hold: of a closed day by the band's record, of one that was asked by which recall.

Of the time before nobody wrote it down; `circlet-cloud rebuild-doses` writes closed days anew
from the record.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0102"
down_revision: str | None = "0101"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("closures", sa.Column("hold_kind", sa.BigInteger(), nullable=True))
    op.add_column("closures", sa.Column("hold_source", sa.BigInteger(), nullable=True))
    op.add_column("closures", sa.Column("hold_reason", sa.String(), nullable=True))
    op.add_column("holds", sa.Column("recall_id", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.drop_column("recall_id")
    with op.batch_alter_table("closures", schema=None) as batch_op:
        batch_op.drop_column("hold_reason")
        batch_op.drop_column("hold_source")
        batch_op.drop_column("hold_kind")
