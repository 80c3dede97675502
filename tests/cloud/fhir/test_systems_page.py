"""The page of systems: one is registered by a pasted key and reads; once ended it doesn't."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from starlette.testclient import TestClient

from cloud.audit.service import newest
from cloud.dashboard.app import create_app
from cloud.fhir.errors import BadParameter
from cloud.fhir.systems.keys import jwk_of as pasted
from cloud.fhir.systems.service import client_id_of, systems_of
from cloud.people.authority import Act, Role
from tests.cloud.authority.people import Visitor, answered, visitor
from tests.cloud.fhir.systems import System, ec_key, jwk_of, pem_of
from tests.cloud.worlds import World

PATH = "/clinic/systems"
NONE = "No other system reads here."


@pytest.fixture
def client(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock)) as made:
        yield made


def read(client: TestClient, who: Visitor) -> str:
    answer = client.get(PATH, headers={"Cookie": f"circlet={who.cookie}"})
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def send(world: World, client: TestClient, who: Visitor, path: str, **form: str) -> httpx2.Response:
    answered(world, who, Act.KEEP_SYSTEMS, path, form)
    headers = {"Cookie": f"circlet={who.cookie}"}
    sent = form | {"form_token": who.form_token}
    answer: httpx2.Response = client.post(path, data=sent, headers=headers, follow_redirects=False)
    return answer


def test_a_system_is_registered_used_and_ended(world: World, client: TestClient) -> None:
    admin = visitor(world, "A. Admin", Role.ADMINISTRATOR)
    assert NONE in read(client, admin)
    key = ec_key()
    form = {"name": "Archive", "key": pem_of(key), "scopes": "system/Patient.read"}
    assert send(world, client, admin, PATH, **form).status_code == 303
    with world.database.read("demo") as session:
        (made,) = systems_of(session, "demo")
    system = System(world, client, key, client_id_of(made))
    page = read(client, admin)
    assert "Archive" in page
    assert system.client_id in page
    assert "system/Patient.read" in page
    assert "not yet" in page
    assert system.token()
    assert "not yet" not in read(client, admin)
    assert "<form" not in read(client, visitor(world, "Q.", Role.AUDITOR)).partition("<main")[2]
    end = f"{PATH}/{made.system_id.hex()}/end"
    assert send(world, client, admin, end).status_code == 303
    assert system.ask(system.signed(system.claims())).status_code == 401
    assert send(world, client, admin, end).status_code == 404, "once"
    with world.database.read("demo") as session:
        lines = [each.action for each in newest(session, "demo", 20) if "a system" in each.action]
    assert lines == ["took a system out", "added a system"]


def test_what_is_not_taken_is_told_by_field_and_limit(world: World, client: TestClient) -> None:
    admin = visitor(world, "A. Admin", Role.ADMINISTRATOR)
    good = {"name": "Archive", "key": jwk_of(ec_key()), "scopes": "system/*.read"}
    for wrong, words in (
        ({"name": "x" * 81}, "1 to 80 characters"),
        ({"key": "x"}, "EC on P-384 or RSA of 2048 bits"),
        ({"scopes": "system/*.write"}, "Scopes read system/*.read"),
    ):
        answer = send(world, client, admin, PATH, **(good | wrong))
        assert answer.status_code == 409
        assert words in answer.text
    assert NONE in read(client, admin)


def test_a_key_is_taken_in_three_forms_and_one_at_a_time() -> None:
    for key in (ec_key(), rsa.generate_private_key(public_exponent=65537, key_size=2048)):
        jwk = json.loads(jwk_of(key))
        for text in (jwk_of(key), json.dumps({"keys": [jwk]}), pem_of(key), f"  {pem_of(key)}\n"):
            assert json.loads(pasted(text))["kty"] == jwk["kty"]
    private = ec.generate_private_key(ec.SECP384R1()).private_numbers().private_value
    one = json.loads(jwk_of(ec_key()))
    for wrong in (
        "",
        "[]",
        "-----BEGIN PUBLIC KEY-----\nx",
        json.dumps({"keys": [one, one]}),
        json.dumps({"keys": []}),
        json.dumps(one | {"d": str(private)}),
        pem_of(ec.generate_private_key(ec.SECP256R1())),
        "x" * 5000,
    ):
        with pytest.raises(BadParameter):
            pasted(wrong)
