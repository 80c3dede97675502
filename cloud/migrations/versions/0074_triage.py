"""What the staff did about the list of today: visits, calls, what was put off, tasks, views."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0074"
down_revision: str | None = "0073"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_STAFF = ["staff.clinic_id", "staff.staff_id"]
_PATIENTS = ["patients.clinic_id", "patients.patient_id"]


def upgrade() -> None:
    op.create_table(
        "list_visits",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=True),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"], _STAFF, name=op.f("fk_list_visits_staff")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "staff_id", name=op.f("pk_list_visits")),
    )
    op.create_table(
        "contacts",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.LargeBinary(), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("called_by", sa.LargeBinary(), nullable=False),
        sa.Column("called_ms", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("next_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"], _PATIENTS, name=op.f("fk_contacts_patients")
        ),
        sa.ForeignKeyConstraint(["clinic_id", "called_by"], _STAFF, name=op.f("fk_contacts_staff")),
        sa.PrimaryKeyConstraint("clinic_id", "contact_id", name=op.f("pk_contacts")),
    )
    op.create_index("ix_contacts_patient", "contacts", ["clinic_id", "patient_id", "called_ms"])
    op.create_table(
        "snoozes",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("snooze_id", sa.LargeBinary(), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("put_off_by", sa.LargeBinary(), nullable=False),
        sa.Column("put_off_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"], _PATIENTS, name=op.f("fk_snoozes_patients")
        ),
        sa.ForeignKeyConstraint(["clinic_id", "put_off_by"], _STAFF, name=op.f("fk_snoozes_staff")),
        sa.PrimaryKeyConstraint("clinic_id", "snooze_id", name=op.f("pk_snoozes")),
    )
    op.create_index("ix_snoozes_until", "snoozes", ["clinic_id", "until_ms"])
    op.create_table(
        "assignments",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(), nullable=False),
        sa.Column("assigned_by", sa.LargeBinary(), nullable=False),
        sa.Column("assigned_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"], _PATIENTS, name=op.f("fk_assignments_patients")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"], _STAFF, name=op.f("fk_assignments_staff")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "assigned_by"], _STAFF, name=op.f("fk_assignments_assigned_by")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", name=op.f("pk_assignments")),
    )
    op.create_table(
        "saved_views",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("view_id", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.Column("whose", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"], _STAFF, name=op.f("fk_saved_views_staff")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "view_id", name=op.f("pk_saved_views")),
    )
    op.create_index("ix_saved_views_staff", "saved_views", ["clinic_id", "staff_id"])
    op.create_index("ix_alerts_raised", "alerts", ["clinic_id", "raised_ms"])


def downgrade() -> None:
    op.drop_index("ix_alerts_raised", "alerts")
    for table in ("saved_views", "assignments", "snoozes", "contacts", "list_visits"):
        op.drop_table(table)
