"""Firmware releases: images, the bands named for the first ring, what phones say of their tries."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0100"
down_revision: str | None = "0099"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NUMBERS = (
    "image_bytes",
    "added_ms",
    "ring",
    "ring_ms",
    "share_percent",
    "least_bands",
    "least_days",
    "limit_percent",
    "judged_ms",
)


def _of_a_band(table: str) -> tuple[sa.Column[bytes] | sa.Constraint, ...]:
    return (
        sa.Column("image_hash", sa.LargeBinary(), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "image_hash"],
            ["releases.clinic_id", "releases.image_hash"],
            name=op.f(f"fk_{table}_releases"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "device_id"],
            ["devices.clinic_id", "devices.device_id"],
            name=op.f(f"fk_{table}_devices"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "image_hash", "device_id", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    op.create_table(
        "releases",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("image_hash", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _NUMBERS),
        sa.Column("halted_ms", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.clinic_id"], name=op.f("fk_releases_clinics")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "image_hash", name=op.f("pk_releases")),
        sa.UniqueConstraint("clinic_id", "version", name="uq_releases_version"),
    )
    op.create_table(
        "release_bands",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        *_of_a_band("release_bands"),
    )
    op.create_table(
        "release_tries",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("told_ms", sa.BigInteger(), nullable=False),
        *_of_a_band("release_tries"),
    )


def downgrade() -> None:
    op.drop_table("release_tries")
    op.drop_table("release_bands")
    op.drop_table("releases")
