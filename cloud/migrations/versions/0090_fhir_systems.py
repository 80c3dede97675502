"""Systems that read by FHIR, their used JWTs and tokens, and bulk exports."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0090"
down_revision: str | None = "0085"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _clinic() -> sa.Column[str]:
    return sa.Column("clinic_id", sa.String(length=32), nullable=False)


def _system(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["clinic_id", "system_id"],
        ["fhir_systems.clinic_id", "fhir_systems.system_id"],
        name=op.f(f"fk_{table}_fhir_systems"),
    )


def upgrade() -> None:
    op.create_table(
        "fhir_systems",
        _clinic(),
        sa.Column("system_id", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("jwk", sa.String(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("added_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.clinic_id"], name=op.f("fk_fhir_systems_clinics")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "system_id", name=op.f("pk_fhir_systems")),
    )
    op.create_table(
        "fhir_used_assertions",
        _clinic(),
        sa.Column("system_id", sa.LargeBinary(), nullable=False),
        sa.Column("jti_hash", sa.LargeBinary(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        _system("fhir_used_assertions"),
        sa.PrimaryKeyConstraint(
            "clinic_id", "system_id", "jti_hash", name=op.f("pk_fhir_used_assertions")
        ),
    )
    op.create_table(
        "fhir_tokens",
        _clinic(),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("system_id", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        _system("fhir_tokens"),
        sa.PrimaryKeyConstraint("clinic_id", "token_hash", name=op.f("pk_fhir_tokens")),
    )
    op.create_table(
        "fhir_exports",
        _clinic(),
        sa.Column("export_id", sa.LargeBinary(), nullable=False),
        sa.Column("system_id", sa.LargeBinary(), nullable=False),
        sa.Column("kinds", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("asked_ms", sa.BigInteger(), nullable=False),
        sa.Column("ready_ms", sa.BigInteger(), nullable=True),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        _system("fhir_exports"),
        sa.PrimaryKeyConstraint("clinic_id", "export_id", name=op.f("pk_fhir_exports")),
    )
    op.create_table(
        "fhir_export_parts",
        _clinic(),
        sa.Column("export_id", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("patients", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "export_id"],
            ["fhir_exports.clinic_id", "fhir_exports.export_id"],
            name=op.f("fk_fhir_export_parts_fhir_exports"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "export_id", "number", name=op.f("pk_fhir_export_parts")
        ),
    )


def downgrade() -> None:
    for table in (
        "fhir_export_parts",
        "fhir_exports",
        "fhir_tokens",
        "fhir_used_assertions",
        "fhir_systems",
    ):
        op.drop_table(table)
