"""Who asked for a hold, who drafted a prescription and whose session it was is of the clinic."""

from collections.abc import Sequence

from alembic import op

revision: str = "0073"
down_revision: str | None = "0072"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_REFERENCES = (
    ("holds", "staff", "asked_by", "staff_id"),
    ("prescriptions", "staff", "drafted_by", "staff_id"),
    ("delivered_sessions", "patients", "patient_id", "patient_id"),
)
"""Table, the table that it refers to, and its column and theirs beside the clinic's id."""


def upgrade() -> None:
    for table, parent, column, key in _REFERENCES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_foreign_key(
                _name(table, parent), parent, ["clinic_id", column], ["clinic_id", key]
            )


def downgrade() -> None:
    for table, parent, _column, _key in _REFERENCES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(_name(table, parent), type_="foreignkey")


def _name(table: str, parent: str) -> str:
    return op.f(f"fk_{table}_{parent}")
