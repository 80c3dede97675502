"""Bands that ask for lost time, rests that are confirmed, and words that the record tells of."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0095"
down_revision: str | None = "0090"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SAID = ("record_number", "known_ms")


def _of_a_patient(table: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["clinic_id", "device_id"],
            ["devices.clinic_id", "devices.device_id"],
            name=op.f(f"fk_{table}_devices"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f(f"fk_{table}_patients"),
        ),
    )


def upgrade() -> None:
    for name in _SAID:
        op.add_column("staff_words", sa.Column(name, sa.BigInteger(), nullable=True))
    op.create_table(
        "time_requests",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("asked_ms", sa.BigInteger(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        *_of_a_patient("time_requests"),
        sa.PrimaryKeyConstraint("clinic_id", "device_id", "nonce", name=op.f("pk_time_requests")),
    )
    op.create_index("ix_time_requests_patient", "time_requests", ["clinic_id", "patient_id"])
    op.create_table(
        "hold_confirmations",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("hold_id", sa.LargeBinary(), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.LargeBinary(), nullable=False),
        sa.Column("asked_ms", sa.BigInteger(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=True),
        sa.Column("signed_ms", sa.BigInteger(), nullable=True),
        sa.Column("on_phone_ms", sa.BigInteger(), nullable=True),
        sa.Column("record_number", sa.BigInteger(), nullable=True),
        sa.Column("known_ms", sa.BigInteger(), nullable=True),
        *_of_a_patient("hold_confirmations"),
        sa.ForeignKeyConstraint(
            ["clinic_id", "asked_by"],
            ["staff.clinic_id", "staff.staff_id"],
            name=op.f("fk_hold_confirmations_staff"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "hold_id", name=op.f("pk_hold_confirmations")),
    )
    op.create_index(
        "ix_hold_confirmations_patient", "hold_confirmations", ["clinic_id", "patient_id"]
    )


def downgrade() -> None:
    op.drop_index("ix_hold_confirmations_patient", table_name="hold_confirmations")
    op.drop_table("hold_confirmations")
    op.drop_index("ix_time_requests_patient", table_name="time_requests")
    op.drop_table("time_requests")
    with op.batch_alter_table("staff_words", schema=None) as batch_op:
        for name in reversed(_SAID):
            batch_op.drop_column(name)
