"""Roles: a member holds several; a member who left stays as a row."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Until here whoever was signed in could do everything: the first of a clinic keeps administering.
_HELD = """
insert into roles_held (clinic_id, staff_id, role, granted_ms)
select clinic_id, staff_id, role, created_ms from staff
"""
_FIRST = """
insert into roles_held (clinic_id, staff_id, role, granted_ms)
select s.clinic_id, s.staff_id, 'administrator', s.created_ms from staff s
where s.staff_id = (
  select o.staff_id from staff o where o.clinic_id = s.clinic_id
  order by o.created_ms, o.staff_id limit 1
) and s.role <> 'administrator'
"""
# A table of one role a member can hold no more: what isn't administering is kept.
_ONE = """
update staff set role = coalesce(
  (select min(h.role) from roles_held h
   where h.clinic_id = staff.clinic_id and h.staff_id = staff.staff_id
   and h.role <> 'administrator'),
  'administrator'
)
"""


def upgrade() -> None:
    op.create_table(
        "roles_held",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("granted_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"],
            ["staff.clinic_id", "staff.staff_id"],
            name=op.f("fk_roles_held_staff"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "staff_id", "role", name=op.f("pk_roles_held")),
    )
    op.execute(_HELD)
    op.execute(_FIRST)
    # Not as a batch: the table is not made anew, so what hangs on it stays.
    op.add_column("staff", sa.Column("left_ms", sa.BigInteger(), nullable=True))
    op.drop_column("staff", "role")


def downgrade() -> None:
    op.add_column(
        "staff", sa.Column("role", sa.String(), nullable=False, server_default="prescriber")
    )
    op.execute(_ONE)
    op.drop_column("staff", "left_ms")
    op.drop_table("roles_held")
