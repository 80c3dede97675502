"""Since when a band is set aside or out of use, and why."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0085"
down_revision: str | None = "0082"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SINCE, _WHY = ("aside_ms", "retired_ms"), ("aside_why", "retired_why")


def upgrade() -> None:
    for name in _SINCE:
        op.add_column("devices", sa.Column(name, sa.BigInteger(), nullable=True))
    for name in _WHY:
        op.add_column("devices", sa.Column(name, sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("devices", schema=None) as batch_op:
        for name in (*reversed(_WHY), *reversed(_SINCE)):
            batch_op.drop_column(name)
