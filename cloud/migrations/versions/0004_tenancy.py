"""What refers to a clinic's row says so, and is found by it."""

from collections.abc import Sequence

from alembic import op

revision: str = "0004"
down_revision: str | None = "0051"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_REFERENCES = (
    ("enrolment_codes", "devices", "device_id", "device_id"),
    ("heartbeats", "clinics", None, None),
    ("holds", "devices", "device_id", "device_id"),
    ("ledger_chains", "patients", "patient_id", "patient_id"),
    ("patients", "certificates", "vault_key_id", "key_id"),
    ("phones", "devices", "device_id", "device_id"),
    ("prescriptions", "certificates", "staff_key_id", "key_id"),
    ("prescriptions", "devices", "device_id", "device_id"),
    ("received_items", "patients", "patient_id", "patient_id"),
    ("request_nonces", "phones", "phone_id", "phone_id"),
    ("used_challenges", "clinics", None, None),
)
"""Table, the table that it refers to, and its column and theirs beside the clinic's id."""
_INDEXES = (
    ("ix_holds_patient", "holds"),
    ("ix_phones_patient", "phones"),
    ("ix_prescriptions_patient", "prescriptions"),
)


def upgrade() -> None:
    for table, parent, column, key in _REFERENCES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_foreign_key(
                _name(table, parent), parent, _with_clinic(column), _with_clinic(key)
            )
    for name, table in _INDEXES:
        op.create_index(name, table, ["clinic_id", "patient_id"])


def downgrade() -> None:
    for name, table in _INDEXES:
        op.drop_index(name, table)
    for table, parent, _column, _key in _REFERENCES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(_name(table, parent), type_="foreignkey")


def _name(table: str, parent: str) -> str:
    return op.f(f"fk_{table}_{parent}")


def _with_clinic(column: str | None) -> list[str]:
    return ["clinic_id", column] if column else ["clinic_id"]
