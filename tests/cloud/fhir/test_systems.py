"""Registered systems: a signed JWT buys a token once, and the token opens what its scopes name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm
from sqlalchemy import select
from starlette.testclient import TestClient

from cloud.audit.looks import looks_at
from cloud.audit.models import AuditEvent
from cloud.cli import main
from cloud.dashboard.app import create_app
from cloud.fhir.errors import BadParameter
from cloud.fhir.systems.keys import read_jwk
from cloud.fhir.systems.service import ASSERTION_S, TOKEN_S, end_system
from cloud.limits.service import WINDOW_MS
from shared.care.looks import LookKind
from tests.cloud.fhir.systems import System, ec_key, jwk_of, pem_of, registered
from tests.cloud.worlds import World, add_clinic, make_identity


@pytest.fixture
def client(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock)) as made:
        yield made


@pytest.fixture
def system(world: World, client: TestClient) -> System:
    return registered(world, client)


def test_a_signed_jwt_buys_a_token_that_reads(world: World, system: System) -> None:
    patient, _ = world.enrol()
    token = system.token()
    found = system.resource(f"Patient/{patient.patient_id.hex()}", token)
    assert found["name"] == [{"text": "Maria Sample"}]
    with world.database.read("demo") as session:
        lines = session.scalars(select(AuditEvent).where(AuditEvent.actor.like("system/%"))).all()
    assert [each.action for each in lines] == ["read FHIR resources"]
    assert lines[0].patients == patient.patient_id
    with world.database.read("demo") as session:
        (look,) = looks_at(session, "demo", patient.patient_id, now_ms=world.clock.now_ms)
    assert (look.who, look.kind) == ("Archive", LookKind.EXPORT)


def test_an_rsa_key_does_as_well(world: World, client: TestClient) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert registered(world, client, key=key).token()


def test_a_jwt_is_good_once(system: System) -> None:
    assertion = system.signed(system.claims())
    assert system.ask(assertion).status_code == 200
    again = system.ask(assertion)
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")
    assert "jti was used before" in again.json()["error_description"]


def test_wrong_jwts_of_a_system_are_counted_and_what_succeeds_is_not(world: World) -> None:
    settings = world.settings.model_copy(update={"rate_limit": 3})
    with TestClient(create_app(settings, world.clock)) as client:
        system, other = registered(world, client), registered(world, client)
        for _ in range(5):
            system.token()
        forged = [system.ask(system.signed(system.claims(), key=ec_key())) for _ in range(4)]
        assert [each.status_code for each in forged] == [401, 401, 401, 429]
        assert forged[-1].headers["Retry-After"] == str(WINDOW_MS // 1000)
        assert system.ask(system.signed(system.claims())).status_code == 429
        assert other.token()
        world.clock.now_ms += WINDOW_MS
        assert system.token()


NOW_S = 1_772_442_000
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "past": ({"exp": NOW_S}, "exp is past"),
    "far ahead": ({"exp": NOW_S + ASSERTION_S + 1}, "exp is more than 300 s ahead"),
    "no number": ({"exp": True}, "exp"),
    "not begun": ({"nbf": NOW_S + 10}, "nbf is still to come"),
    "another audience": ({"aud": "https://elsewhere.example/token"}, "aud is not"),
    "no audience": ({"aud": None}, "registered"),
    "no jti": ({"jti": None}, "registered"),
    "long jti": ({"jti": "x" * 201}, "jti has not 1 to 200"),
    "another subject": ({"sub": "demo.00"}, "registered"),
    "another issuer": ({"iss": "demo." + "00" * 16}, "registered"),
    "no clinic": ({"iss": "x", "sub": "x"}, "registered"),
}


@pytest.mark.parametrize("name", list(WRONG))
def test_a_jwt_that_says_something_else_buys_nothing(system: System, name: str) -> None:
    changes, words = WRONG[name]
    answer = system.ask(system.signed(system.claims(**changes)))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert words in answer.json()["error_description"]


def test_a_refused_jwt_is_not_used_up_by_a_scope_that_is_wrong(system: System) -> None:
    assertion = system.signed(system.claims())
    assert system.ask(assertion, scope="system/Person.read").json()["error"] == "invalid_scope"
    assert system.ask(assertion).status_code == 200


FORGED: dict[str, Callable[[System], str]] = {
    "another key": lambda system: system.signed(system.claims(), key=ec_key()),
    "no signature": lambda system: jwt.encode(system.claims(), "", "none"),
    "a shared secret": lambda system: system.signed(system.claims(), "x" * 64, "HS384"),
    "another curve": lambda system: system.signed(
        system.claims(), ec.generate_private_key(ec.SECP256R1()), "ES256"
    ),
    "nothing": lambda _system: "",
    "no JWT": lambda _system: "a.b.c",
    "too long": lambda system: system.signed(system.claims(more="x" * 9000)),
}


@pytest.mark.parametrize("name", list(FORGED))
def test_a_jwt_of_somebody_else_buys_nothing(system: System, name: str) -> None:
    answer = system.ask(FORGED[name](system))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_assertion_type": "x"}, "invalid_request"),
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "patient/*.read"}, "invalid_scope"),
        ({"scope": "system/*.write"}, "invalid_scope"),
    ],
)
def test_another_request_buys_nothing(system: System, changes: dict[str, str], error: str) -> None:
    answer = system.ask(system.signed(system.claims()), **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_a_token_ends_after_five_minutes(world: World, system: System) -> None:
    token = system.token()
    world.clock.now_ms += TOKEN_S * 1000 - 1
    assert system.send("Patient", token).status_code == 200
    world.clock.now_ms += 1
    assert system.send("Patient", token).status_code == 401


def test_a_system_that_was_taken_out_reads_nothing(world: World, system: System) -> None:
    token = system.token()
    with world.database.write("demo") as session:
        end_system(session, "demo", system.client_id, now_ms=world.clock.now_ms)
    assert system.send("Patient", token).status_code == 401
    assert system.ask(system.signed(system.claims())).status_code == 401


def test_scopes_are_enforced_type_by_type(world: World, client: TestClient) -> None:
    patient, _ = world.enrol()
    patient_id = patient.patient_id.hex()
    narrow = registered(world, client, scopes="system/Patient.read system/Device.rs")
    assert narrow.ask(narrow.signed(narrow.claims())).json()["scope"] == (
        "system/Patient.read system/Device.read"
    )
    token = narrow.token("system/Device.rs")
    assert narrow.send(f"Device?patient={patient_id}", token).status_code == 200
    for path in (
        f"Patient/{patient_id}",
        f"Patient/{patient_id}/$everything",
        f"Consent?patient={patient_id}",
    ):
        assert narrow.send(path, token).status_code == 403, path
    everything = narrow.resource(f"Patient/{patient_id}/$everything", narrow.token())
    kinds = {each["resource"]["resourceType"] for each in everything["entry"]}
    assert kinds == {"Patient", "Device"}
    asked = narrow.ask(narrow.signed(narrow.claims()), scope="system/Consent.read")
    assert asked.json()["error"] == "invalid_scope"


def test_a_token_of_one_clinic_finds_nobody_of_another(
    world: World, client: TestClient, tmp_path: Path
) -> None:
    patient, _ = world.enrol()
    add_clinic(world, make_identity(tmp_path / "other", "other"))
    foreign = registered(world, client, clinic_id="other")
    token = foreign.token()
    assert foreign.send(f"Patient/{patient.patient_id.hex()}", token).status_code == 404
    assert "entry" not in foreign.resource("Patient", token)
    moved = f"demo.{token.partition('.')[2]}"
    assert foreign.send("Patient", moved).status_code == 401


def test_the_configuration_says_where_tokens_are(world: World, client: TestClient) -> None:
    found = client.get("/fhir/.well-known/smart-configuration").json()
    assert found["token_endpoint"] == f"{world.settings.origin}/fhir/token"


@pytest.mark.parametrize(
    ("jwk", "words"),
    [
        ("{", "not taken"),
        ("[]", "no JSON object"),
        ('{"kty": "oct", "k": "AAAA"}', "private"),
        ('{"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}', "neither"),
        ('{"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA"}', "not taken"),
    ],
)
def test_a_key_that_is_not_taken_says_why(jwk: str, words: str) -> None:
    with pytest.raises(BadParameter, match=words):
        read_jwk(jwk)


def test_a_private_key_and_a_short_one_are_refused() -> None:
    with pytest.raises(BadParameter, match="private"):
        read_jwk(str(ECAlgorithm.to_jwk(ec_key())))
    with pytest.raises(BadParameter, match="1024 bits"):
        read_jwk(jwk_of(rsa.generate_private_key(public_exponent=65537, key_size=1024)))


def test_the_commands_add_list_and_end_a_system(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--data", str(world.settings.data), "--identity", str(world.settings.identity)]
    file = tmp_path / "archive.jwk"
    file.write_text(json.dumps(json.loads(jwk_of(ec_key()))))
    main(["add-fhir-system", *place, "--name", "Archive", "--jwk", str(file)])
    client_id = capsys.readouterr().out.split()[1].removesuffix(":")
    main(["fhir-systems", *place])
    assert client_id in capsys.readouterr().out
    main(["end-fhir-system", *place, "--client", client_id])
    capsys.readouterr()
    main(["fhir-systems", *place])
    assert ", until " in capsys.readouterr().out
    pem = tmp_path / "archive.pem"
    pem.write_text(pem_of(ec_key()))
    main(["add-fhir-system", *place, "--name", "Archive", "--jwk", str(pem)])
    assert "client " in capsys.readouterr().out
    with pytest.raises(SystemExit, match="no such system"):
        main(["end-fhir-system", *place, "--client", client_id])
