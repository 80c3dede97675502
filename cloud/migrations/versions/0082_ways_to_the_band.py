"""How far a prescription came, words of staff signed at the desk, and a number to call."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0082"
down_revision: str | None = "0081"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_THRESHOLD = ("threshold_method", "threshold_by")
_STEPS = ("cursor", "on_phone_ms", "record_number", "known_ms")


def upgrade() -> None:
    for name in _STEPS:
        op.add_column("prescriptions", sa.Column(name, sa.BigInteger(), nullable=True))
    for name in _THRESHOLD:
        op.add_column("prescriptions", sa.Column(name, sa.String(), nullable=True))
    op.add_column("patients", sa.Column("sealed_telephone", sa.LargeBinary(), nullable=True))
    op.create_table(
        "staff_words",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("word_id", sa.LargeBinary(), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("drafted_by", sa.LargeBinary(), nullable=False),
        sa.Column("drafted_ms", sa.BigInteger(), nullable=False),
        sa.Column("assertion", sa.LargeBinary(), nullable=True),
        sa.Column("staff_key_id", sa.LargeBinary(), nullable=True),
        sa.Column("signed_ms", sa.BigInteger(), nullable=True),
        sa.Column("cursor", sa.BigInteger(), nullable=True),
        sa.Column("on_phone_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "device_id"],
            ["devices.clinic_id", "devices.device_id"],
            name=op.f("fk_staff_words_devices"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_key_id"],
            ["certificates.clinic_id", "certificates.key_id"],
            name=op.f("fk_staff_words_certificates"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "drafted_by"],
            ["staff.clinic_id", "staff.staff_id"],
            name=op.f("fk_staff_words_staff"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_staff_words_patients"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "word_id", name=op.f("pk_staff_words")),
        sa.UniqueConstraint("clinic_id", "digest", name="uq_staff_words_digest"),
    )
    op.create_index("ix_staff_words_patient", "staff_words", ["clinic_id", "patient_id"])


def downgrade() -> None:
    op.drop_index("ix_staff_words_patient", table_name="staff_words")
    op.drop_table("staff_words")
    with op.batch_alter_table("patients", schema=None) as batch_op:
        batch_op.drop_column("sealed_telephone")
    with op.batch_alter_table("prescriptions", schema=None) as batch_op:
        for name in (*_THRESHOLD, *reversed(_STEPS)):
            batch_op.drop_column(name)
