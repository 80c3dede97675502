"""Sites, care teams and leave."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_STAFF = ["staff.clinic_id", "staff.staff_id"]
_TEAMS = ["teams.clinic_id", "teams.team_id"]


def upgrade() -> None:
    op.create_table(
        "sites",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.clinic_id"], name=op.f("fk_sites_clinics")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "site_id", name=op.f("pk_sites")),
    )
    op.create_table(
        "teams",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.LargeBinary(), nullable=False),
        sa.Column("site_id", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "site_id"],
            ["sites.clinic_id", "sites.site_id"],
            name=op.f("fk_teams_sites"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "team_id", name=op.f("pk_teams")),
    )
    op.create_table(
        "team_members",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"], _STAFF, name=op.f("fk_team_members_staff")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "team_id"], _TEAMS, name=op.f("fk_team_members_teams")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "team_id", "staff_id", name=op.f("pk_team_members")),
    )
    op.create_index("ix_team_members_staff", "team_members", ["clinic_id", "staff_id"])
    op.create_table(
        "team_patients",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.LargeBinary(), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_team_patients_patients"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "team_id"], _TEAMS, name=op.f("fk_team_patients_teams")
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "team_id", "patient_id", name=op.f("pk_team_patients")
        ),
    )
    op.create_index("ix_team_patients_patient", "team_patients", ["clinic_id", "patient_id"])
    op.create_table(
        "leaves",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("leave_id", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(), nullable=False),
        sa.Column("stand_in_id", sa.LargeBinary(), nullable=False),
        sa.Column("from_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("planned_ms", sa.BigInteger(), nullable=False),
        sa.Column("accepted_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id", "staff_id"], _STAFF, name=op.f("fk_leaves_staff")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "stand_in_id"], _STAFF, name=op.f("fk_leaves_stand_in")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "leave_id", name=op.f("pk_leaves")),
    )
    op.create_index("ix_leaves_staff", "leaves", ["clinic_id", "staff_id"])


def downgrade() -> None:
    for name in ("leaves", "team_patients", "team_members", "teams", "sites"):
        op.drop_table(name)
