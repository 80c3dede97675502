"""What is sent to the pages: never too long a body, and ids in one way of writing alone."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from cloud.audit import service as audit
from cloud.dashboard.app import create_app
from cloud.dashboard.bodies import BODY_MAX
from cloud.dashboard.parts import identifier
from cloud.people import service as people
from cloud.people.authority import Role
from cloud.people.ceremonies import BODY_MAX as ANSWER_MAX
from cloud.people.staff import member_of
from tests.cloud.authority.people import answered, signed_in, visitor
from tests.cloud.authority.test_staff import get, id_of, post
from tests.cloud.worlds import START_MS, World

PATHS = ("/passkeys/sign-in", "/staff", "/nowhere")
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize("path", PATHS)
def test_a_body_that_says_to_be_too_long_is_not_read(pages: TestClient, path: str) -> None:
    answer = pages.post(path, content=b"a" * (BODY_MAX + 1), headers={"content-type": FORM})
    assert answer.status_code == 413
    assert answer.headers["X-Frame-Options"] == "DENY"
    fits = pages.post(path, content=b"a" * BODY_MAX, headers={"content-type": FORM})
    assert fits.status_code != 413


@pytest.mark.parametrize("path", PATHS[:2])
def test_a_body_without_a_length_is_counted(pages: TestClient, path: str) -> None:
    parts = (b"a" * 1024 for _ in range(BODY_MAX // 1024 + 1))
    answer = pages.post(path, content=parts, headers={"content-type": FORM})
    assert answer.status_code == 413


def test_a_passkeys_answer_is_shorter_still(pages: TestClient) -> None:
    for length, words in ((ANSWER_MAX, "not readable"), (ANSWER_MAX + 1, "too long")):
        assert words in pages.post("/passkeys/sign-in", content=b"a" * length).text


@pytest.mark.parametrize("text", ["AB", "Ab", "a b0", " ab", "ab ", "abc", "xy", "\uff41\uff42"])
def test_an_id_is_written_in_lower_case_alone(text: str) -> None:
    assert identifier(text) == b""
    assert identifier("ab09") == b"\xab\x09"


def test_a_patients_page_is_named_in_the_log_by_the_patients_id(
    world: World, pages: TestClient
) -> None:
    patient_id = world.enrol()[0].patient_id
    who = visitor(world, "Own", Role.CARE_TEAM)
    assert get(pages, who, f"/patients/{patient_id.hex()}").status_code == 200
    assert get(pages, who, f"/patients/{patient_id.hex().upper()}").status_code == 404
    with world.database.read("demo") as session:
        assert audit.newest(session, "demo")[0].subject == f"patient/{patient_id.hex()}"


def test_signed_out_everywhere_holds_no_open_invitation(world: World, pages: TestClient) -> None:
    chief = visitor(world, "Chief", Role.ADMINISTRATOR)
    other = world.member()
    with world.database.write("demo") as session:
        token = people.invite(session, other, now_ms=START_MS)
    assert pages.get(f"/invitations/{token}").status_code == 200
    post(world, pages, chief, f"/staff/{other.staff_id.hex()}/sign-ins/end")
    assert pages.get(f"/invitations/{token}").status_code == 409


def test_a_passkey_taken_out_of_use_ends_the_other_sign_ins(
    world: World, pages: TestClient
) -> None:
    here = visitor(world, "Here", Role.CARE_TEAM)
    staff_id = id_of(world, here)
    with world.database.write("demo") as session:
        member = member_of(session, "demo", staff_id)
        for credential_id in (b"0", b"1"):
            people.add_sign_in_key(session, member, credential_id, b"key", now_ms=START_MS)
    there = signed_in(world, member)
    path = f"/account/passkeys/{b'0'.hex()}/remove"
    answered(world, here, "own-passkeys", path, {})
    assert post(world, pages, here, path).status_code == 303
    assert [get(pages, who, "/account").status_code for who in (here, there)] == [200, 401]
