"""Step-up, recovery by two administrators, and tries counted by all processes together."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_STAFF = ["staff.clinic_id", "staff.staff_id"]


def upgrade() -> None:
    op.create_table(
        "try_counters",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("began_ms", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.clinic_id"], name=op.f("fk_try_counters_clinics")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "what", "network", name=op.f("pk_try_counters")),
    )
    op.create_table(
        "step_ups",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "token_hash"],
            ["sign_ins.clinic_id", "sign_ins.token_hash"],
            name=op.f("fk_step_ups_sign_ins"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("clinic_id", "token_hash", "subject", name=op.f("pk_step_ups")),
    )
    op.create_table(
        "recoveries",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.LargeBinary(), nullable=False),
        sa.Column("asked_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"], _STAFF, name=op.f("fk_recoveries_staff")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "asked_by"], _STAFF, name=op.f("fk_recoveries_asked_by")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "staff_id", name=op.f("pk_recoveries")),
    )


def downgrade() -> None:
    for name in ("recoveries", "step_ups", "try_counters"):
        op.drop_table(name)
