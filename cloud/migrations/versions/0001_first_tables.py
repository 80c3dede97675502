"""The first tables: clinics to worker."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "clinics",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("root_key", sa.LargeBinary(), nullable=False),
        sa.Column("recovery_key", sa.LargeBinary(), nullable=False),
        sa.Column("manufacturer_key", sa.LargeBinary(), nullable=False),
        sa.Column("desk_rp_id", sa.String(), nullable=False),
        sa.Column("desk_origin", sa.String(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_clinics")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "worker", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "leases",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "task", name=op.f("pk_leases")),
    )
    op.create_table(
        "received_items",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "item_id", name=op.f("pk_received_items")
        ),
    )
    op.create_table(
        "request_nonces",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("phone_id", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "phone_id", "nonce", name=op.f("pk_request_nonces")),
    )
    op.create_table(
        "used_challenges",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("challenge_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "challenge_hash", name=op.f("pk_used_challenges")),
    )
    op.create_table(
        "audit_events",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.clinic_id"], name=op.f("fk_audit_events_clinics")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "number", name=op.f("pk_audit_events")),
    )
    op.create_table(
        "certificates",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("key_id", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=True),
        sa.Column("added_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.clinic_id"], name=op.f("fk_certificates_clinics")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "key_id", name=op.f("pk_certificates")),
    )
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.create_index("ix_certificates_purpose", ["clinic_id", "purpose"], unique=False)

    op.create_table(
        "patients",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("indication", sa.String(), nullable=False),
        sa.Column("initials", sa.String(), nullable=False),
        sa.Column("vault_key_id", sa.LargeBinary(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.clinic_id"], name=op.f("fk_patients_clinics")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", name=op.f("pk_patients")),
    )
    op.create_table(
        "staff",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.clinic_id"], name=op.f("fk_staff_clinics")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "staff_id", name=op.f("pk_staff")),
    )
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
    op.create_table(
        "checkins",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=True),
        sa.Column("instrument", sa.String(), nullable=True),
        sa.Column("answered_ms", sa.BigInteger(), nullable=True),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_checkins_patients"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "item_id", name=op.f("pk_checkins")),
    )
    op.create_table(
        "devices",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("transfer", sa.LargeBinary(), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=True),
        sa.Column("assignment", sa.LargeBinary(), nullable=True),
        sa.Column("assignments", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_devices_patients"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.clinic_id"], name=op.f("fk_devices_clinics")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "device_id", name=op.f("pk_devices")),
    )
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.create_index("ix_devices_patient", ["clinic_id", "patient_id"], unique=False)

    op.create_table(
        "enrolment_codes",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("wrong_dates", sa.BigInteger(), nullable=False),
        sa.Column("used_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_enrolment_codes_patients"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "code_hash", name=op.f("pk_enrolment_codes")),
    )
    op.create_table(
        "holds",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("hold_id", sa.LargeBinary(), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by", sa.LargeBinary(), nullable=False),
        sa.Column("asked_ms", sa.BigInteger(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=True),
        sa.Column("signed_ms", sa.BigInteger(), nullable=True),
        sa.Column("on_phone_ms", sa.BigInteger(), nullable=True),
        sa.Column("in_force_ms", sa.BigInteger(), nullable=True),
        sa.Column("record_number", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_holds_patients"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "hold_id", name=op.f("pk_holds")),
        sa.UniqueConstraint("clinic_id", "device_id", "number", name="uq_holds_number"),
    )
    op.create_table(
        "phones",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("phone_id", sa.LargeBinary(), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("app_key", sa.LargeBinary(), nullable=False),
        sa.Column("request_key", sa.LargeBinary(), nullable=False),
        sa.Column("enrolment", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("enrolled_ms", sa.BigInteger(), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_phones_patients"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "phone_id", name=op.f("pk_phones")),
    )
    op.create_table(
        "prescriptions",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("prescription_id", sa.LargeBinary(), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("protocol_id", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("drafted_by", sa.LargeBinary(), nullable=False),
        sa.Column("drafted_ms", sa.BigInteger(), nullable=False),
        sa.Column("assertion", sa.LargeBinary(), nullable=True),
        sa.Column("staff_key_id", sa.LargeBinary(), nullable=True),
        sa.Column("signed_ms", sa.BigInteger(), nullable=True),
        sa.Column("in_force_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_prescriptions_patients"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "prescription_id", name=op.f("pk_prescriptions")),
        sa.UniqueConstraint("clinic_id", "digest", name="uq_prescriptions_digest"),
    )
    op.create_table(
        "screening_answers",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.BigInteger(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_screening_answers_patients"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "item_id", name=op.f("pk_screening_answers")
        ),
    )
    op.create_table(
        "session_logs",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_session_logs_patients"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "item_id", name=op.f("pk_session_logs")),
    )
    op.create_table(
        "sign_in_keys",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"],
            ["staff.clinic_id", "staff.staff_id"],
            name=op.f("fk_sign_in_keys_staff"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "credential_id", name=op.f("pk_sign_in_keys")),
    )
    op.create_table(
        "sign_ins",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(), nullable=False),
        sa.Column("form_token", sa.String(), nullable=False),
        sa.Column("ends_ms", sa.BigInteger(), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"],
            ["staff.clinic_id", "staff.staff_id"],
            name=op.f("fk_sign_ins_staff"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "token_hash", name=op.f("pk_sign_ins")),
    )
    op.create_table(
        "staff_invitations",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("used_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"],
            ["staff.clinic_id", "staff.staff_id"],
            name=op.f("fk_staff_invitations_staff"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "token_hash", name=op.f("pk_staff_invitations")),
    )
    op.create_table(
        "waiting",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("queued_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.patient_id"],
            name=op.f("fk_waiting_patients"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "cursor", name=op.f("pk_waiting")),
    )
    op.create_table(
        "ledger_chains",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("epoch", sa.LargeBinary(), nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("verified_to", sa.BigInteger(), nullable=False),
        sa.Column("verified_hash", sa.LargeBinary(), nullable=False),
        sa.Column("verified_ms", sa.BigInteger(), nullable=True),
        sa.Column("received_to", sa.BigInteger(), nullable=False),
        sa.Column("head_number", sa.BigInteger(), nullable=False),
        sa.Column("conflict", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "device_id"],
            ["devices.clinic_id", "devices.device_id"],
            name=op.f("fk_ledger_chains_devices"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "device_id", "epoch", name=op.f("pk_ledger_chains")),
    )
    op.create_table(
        "delivered_sessions",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("epoch", sa.LargeBinary(), nullable=False),
        sa.Column("opened_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("patient_id", sa.LargeBinary(), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=True),
        sa.Column("planned_pulses", sa.BigInteger(), nullable=False),
        sa.Column("planned_trains", sa.BigInteger(), nullable=False),
        sa.Column("charged_pulses", sa.BigInteger(), nullable=False),
        sa.Column("trains", sa.BigInteger(), nullable=False),
        sa.Column("percent_mso", sa.BigInteger(), nullable=True),
        sa.Column("closed_ms", sa.BigInteger(), nullable=True),
        sa.Column("cause", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "device_id", "epoch"],
            ["ledger_chains.clinic_id", "ledger_chains.device_id", "ledger_chains.epoch"],
            name=op.f("fk_delivered_sessions_ledger_chains"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "device_id", "epoch", "opened_number", name=op.f("pk_delivered_sessions")
        ),
    )
    with op.batch_alter_table("delivered_sessions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivered_sessions_patient", ["clinic_id", "patient_id"], unique=False
        )

    op.create_table(
        "ledger_heads",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("epoch", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "device_id", "epoch"],
            ["ledger_chains.clinic_id", "ledger_chains.device_id", "ledger_chains.epoch"],
            name=op.f("fk_ledger_heads_ledger_chains"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "device_id", "epoch", "number", name=op.f("pk_ledger_heads")
        ),
    )
    op.create_table(
        "ledger_records",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("device_id", sa.LargeBinary(), nullable=False),
        sa.Column("epoch", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=True),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "device_id", "epoch"],
            ["ledger_chains.clinic_id", "ledger_chains.device_id", "ledger_chains.epoch"],
            name=op.f("fk_ledger_records_ledger_chains"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "device_id", "epoch", "number", name=op.f("pk_ledger_records")
        ),
    )


def downgrade() -> None:
    op.drop_table("ledger_records")
    op.drop_table("ledger_heads")
    with op.batch_alter_table("delivered_sessions", schema=None) as batch_op:
        batch_op.drop_index("ix_delivered_sessions_patient")

    op.drop_table("delivered_sessions")
    op.drop_table("ledger_chains")
    op.drop_table("waiting")
    op.drop_table("staff_invitations")
    op.drop_table("sign_ins")
    op.drop_table("sign_in_keys")
    op.drop_table("session_logs")
    op.drop_table("screening_answers")
    op.drop_table("prescriptions")
    op.drop_table("phones")
    op.drop_table("holds")
    op.drop_table("enrolment_codes")
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.drop_index("ix_devices_patient")

    op.drop_table("devices")
    op.drop_table("checkins")
    op.drop_table("alerts")
    op.drop_table("staff")
    op.drop_table("patients")
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.drop_index("ix_certificates_purpose")

    op.drop_table("certificates")
    op.drop_table("audit_events")
    op.drop_table("used_challenges")
    op.drop_table("request_nonces")
    op.drop_table("received_items")
    op.drop_table("leases")
    op.drop_table("heartbeats")
    op.drop_table("clinics")
