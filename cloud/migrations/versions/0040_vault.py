"""What is known of patients is sealed under keys of their own; enrolment codes take scrypt."""

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from alembic import op

from cloud.migrations.sealing import Column, Sealing, Table
from cloud.vault.errors import KeyDestroyed
from cloud.vault.owners import Owner, Purpose
from cloud.vault.vault import TOKEN_BYTES

revision: str = "0040"
down_revision: str | None = "0071"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TEXT, _INT, _BYTES, _DATE = sa.String(), sa.BigInteger(), sa.LargeBinary(), sa.Date()
_OF_THE_CLINIC = ("certificate", "clinic_card", "text_pack", "receipt", "revocation")
_TOLD = "told/"
_TOLD_FAMILIES = (
    "self-harm",
    "self-harm-unsaid",
    "self-harm-today",
    "worse",
    "red-flag",
    "red-flag-slip",
    "side-effect",
    "screening",
    "message",
    "consent",
    "phone-lost",
)
_TABLES = (
    Table(
        "patients",
        ("patient_id",),
        Purpose.DATA,
        (
            Column("name", "name", _TEXT),
            Column("birth_date", "birth_date", _DATE),
            Column("indication", "indication", _TEXT),
            Column("initials", "initials", _TEXT),
        ),
    ),
    Table(
        "scores",
        ("patient_id", "item_id"),
        Purpose.DATA,
        (
            Column("score", "score", _INT, always=True),
            Column("self_harm", "self_harm", _INT, always=True),
        ),
    ),
    Table(
        "care_facts",
        ("patient_id", "item_id"),
        Purpose.DATA,
        (Column("kind", "kind", _INT), Column("body", "body", _BYTES)),
    ),
    Table(
        "sent_messages",
        ("patient_id", "message_id"),
        Purpose.DATA,
        (Column("text", "text", _TEXT),),
    ),
    Table(
        "flaws",
        ("device_id", "epoch", "kind", "number"),
        Purpose.DATA,
        (Column("reason", "reason", _TEXT, nullable=True),),
    ),
    Table(
        "checkins",
        ("patient_id", "item_id"),
        Purpose.TRANSIT,
        (Column("sealed", "body", _BYTES),),
    ),
    Table(
        "care_items",
        ("patient_id", "item_id"),
        Purpose.TRANSIT,
        (Column("sealed", "body", _BYTES),),
    ),
    Table(
        "session_logs",
        ("patient_id", "item_id"),
        Purpose.TRANSIT,
        (Column("sealed", "body", _BYTES),),
    ),
    Table(
        "screening_answers",
        ("patient_id", "item_id"),
        Purpose.TRANSIT,
        (Column("envelope", "envelope", _BYTES), Column("outcome", "outcome", _INT)),
    ),
    Table(
        "devices",
        ("device_id",),
        Purpose.TRANSIT,
        (Column("assignment", "assignment", _BYTES, nullable=True),),
    ),
    Table(
        "waiting",
        ("patient_id", "cursor"),
        Purpose.TRANSIT,
        (Column("body", "body", _BYTES),),
        clear=lambda row: row["kind"] in _OF_THE_CLINIC,
        reads=("kind",),
    ),
    Table(
        "alerts",
        ("alert_id",),
        Purpose.DATA,
        (
            Column("value", "value", _INT, always=True),
            Column("title", "title", _TEXT),
            Column("detail", "detail", _TEXT),
        ),
        clear=lambda row: not str(row["cause"]).startswith(_TOLD),
        reads=("cause",),
    ),
)


