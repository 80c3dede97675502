"""Who has done the staff course, part by part and whole."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from cloud.migrations.one_way import refuse_if_rows

revision: str = "0080"
down_revision: str | None = "0074"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "training_parts",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("done_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"],
            ["staff.clinic_id", "staff.staff_id"],
            name=op.f("fk_training_parts_staff"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "staff_id", "part", "version", name=op.f("pk_training_parts")
        ),
    )
    op.create_table(
        "training_courses",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("done_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"],
            ["staff.clinic_id", "staff.staff_id"],
            name=op.f("fk_training_courses_staff"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "staff_id", "version", name=op.f("pk_training_courses")
        ),
    )


def downgrade() -> None:
    for name in ("training_courses", "training_parts"):
        refuse_if_rows(name, "who has done the staff course")
        op.drop_table(name)
