"""Who is told of an alert: rota, channels, deliveries, drills, thresholds; and work by task."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0051"
down_revision: str | None = "0050"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "alert_settings",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("rings_since_ms", sa.BigInteger(), nullable=True),
        sa.Column("quiet_from", sa.BigInteger(), nullable=False),
        sa.Column("quiet_to", sa.BigInteger(), nullable=False),
        sa.Column("step_minutes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.clinic_id"], name=op.f("fk_alert_settings_clinics")
        ),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_alert_settings")),
    )
    op.create_table(
        "alert_thresholds",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.clinic_id"], name=op.f("fk_alert_thresholds_clinics")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "name", name=op.f("pk_alert_thresholds")),
    )
    op.create_table(
        "work",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("done_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"], name=op.f("fk_work_clinics")),
        sa.PrimaryKeyConstraint("clinic_id", "task", name=op.f("pk_work")),
    )
    op.create_table(
        "channels",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("added_ms", sa.BigInteger(), nullable=False),
        sa.Column("removed_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"],
            ["staff.clinic_id", "staff.staff_id"],
            name=op.f("fk_channels_staff"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "channel_id", name=op.f("pk_channels")),
    )
    op.create_table(
        "rota_turns",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("turn_id", sa.LargeBinary(), nullable=False),
        sa.Column("level", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(), nullable=False),
        sa.Column("from_minute", sa.BigInteger(), nullable=False),
        sa.Column("to_minute", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"],
            ["staff.clinic_id", "staff.staff_id"],
            name=op.f("fk_rota_turns_staff"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "turn_id", name=op.f("pk_rota_turns")),
    )
    op.create_table(
        "deliveries",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("delivery_id", sa.LargeBinary(), nullable=False),
        sa.Column("channel_id", sa.LargeBinary(), nullable=False),
        sa.Column("alert_id", sa.LargeBinary(), nullable=True),
        sa.Column("drill_id", sa.LargeBinary(), nullable=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("planned_ms", sa.BigInteger(), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.String(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "channel_id"],
            ["channels.clinic_id", "channels.channel_id"],
            name=op.f("fk_deliveries_channels"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "delivery_id", name=op.f("pk_deliveries")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index("ix_deliveries_ended", ["clinic_id", "ended", "due_ms"], unique=False)

    op.create_table(
        "drills",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("drill_id", sa.LargeBinary(), nullable=False),
        sa.Column("channel_id", sa.LargeBinary(), nullable=False),
        sa.Column("started_ms", sa.BigInteger(), nullable=False),
        sa.Column("answered_ms", sa.BigInteger(), nullable=True),
        sa.Column("failed_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "channel_id"],
            ["channels.clinic_id", "channels.channel_id"],
            name=op.f("fk_drills_channels"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "drill_id", name=op.f("pk_drills")),
    )
    op.execute(
        "INSERT INTO work (clinic_id, task, due_ms, holder, done_ms)"
        " SELECT clinic_id, task, until_ms, holder, 0 FROM leases"
    )
    op.drop_table("leases")
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("step", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("handed_to", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("handed_ms", sa.BigInteger(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_alerts_staff"),
            "staff",
            ["clinic_id", "handed_to"],
            ["clinic_id", "staff_id"],
        )

    with op.batch_alter_table("phones", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cleared_ms", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("phones", schema=None) as batch_op:
        batch_op.drop_column("cleared_ms")

    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_alerts_staff"), type_="foreignkey")
        batch_op.drop_column("handed_ms")
        batch_op.drop_column("handed_to")
        batch_op.drop_column("step")

    op.create_table(
        "leases",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "task", name=op.f("pk_leases")),
    )
    op.execute(
        "INSERT INTO leases (clinic_id, task, until_ms, holder)"
        " SELECT clinic_id, task, due_ms, holder FROM work"
    )
    op.drop_table("drills")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_deliveries_ended")

    op.drop_table("deliveries")
    op.drop_table("rota_turns")
    op.drop_table("channels")
    op.drop_table("work")
    op.drop_table("alert_thresholds")
    op.drop_table("alert_settings")
