"""A card that was saved on the pages and waits for the enrolment key."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0081"
down_revision: str | None = "0080"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "asked_cards",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.LargeBinary(), nullable=False),
        sa.Column("asked_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.clinic_id"], name=op.f("fk_asked_cards_clinics")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "asked_by"],
            ["staff.clinic_id", "staff.staff_id"],
            name=op.f("fk_asked_cards_staff"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_asked_cards")),
    )


def downgrade() -> None:
    op.drop_table("asked_cards")
