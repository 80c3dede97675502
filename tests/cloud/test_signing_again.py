"""One list of what has to be signed again: who left, what was revoked, which certificates end."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from cloud.clinics.revocations import add_revocation
from cloud.clinics.service import clinic_of
from cloud.dashboard.app import create_app
from cloud.patients.erasing import erase
from cloud.people.authority import Role
from cloud.people.models import Member
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.signing_again import SignAgain, Why, to_sign_again
from shared.dose.prescription import PrescriptionKind, from_bytes, to_bytes
from shared.trust import sign1
from shared.trust.statements import Revocation, RevocationKind
from tests.cloud.authority.people import visitor
from tests.cloud.test_prescriptions import certified, draft, take
from tests.cloud.worlds import START_MS, VALID_S, World

DAY_S = 86_400
NOW_S = START_MS // 1000


@pytest.fixture
def stored(world: World) -> StoredPrescription:
    """A prescription that a certified passkey signed, in force."""
    patient, _ = world.enrol()
    passkey = certified(world)
    take(world, passkey.answer([draft(world, patient).data]))
    with world.database.write("demo") as session:
        found = session.scalars(select(StoredPrescription)).one()
        found.in_force_ms = world.clock.now_ms
    return found


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


def listed(world: World) -> tuple[SignAgain, ...]:
    with world.database.read("demo") as session:
        return to_sign_again(session, "demo", now_ms=world.clock.now_ms)


def revoke(world: World, stored: StoredPrescription, number: int, kind: RevocationKind) -> None:
    assert stored.staff_key_id is not None
    said = Revocation(number, stored.staff_key_id, kind, NOW_S, NOW_S + 20 * DAY_S)
    envelope = sign1.sign(said, audience=b"demo", signer=world.identity.root)
    with world.database.write("demo") as session:
        add_revocation(session, clinic_of(session, "demo"), envelope, now_ms=world.clock.now_ms)


def test_what_is_well_signed_is_not_on_it(world: World, stored: StoredPrescription) -> None:
    assert listed(world) == ()


def test_a_leavers_stands_until_the_revocations_date(
    world: World, stored: StoredPrescription
) -> None:
    revoke(world, stored, 1, RevocationKind.LEFT)
    (found,) = listed(world)
    assert (found.why, found.until_s) == (Why.LEFT, NOW_S + 20 * DAY_S)
    assert found.prescription_hash == stored.hash


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_what_was_worse_counts(
    world: World, stored: StoredPrescription, order: tuple[int, int]
) -> None:
    for number, kind in enumerate(order, start=1):
        revoke(world, stored, number, RevocationKind(kind))
    assert [each.why for each in listed(world)] == [Why.COMPROMISED]


def leave(world: World, name: str, staff_id: bytes) -> None:
    with world.database.write("demo") as session:
        session.merge(
            Member(
                clinic_id="demo",
                staff_id=staff_id,
                name=name,
                created_ms=0,
                left_ms=START_MS,
                language=None,
            )
        )


def test_who_signed_and_left_is_on_it_before_the_root_has_revoked(
    world: World, stored: StoredPrescription
) -> None:
    leave(world, "A. Example", bytes([7]) * 16)
    assert [(each.why, each.until_s) for each in listed(world)] == [(Why.LEFT, None)]


def test_who_only_drafted_and_left_is_not_on_it(world: World, stored: StoredPrescription) -> None:
    leave(world, "N. Example", stored.drafted_by)
    assert listed(world) == ()


def test_what_is_signed_and_not_installed_is_on_it(
    world: World, stored: StoredPrescription
) -> None:
    with world.database.write("demo") as session:
        session.get_one(StoredPrescription, ("demo", stored.prescription_id)).in_force_ms = None
    assert listed(world) == ()
    revoke(world, stored, 1, RevocationKind.LEFT)
    assert [each.why for each in listed(world)] == [Why.LEFT]


@pytest.mark.parametrize("change", [{"kind": PrescriptionKind.END}, {"not_after_s": NOW_S}])
def test_a_plan_that_is_over_needs_no_signature(
    world: World, stored: StoredPrescription, change: dict[str, Any]
) -> None:
    revoke(world, stored, 1, RevocationKind.LEFT)
    change_plan(world, stored, **change)
    assert listed(world) == ()


def change_plan(world: World, stored: StoredPrescription, **change: Any) -> None:
    with world.database.write("demo") as session:
        found = session.get_one(StoredPrescription, ("demo", stored.prescription_id))
        found.data = to_bytes(replace(from_bytes(stored.data), **change))


@pytest.mark.parametrize(
    ("days_left", "why"), [(61, None), (60, Why.ENDS), (1, Why.ENDS), (-1, Why.ENDED)]
)
def test_a_certificate_that_ends_is_on_it_in_time(
    world: World, stored: StoredPrescription, days_left: int, why: Why | None
) -> None:
    change_plan(world, stored, not_after_s=NOW_S + 2 * VALID_S)
    world.clock.now_ms = START_MS + (VALID_S - days_left * DAY_S) * 1000
    assert [each.why for each in listed(world)] == ([why] if why else [])


def test_page_shows_the_own_patients_and_is_written_down(
    world: World, stored: StoredPrescription, pages: TestClient
) -> None:
    revoke(world, stored, 1, RevocationKind.LEFT)
    pages.cookies.set("circlet", visitor(world, "P.", Role.PRESCRIBER).cookie)
    said = pages.get("/sign-again").text
    assert "Maria Sample" in said
    assert "Has left: the band treats until" in said
    pages.cookies.set("circlet", visitor(world, "N.", Role.CARE_TEAM).cookie)
    assert pages.get("/sign-again").status_code == 403


def test_who_was_erased_is_not_on_it(world: World, stored: StoredPrescription) -> None:
    revoke(world, stored, 1, RevocationKind.COMPROMISED)
    assert len(listed(world)) == 1
    erase(world.database, "demo", stored.patient_id, actor="x", now_ms=world.clock.now_ms)
    assert listed(world) == ()
