"""Opened care items, scores of every instrument, and alerts with a course."""

import hashlib
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0050"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ALERTS_OF_BEFORE = sa.table(
    "alerts",
    sa.column("clinic_id", sa.String),
    sa.column("patient_id", sa.LargeBinary),
    sa.column("cause", sa.String),
    sa.column("urgency", sa.String),
    sa.column("title", sa.String),
    sa.column("detail", sa.String),
    sa.column("raised_ms", sa.BigInteger),
    sa.column("closed_ms", sa.BigInteger),
)
_SCORES = sa.table(
    "scores",
    sa.column("clinic_id", sa.String),
    sa.column("patient_id", sa.LargeBinary),
    sa.column("item_id", sa.String),
    sa.column("instrument", sa.String),
    sa.column("answered_ms", sa.BigInteger),
    sa.column("score", sa.BigInteger),
)
_CHECKINS_OF_BEFORE = sa.table(
    "checkins",
    sa.column("clinic_id", sa.String),
    sa.column("patient_id", sa.LargeBinary),
    sa.column("item_id", sa.String),
    sa.column("instrument", sa.String),
    sa.column("answered_ms", sa.BigInteger),
    sa.column("score", sa.BigInteger),
)
_SCORED = [column.name for column in _SCORES.columns]


def upgrade() -> None:
    _add_scores()
    _add_facts()
    kept = [row._asdict() for row in op.get_bind().execute(sa.select(_ALERTS_OF_BEFORE))]
    op.drop_table("alerts")
    alerts = _create_alerts()
    if kept:
        op.bulk_insert(alerts, [_first_of_its_cause(row) for row in kept])


def downgrade() -> None:
    query = sa.select(_ALERTS_OF_BEFORE).where(
        sa.column("number", sa.BigInteger) == 1, sa.column("patient_id").is_not(None)
    )
    kept = [row._asdict() for row in op.get_bind().execute(query)]
    op.drop_table("alerts")
    _create_alerts_of_before()
    if kept:
        op.bulk_insert(_ALERTS_OF_BEFORE, kept)
    op.drop_table("care_facts")
    with op.batch_alter_table("care_items", schema=None) as batch_op:
        batch_op.drop_column("refusal")
        batch_op.drop_column("opened_ms")
    with op.batch_alter_table("checkins", schema=None) as batch_op:
        batch_op.add_column(sa.Column("instrument", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("answered_ms", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("score", sa.BigInteger(), nullable=True))
    same = [
        _SCORES.c[name] == _CHECKINS_OF_BEFORE.c[name]
        for name in ("clinic_id", "patient_id", "item_id")
    ]
    for name in ("instrument", "answered_ms", "score"):
        of_checkin = sa.select(_SCORES.c[name]).where(*same).scalar_subquery()
        op.execute(sa.update(_CHECKINS_OF_BEFORE).values({name: of_checkin}))
    op.drop_table("scores")


def _add_scores() -> None:
    op.create_table(
        "scores",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("answered_ms", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("self_harm", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_scores_patients"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "item_id", name=op.f("pk_scores")),
    )
    known = sa.select(*(_CHECKINS_OF_BEFORE.c[name] for name in _SCORED)).where(
        _CHECKINS_OF_BEFORE.c.instrument.is_not(None),
        _CHECKINS_OF_BEFORE.c.answered_ms.is_not(None),
    )
    op.execute(sa.insert(_SCORES).from_select(_SCORED, known))
    with op.batch_alter_table("checkins", schema=None) as batch_op:
        batch_op.drop_column("score")
        batch_op.drop_column("answered_ms")
        batch_op.drop_column("instrument")


def _add_facts() -> None:
    with op.batch_alter_table("care_items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("opened_ms", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("refusal", sa.String(), nullable=True))
    op.create_table(
        "care_facts",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("kind", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id", "item_id"],
            ["care_items.clinic_id", "care_items.patient_id", "care_items.item_id"],
            name=op.f("fk_care_facts_care_items"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "item_id", name=op.f("pk_care_facts")),
    )


def _create_alerts() -> sa.Table:
    table = op.create_table(
        "alerts",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("alert_id", sa.LargeBinary(), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=True),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("raised_ms", sa.BigInteger(), nullable=False),
        sa.Column("closed_ms", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.LargeBinary(), nullable=True),
        sa.Column("repeated_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.clinic_id"], name=op.f("fk_alerts_clinics")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_alerts_patients"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "alert_id", name=op.f("pk_alerts")),
    )
    op.create_index("ix_alerts_cause", "alerts", ["clinic_id", "patient_id", "cause"])
    op.create_index("ix_alerts_closed", "alerts", ["clinic_id", "closed_ms"])
    return table


def _create_alerts_of_before() -> None:
    op.create_table(
        "alerts",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("raised_ms", sa.BigInteger(), nullable=False),
        sa.Column("closed_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_alerts_patients"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "cause", name=op.f("pk_alerts")),
    )


def _first_of_its_cause(row: dict[str, object]) -> dict[str, object]:
    patient_id = row["patient_id"]
    assert isinstance(patient_id, bytes)
    named = f"{row['clinic_id']}/{patient_id.hex()}/{row['cause']}/1"
    return row | {
        "alert_id": hashlib.sha256(named.encode()).digest()[:16],
        "number": 1,
        "value": None,
        "closed_by": None,
        "repeated_ms": None,
    }
