"""A phone is enrolled once, by a code and a birth date, for its own patient's device."""

from datetime import date

import pytest
from starlette.testclient import TestClient

from cloud.ingest.bodies import decode_bytes
from cloud.phones.enrolment import CODE_MS, WRONG_TRIES_MAX
from shared.trust import certificates, sign1
from shared.trust.keys import PublicKey
from shared.trust.statements import Assignment, Enrolment, Purpose
from tests.cloud.phone import Phone
from tests.cloud.worlds import World

pytestmark = pytest.mark.both_databases


def test_enrolled_phone_holds_statements_that_its_device_can_verify(
    phone: Phone, world: World
) -> None:
    identity = world.identity
    enrolment_key = certificates.judge(
        phone_certificate(phone),
        purpose=Purpose.ENROLMENT,
        clinic_id=b"demo",
        root=identity.root.public_key,
        now_s=world.clock.now_ms // 1000,
    )
    key = PublicKey(enrolment_key.public_key)
    enrolment = sign1.verify(
        Enrolment, phone.bytes_of("enrolment"), audience=identity.device_id, key=key
    )
    assignment = sign1.verify(
        Assignment, phone.bytes_of("assignment"), audience=identity.device_id, key=key
    )
    assert enrolment.app_key == phone.app_key.public_key.data
    assert enrolment.patient_id == assignment.patient_id == phone.bytes_of("patient_id")
    assert assignment.initials == "MS"
    certificates.judge(
        phone.bytes_of("vault_key"),
        purpose=Purpose.VAULT,
        clinic_id=b"demo",
        root=identity.root.public_key,
        now_s=world.clock.now_ms // 1000,
    )


def phone_certificate(phone: Phone) -> bytes:
    return decode_bytes(phone.given["certificates"][0])


def test_code_is_good_once(world: World, ingest: TestClient) -> None:
    _, code = world.enrol()
    assert Phone(world, ingest).enrol(code).status_code == 200
    second = Phone(world, ingest).enrol(code)
    assert (second.status_code, second.json()["code"]) == (409, "code_used")


def test_code_typed_in_small_letters_with_spaces_opens(world: World, ingest: TestClient) -> None:
    _, code = world.enrol()
    assert Phone(world, ingest).enrol(f" {code.lower()} ").status_code == 200


def test_code_expires_by_the_clouds_clock(world: World, ingest: TestClient) -> None:
    _, code = world.enrol()
    world.clock.now_ms += CODE_MS + 1
    answer = Phone(world, ingest).enrol(code)
    assert (answer.status_code, answer.json()["code"]) == (409, "code_expired")
    assert "expired" in answer.json()["sentence"]


def test_wrong_birth_date_is_answered_as_an_unknown_code_and_voids_it_in_the_end(
    world: World, ingest: TestClient
) -> None:
    _, code = world.enrol()
    unknown = Phone(world, ingest).enrol("demo-0000-0000-0000").json()
    for _ in range(WRONG_TRIES_MAX):
        assert Phone(world, ingest).enrol(code, date(1980, 5, 18)).json() == unknown
    assert Phone(world, ingest).enrol(code).json() == unknown


def test_tries_from_one_address_are_limited(world: World, ingest: TestClient) -> None:
    answers = [Phone(world, ingest).enrol("demo-0000-0000-0000") for _ in range(101)]
    assert [a.status_code for a in answers[-2:]] == [409, 429]
    world.clock.now_ms += 10 * 60_000
    assert Phone(world, ingest).enrol("demo-0000-0000-0000").status_code == 409
