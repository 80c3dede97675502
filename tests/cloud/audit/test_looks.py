"""The patient's phone is told who looked: by a signed request, of its own patient alone."""

from typing import Any

import pytest

from cloud.audit.console import note
from cloud.audit.looks import KEPT_MS, LOOKS_MAX
from cloud.audit.service import record
from cloud.people.authority import Role
from tests.cloud.phone import Phone
from tests.cloud.worlds import World

pytestmark = pytest.mark.both_databases
ELSEWHERE = bytes(16)


def look(
    world: World, staff_id: bytes, action: str, *patients: bytes, subject: str = "patients"
) -> None:
    with world.database.write("demo") as session:
        record(
            session,
            "demo",
            actor=f"staff/{staff_id.hex()}",
            action=action,
            subject=subject,
            now_ms=world.clock.now_ms,
            route="GET /",
            patients=patients,
        )


def told(phone: Phone) -> list[dict[str, Any]]:
    answer = phone.get("/v1/looks")
    assert answer.status_code == 200, answer.text
    looks: list[dict[str, Any]] = answer.json()["looks"]
    return looks


def test_patient_reads_who_looked_in_which_role_when_and_how(world: World, phone: Phone) -> None:
    doctor = world.member(Role.PRESCRIBER, "A. Example")
    nurse = world.member(Role.CARE_TEAM, "B. Colleague")
    own = phone.bytes_of("patient_id")
    begin_ms = world.clock.now_ms
    look(world, nurse.staff_id, "read the list", own, ELSEWHERE)
    world.clock.now_ms += 60_000
    look(world, doctor.staff_id, "read a patient", subject=f"patient/{own.hex()}")
    look(world, doctor.staff_id, "opened session logs", subject=f"patient/{own.hex()}")
    look(world, doctor.staff_id, "asked for a hold", own, subject="hold/00")
    with world.database.write("demo") as session:
        subject = f"patient/{own.hex()}"
        note(session, "demo", "phones", "phones listed", subject, now_ms=world.clock.now_ms)
    assert [(each["who"], each["roles"], each["kind"]) for each in told(phone)] == [
        ("", [], "page"),
        ("A. Example", ["prescriber"], "change"),
        ("A. Example", ["prescriber"], "session-logs"),
        ("A. Example", ["prescriber"], "page"),
        ("B. Colleague", ["care-team"], "list"),
    ]
    assert [each["at_ms"] for each in told(phone)][-1] == begin_ms


def test_patient_reads_nothing_of_looks_at_others_nor_of_what_the_server_did(
    world: World, phone: Phone
) -> None:
    doctor = world.member()
    look(world, doctor.staff_id, "read a patient", subject=f"patient/{ELSEWHERE.hex()}")
    with world.database.write("demo") as session:
        record(
            session,
            "demo",
            actor="record",
            action="incident: fork",
            subject="flaw/00",
            now_ms=world.clock.now_ms,
            patients=[phone.bytes_of("patient_id")],
        )
    assert told(phone) == []


def test_looks_end_after_90_days_and_are_the_newest_so_many(world: World, phone: Phone) -> None:
    doctor, own = world.member(), phone.bytes_of("patient_id")
    look(world, doctor.staff_id, "read a patient", subject=f"patient/{own.hex()}")
    world.clock.now_ms += KEPT_MS
    assert len(told(phone)) == 1
    world.clock.now_ms += 1
    assert told(phone) == []
    for _ in range(LOOKS_MAX + 1):
        look(world, doctor.staff_id, "read the list", own)
    assert len(told(phone)) == LOOKS_MAX


def test_unsigned_request_reads_nothing(phone: Phone) -> None:
    assert phone.client.get("/v1/looks").status_code == 401
