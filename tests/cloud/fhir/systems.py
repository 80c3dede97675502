"""A system of another hospital's, as tests play it: its key, its JWTs, its tokens."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

import httpx2
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from starlette.testclient import TestClient

from cloud.fhir.serving.base import token_address
from cloud.fhir.systems.service import (
    ASSERTION_TYPE,
    GRANT,
    add_system,
    client_id_of,
)
from tests.cloud.worlds import World

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP384R1())


def pem_of(key: PrivateKey) -> str:
    """Return the public key as PEM."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def jwk_of(key: PrivateKey) -> str:
    """Return the public key as a JWK."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return str(ECAlgorithm.to_jwk(key.public_key()))
    return str(RSAAlgorithm.to_jwk(key.public_key()))


@dataclass
class System:
    """A registered system."""

    world: World
    client: TestClient
    key: PrivateKey
    client_id: str

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Return a JWT's claims as they have to be, but for the changes; None takes one out."""
        now_s = self.world.clock.now_ms // 1000
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": token_address(self.world.settings),
            "exp": now_s + 200,
            "jti": secrets.token_hex(16),
        }
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def signed(self, claims: dict[str, Any], key: Any = None, algorithm: str | None = None) -> str:
        is_ec = isinstance(self.key, ec.EllipticCurvePrivateKey)
        usual = "ES384" if is_ec else "RS384"
        used = self.key if key is None else key
        return jwt.encode(claims, used, algorithm or usual, headers={"kid": "one"})

    def ask(self, assertion: str, **changes: str) -> httpx2.Response:
        """Ask for a token."""
        form = {
            "grant_type": GRANT,
            "scope": "system/*.read",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
        }
        answer: httpx2.Response = self.client.post("/fhir/token", data=form | changes)
        return answer

    def token(self, scope: str = "system/*.read") -> str:
        answer = self.ask(self.signed(self.claims()), scope=scope)
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["access_token"]
        return token

    def send(
        self, path: str, token: str, *, method: str = "GET", **headers: str
    ) -> httpx2.Response:
        path = path.removeprefix(f"{self.world.settings.origin}/fhir/")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer: httpx2.Response = self.client.request(
            method, f"/fhir/{path}", headers={"Authorization": f"Bearer {token}"} | named
        )
        return answer

    def resource(self, path: str, token: str) -> Any:
        answer = self.send(path, token)
        assert answer.status_code == 200, answer.text
        return json.loads(answer.text)


def registered(
    world: World,
    client: TestClient,
    *,
    scopes: str = "system/*.read",
    key: PrivateKey | None = None,
    clinic_id: str = "demo",
) -> System:
    """Register a system with a new key."""
    own = key or ec_key()
    with world.database.write(clinic_id) as session:
        system = add_system(
            session, clinic_id, "Archive", jwk_of(own), scopes, now_ms=world.clock.now_ms
        )
        return System(world, client, own, client_id_of(system))