def upgrade() -> None:
    sealing = Sealing.of(op.get_bind())
    for clinic_id, patient_id in sealing.patients():
        with suppress(KeyDestroyed):
            sealing.vault.admit(clinic_id, patient_id)
    with op.batch_alter_table("patients", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_ms", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stands", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("sealed_told", sa.LargeBinary(), nullable=True))
    alerts = sa.table("alerts", sa.column("stands", sa.Boolean), sa.column("value", sa.BigInteger))
    op.execute(alerts.update().values(stands=sa.func.coalesce(alerts.c.value > 0, sa.false())))
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.alter_column("stands", existing_type=sa.Boolean(), nullable=False)
    _name_what_was_told(sealing)
    for table in _TABLES:
        sealing.seal(table)
    op.drop_table("enrolment_codes")
    _create_codes(
        sa.Column("code_id", sa.String(), nullable=False),
        sa.Column("verifier", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_initials", sa.LargeBinary(), nullable=False),
        counted="wrong_tries",
    )


def downgrade() -> None:
    op.drop_table("enrolment_codes")
    _create_codes(sa.Column("code_hash", sa.LargeBinary(), nullable=False), counted="wrong_dates")
    sealing = Sealing.of(op.get_bind())
    for table in reversed(_TABLES):
        sealing.unseal(table)
    _name_what_was_told_in_words(sealing)
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.drop_column("sealed_told")
        batch_op.drop_column("stands")
    with op.batch_alter_table("patients", schema=None) as batch_op:
        batch_op.drop_column("erased_ms")


def _create_codes(*columns: sa.Column[object], counted: str) -> None:
    first = columns[0].name
    op.create_table(
        "enrolment_codes",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        *columns,
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column(counted, sa.BigInteger(), nullable=False),
        sa.Column("used_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "device_id"],
            ["devices.clinic_id", "devices.device_id"],
            name=op.f("fk_enrolment_codes_devices"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_enrolment_codes_patients"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", first, name=op.f("pk_enrolment_codes")),
    )


def _name_what_was_told(sealing: Sealing) -> None:
    """Give what was told its keyed name, and keep the name in words sealed beside it."""
    for row in _alerts():
        if row["cause"].partition("/")[0] not in _TOLD_FAMILIES or row["patient_id"] is None:
            continue
        owner = Owner(row["clinic_id"], row["patient_id"], Purpose.DATA)
        try:
            cause = _TOLD + sealing.vault.token(owner, row["cause"])
        except KeyDestroyed:
            # Nobody asks for its cause again: the patient was erased, and its words go too.
            _rename(row, _TOLD + secrets.token_hex(TOKEN_BYTES))
            continue
        alert_id = _rename(row, cause)
        sealed = sealing.value(
            "alerts", (row["clinic_id"], alert_id), owner, "sealed_told", row["cause"].encode()
        )
        _set(row["clinic_id"], alert_id, sealed_told=sealed)


def _name_what_was_told_in_words(sealing: Sealing) -> None:
    for row in _alerts():
        if row["sealed_told"] is not None:
            owner = Owner(row["clinic_id"], row["patient_id"], Purpose.DATA)
            place = ("alerts", (row["clinic_id"], row["alert_id"]), owner, "sealed_told")
            with suppress(KeyDestroyed):
                _rename(row, sealing.plain(*place, row["sealed_told"]).decode())


_ALERTS = sa.table(
    "alerts",
    sa.column("clinic_id", sa.String),
    sa.column("alert_id", sa.LargeBinary),
    sa.column("patient_id", sa.LargeBinary),
    sa.column("cause", sa.String),
    sa.column("number", sa.BigInteger),
    sa.column("sealed_told", sa.LargeBinary),
)
_DELIVERIES = sa.table(
    "deliveries", sa.column("clinic_id", sa.String), sa.column("alert_id", sa.LargeBinary)
)


def _alerts() -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in op.get_bind().execute(sa.select(_ALERTS))]


def _set(clinic_id: str, of_id: bytes, **values: Any) -> None:
    own = (_ALERTS.c.clinic_id == clinic_id, _ALERTS.c.alert_id == of_id)
    op.get_bind().execute(_ALERTS.update().where(*own).values(**values))


def _rename(row: dict[str, Any], cause: str) -> bytes:
    """An alert's id says its cause to whoever guesses that; it goes with the name."""
    named = f"{row['clinic_id']}/{row['patient_id'].hex()}/{cause}/{row['number']}"
    alert_id = hashlib.sha256(named.encode()).digest()[:16]
    _set(row["clinic_id"], row["alert_id"], cause=cause, alert_id=alert_id)
    own = (
        _DELIVERIES.c.clinic_id == row["clinic_id"],
        _DELIVERIES.c.alert_id == row["alert_id"],
    )
    op.get_bind().execute(_DELIVERIES.update().where(*own).values(alert_id=alert_id))
    return alert_id
