"""Care: the clinic's cards, what phones tell, messages to patients."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "clinic_cards",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("serial", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("published_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.clinic_id"], name=op.f("fk_clinic_cards_clinics")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "serial", name=op.f("pk_clinic_cards")),
    )
    op.create_table(
        "care_items",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("seen_by", sa.String(), nullable=True),
        sa.Column("seen_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_care_items_patients"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "item_id", name=op.f("pk_care_items")),
    )
    op.create_table(
        "sent_messages",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("message_id", sa.LargeBinary(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sent_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_sent_messages_patients"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "message_id", name=op.f("pk_sent_messages")
        ),
    )


def downgrade() -> None:
    op.drop_table("sent_messages")
    op.drop_table("care_items")
    op.drop_table("clinic_cards")
