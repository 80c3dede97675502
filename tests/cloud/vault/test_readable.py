"""What can be read without a patient's key: the whole database is searched for what is known of
them, and the tables for columns that nobody has thought of. docs/vault.md is the same list."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, Table, inspect, text

from cloud.audit.models import AuditEvent
from cloud.db import Base
from cloud.models import METADATA
from cloud.vault.fields import fields_of
from tests.cloud.vault.lives import NAME, SAYINGS, TITLES, live
from tests.cloud.worlds import World

SEALED = {
    "alerts": {"value", "title", "detail", "told"},
    "care_facts": {"kind", "body"},
    "care_items": {"body"},
    "caregivers": {"name"},
    "checkins": {"body"},
    "devices": {"assignment"},
    "flaws": {"reason"},
    "patients": {"name", "birth_date", "indication", "initials", "telephone"},
    "scores": {"score", "self_harm"},
    "screening_answers": {"envelope", "outcome"},
    "sent_messages": {"text"},
    "session_logs": {"body"},
    "snoozes": {"reason"},
    "waiting": {"body"},
}
OF_PATIENTS_AND_READABLE = {
    "audited_patients": "number",
    "assignments": "staff_id assigned_by assigned_ms",
    "alerts": "alert_id cause number stands urgency raised_ms closed_ms closed_by repeated_ms step"
    " handed_to handed_ms",
    "care_facts": "item_id at_ms",
    "care_items": "item_id received_ms opened_ms refusal seen_by seen_ms",
    "caregivers": "caregiver_id shown said_ms code_id verifier code_until_ms wrong_tries staff_id"
    " joined_ms ended_ms ended_by",
    "checkins": "item_id received_ms opened_ms refusal",
    "contacts": "contact_id called_by called_ms outcome next_ms",
    "devices": "device_id serial public_key certificate transfer assignments"
    " aside_ms aside_why retired_ms retired_why",
    "hold_confirmations": "hold_id device_id asked_by asked_ms cursor signed_ms on_phone_ms"
    " record_number known_ms",
    "enrolment_codes": "code_id verifier sealed_initials device_id expires_ms wrong_tries used_ms",
    "flaws": "device_id epoch kind number first last ours theirs evidence phone_id detail found_ms "
    "ended_ms ended_by",
    "patients": "vault_key_id created_ms erased_ms",
    "recalled_bands": "recall_id device_id found_ms told_ms",
    "received_items": "item_id kind body_hash received_ms",
    "scores": "item_id instrument answered_ms",
    "screening_answers": "item_id received_ms",
    "sent_messages": "message_id author sent_ms",
    "session_logs": "item_id received_ms",
    "snoozes": "snooze_id put_off_by put_off_ms until_ms ended_ms",
    "time_requests": "device_id nonce asked_ms received_ms ended_ms",
    "waiting": "cursor kind queued_ms",
}
"""Beside the record of the band and what is summed from it: see docs/vault.md."""
OF_THE_RECORD = {
    "closures",
    "delivered_sessions",
    "dose_days",
    "holds",
    "ledger_chains",
    "ledger_heads",
    "ledger_records",
    "phones",
    "prescriptions",
    "staff_words",
    "team_patients",
}


def test_every_column_about_a_patient_is_sealed_or_known_to_be_readable() -> None:
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        assert isinstance(table, Table)
        if "patient_id" not in table.columns or table.name in OF_THE_RECORD:
            continue
        sealed = {each.name for each in fields_of(mapper.class_)}
        assert sealed == SEALED.get(table.name, set()), table.name
        readable = set(OF_PATIENTS_AND_READABLE[table.name].split())
        columns = {f"sealed_{name}" for name in sealed} | readable | {"clinic_id", "patient_id"}
        assert {each.name for each in table.columns} == columns, table.name


def test_every_sealed_column_is_of_bytes() -> None:
    for mapper in Base.registry.mappers:
        for each in fields_of(mapper.class_):
            assert isinstance(mapper.local_table.columns[each.column].type, LargeBinary)


def dump(world: World) -> bytes:
    """Everything that the database holds, in both spellings that a value may have."""
    found = []
    with world.database.read("demo") as session:
        for table in METADATA.sorted_tables:
            for row in session.execute(text(f'SELECT * FROM "{table.name}"')):
                for value in row:
                    found.append(bytes(value) if isinstance(value, bytes) else str(value).encode())
    return b"\n".join(found)


@pytest.mark.both_databases
def test_nothing_that_is_known_of_a_patient_stands_in_the_database(world: World) -> None:
    live(world)
    found = dump(world)
    assert b"phq-9" in found
    for words in (*SAYINGS, *TITLES):
        if len(words) > 2:
            assert words.encode() not in found, words
    # Two letters turn up by chance in random bytes, but not as a value of their own.
    assert b"\nWK\n" not in found
    assert b"\nmdd\n" not in found


def test_nor_in_the_file_its_journal_or_the_folder_of_keys(world: World, tmp_path: Path) -> None:
    live(world)
    searched = 0
    for path in tmp_path.rglob("*"):
        if path.is_file():
            data, searched = path.read_bytes(), searched + 1
            for words in (*SAYINGS, *TITLES):
                if len(words) > 2:
                    assert words.encode() not in data, (words, path)
    assert searched > 10
    assert sqlite3.connect(tmp_path / "cloud.sqlite").execute("SELECT 1 FROM scores").fetchall()


@pytest.mark.both_databases
def test_audit_log_and_record_know_pseudonyms_alone(world: World) -> None:
    life = live(world)
    with world.database.read("demo") as session:
        events = session.query(AuditEvent).all()
        lines = [f"{each.actor} {each.action} {each.subject}" for each in events]
    assert any(life.name in line for line in lines)
    for line in lines:
        for words in SAYINGS:
            assert words not in line.split(), line
            assert len(words) <= 2 or words not in line, line
    assert NAME not in "".join(lines)
    names = inspect(world.database.engine).get_table_names()
    assert set(names) >= OF_THE_RECORD
