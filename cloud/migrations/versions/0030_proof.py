"""Flaws about records, doses by day, and whose session it was in which course.

Sessions of before get a day in UTC and no course; `circlet-cloud rebuild-doses` writes them anew.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0030"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

DAY_MS = 86_400_000
EPOCH_ORDINAL = 719_163
"""The ordinal of 1 January 1970."""
UNDELETABLE = """\
CREATE TRIGGER flaws_stay BEFORE DELETE ON flaws
BEGIN SELECT RAISE(ABORT, 'a flaw is never deleted'); END"""


def upgrade() -> None:
    _create_findings()
    _create_dose_days()
    _create_closures()
    _keep_conflicts()
    with op.batch_alter_table("ledger_chains", schema=None) as batch_op:
        batch_op.drop_column("conflict")
        batch_op.add_column(sa.Column("clock_ms", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("delivered_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("course_id", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("prescription_hash", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("kind", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("day", sa.BigInteger(), nullable=True))
    _fill_sessions()
    with op.batch_alter_table("delivered_sessions", schema=None) as batch_op:
        batch_op.alter_column("course_id", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.alter_column("prescription_hash", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.alter_column("kind", existing_type=sa.BigInteger(), nullable=False)
        batch_op.alter_column("day", existing_type=sa.BigInteger(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("delivered_sessions", schema=None) as batch_op:
        for name in ("day", "kind", "prescription_hash", "course_id"):
            batch_op.drop_column(name)
    with op.batch_alter_table("ledger_chains", schema=None) as batch_op:
        batch_op.drop_column("clock_ms")
        batch_op.add_column(sa.Column("conflict", sa.String(), nullable=True))
    op.execute(
        "UPDATE ledger_chains SET conflict = (SELECT min(detail) FROM flaws"
        " WHERE flaws.clinic_id = ledger_chains.clinic_id"
        " AND flaws.device_id = ledger_chains.device_id"
        " AND flaws.epoch = ledger_chains.epoch"
        " AND flaws.kind IN ('fork', 'mismatch', 'unsound') AND flaws.ended_ms IS NULL)"
    )
    op.drop_table("closures")
    op.drop_table("dose_days")
    op.drop_table("flaws")


def _create_findings() -> None:
    op.create_table(
        "flaws",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("epoch", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("ours", sa.LargeBinary(), nullable=True),
        sa.Column("theirs", sa.LargeBinary(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("found_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "device_id"],
            ["devices.clinic_id", "devices.device_id"],
            name=op.f("fk_flaws_devices"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_flaws_patients"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "device_id", "epoch", "kind", "number", name=op.f("pk_flaws")
        ),
    )
    op.create_index("ix_flaws_patient", "flaws", ["clinic_id", "patient_id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(UNDELETABLE)


def _create_dose_days() -> None:
    op.create_table(
        "dose_days",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("course_id", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("charged", sa.BigInteger(), nullable=False),
        sa.Column("planned", sa.BigInteger(), nullable=False),
        sa.Column("sessions", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_dose_days_patients"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "course_id", "day", name=op.f("pk_dose_days")
        ),
    )


def _create_closures() -> None:
    op.create_table(
        "closures",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("epoch", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("from_day", sa.BigInteger(), nullable=False),
        sa.Column("until_day", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "device_id", "epoch"],
            ["ledger_chains.clinic_id", "ledger_chains.device_id", "ledger_chains.epoch"],
            name=op.f("fk_closures_ledger_chains"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_closures_patients"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "device_id", "epoch", "number", name=op.f("pk_closures")
        ),
    )
    op.create_index("ix_closures_patient", "closures", ["clinic_id", "patient_id"])


def _keep_conflicts() -> None:
    """A conflict that stands becomes a flaw: a fork for ever, all else until it mends."""
    op.execute(
        "INSERT INTO flaws (clinic_id, device_id, epoch, kind, number, patient_id, first, last,"
        " detail, found_ms) SELECT clinic_id, device_id, epoch,"
        " CASE WHEN conflict LIKE '%two%' THEN 'fork' ELSE 'mismatch' END, 1, patient_id,"
        " verified_to + 1, received_to, conflict, coalesce(verified_ms, 0)"
        " FROM ledger_chains WHERE conflict IS NOT NULL"
    )


def _fill_sessions() -> None:
    zeros = {"course": bytes(16), "hash": bytes(32)}
    op.get_bind().execute(
        sa.text(
            "UPDATE delivered_sessions SET course_id = :course, prescription_hash = :hash,"
            f" kind = 1, day = coalesce(opened_ms, 0) / {DAY_MS} + {EPOCH_ORDINAL}"
        ),
        zeros,
    )
