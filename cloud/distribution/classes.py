"""Where each table's rows lie once there are several nodes: every table is named here, once.

A table that is not is a fault (`cloud.distribution.rules`), so that a new one is thought about.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

KEY = "clinic_id"
"""The distribution column: a clinic's rows of all tables lie on one node."""
ROOT = "clinics"
"""The table that all others are colocated with; it is distributed by its own key."""


class Kind(StrEnum):
    """What Citus makes of a table."""

    DISTRIBUTED = "distributed"
    REFERENCE = "reference"
    LOCAL = "local"


DISTRIBUTED = frozenset(
    {
        "alert_settings",
        "alert_thresholds",
        "alerts",
        "asked_cards",
        "assignments",
        "audit_events",
        "audit_heads",
        "audited_patients",
        "care_facts",
        "care_items",
        "caregivers",
        "certificates",
        "channels",
        "checkins",
        "clinic_cards",
        "clinics",
        "closures",
        "contacts",
        "delivered_sessions",
        "deliveries",
        "devices",
        "dose_days",
        "drills",
        "enrolment_codes",
        "fhir_export_parts",
        "fhir_exports",
        "fhir_systems",
        "fhir_tokens",
        "fhir_used_assertions",
        "firmware_stints",
        "flaws",
        "further_certificates",
        "heartbeats",
        "hold_confirmations",
        "holds",
        "leaves",
        "ledger_chains",
        "ledger_heads",
        "ledger_records",
        "ledger_stretches",
        "list_visits",
        "patients",
        "phones",
        "prescriptions",
        "recalled_bands",
        "recalls",
        "received_items",
        "recoveries",
        "release_bands",
        "release_tries",
        "releases",
        "request_nonces",
        "revocations",
        "roles_held",
        "rota_turns",
        "saved_views",
        "scores",
        "screening_answers",
        "sent_messages",
        "session_logs",
        "sign_in_keys",
        "sign_ins",
        "sites",
        "snoozes",
        "staff",
        "staff_invitations",
        "staff_words",
        "step_ups",
        "team_members",
        "team_patients",
        "teams",
        "time_requests",
        "training_courses",
        "training_parts",
        "try_counters",
        "used_challenges",
        "waiting",
        "work",
    }
)
REFERENCE: frozenset[str] = frozenset()
"""None: what all clinics share (catalogue, forms, limits) is code. A copy of `clinics` on every
node would make each lock of a clinic's row, by which its numbers are given out, a lock on all."""
LOCAL: Mapping[str, str] = {
    "alembic_version": "one row, asked for by migrations and readiness, which go to the coordinator"
}
"""Tables that stay on the coordinator, each with its reason."""
RAW = frozenset(
    {
        "care_items",
        "checkins",
        "ledger_heads",
        "ledger_records",
        "ledger_stretches",
        "received_items",
        "session_logs",
    }
)
"""What came in, row by row, as it came: it grows with time. Pages read what is made of it."""
ACROSS: Mapping[str, str] = {
    "cloud.db.all_clinics": "the ids of all clinics, of one table and without a join: what is then"
    " done for each of them is asked for by its id",
    "cloud.distribution": "a table's rows are counted before and after they are spread",
    "cloud.migrations": "every row of a table takes its new form; the processes stand still",
}
"""Functions and packages of the cloud that may ask a distributed table without a clinic's id, each
with why. The worker and the commands of an administrator go clinic by clinic."""


def kind_of(table: str) -> Kind | None:
    """Return a table's class; None for one that nobody has thought about."""
    if table in DISTRIBUTED:
        return Kind.DISTRIBUTED
    if table in REFERENCE:
        return Kind.REFERENCE
    return Kind.LOCAL if table in LOCAL else None
