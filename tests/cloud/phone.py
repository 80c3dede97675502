"""A phone as ingest sees it: enrols by a code and signs its requests (RFC 9421)."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import httpx2
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver, algorithms

from cloud.clock import instant
from cloud.ingest.bodies import decode_bytes, encode_bytes
from shared.trust.keys import SoftwareKey
from tests.cloud.worlds import BIRTH_DATE, World


@dataclass
class Phone:
    """One enrolled phone."""

    world: World
    client: httpx2.Client
    app_key: SoftwareKey = field(default_factory=SoftwareKey.generate)
    request_key: SoftwareKey = field(default_factory=SoftwareKey.generate)
    given: dict[str, Any] = field(default_factory=dict)
    ahead: timedelta = timedelta()

    def enrol(self, code: str, birth_date: date = BIRTH_DATE) -> httpx2.Response:
        body = {
            "code": code,
            "birth_date": birth_date.isoformat(),
            "app_key": encode_bytes(self.app_key.public_key.data),
            "request_key": encode_bytes(self.request_key.public_key.data),
        }
        answer: httpx2.Response = self.client.post("/v1/enrolments", json=body)
        if answer.status_code == 200:
            self.given = answer.json()
        return answer

    def bytes_of(self, name: str) -> bytes:
        return decode_bytes(self.given[name])

    def signed(
        self, method: str, path: str, body: object | None = None, key: SoftwareKey | None = None
    ) -> httpx2.Request:
        """Return a signed request, not sent."""
        content = b"" if body is None else json.dumps(body).encode()
        return self.signed_as_it_is(method, path, content, key=key)

    def signed_as_it_is(
        self,
        method: str,
        path: str,
        content: bytes,
        headers: Mapping[str, str] | None = None,
        key: SoftwareKey | None = None,
    ) -> httpx2.Request:
        """Return a signed request of these very bytes, not sent."""
        request: httpx2.Request = self.client.build_request(
            method, path, content=content, headers=headers
        )
        phone_id = self.given["phone_id"]
        private: Any = load_pem_private_key((key or self.request_key).to_pem(), None)
        keys = MappingKeyResolver(public_keys={}, private_keys={phone_id: private})
        signer = HTTPMessageSigner(
            signature_algorithm=algorithms.ECDSA_P256_SHA256, key_resolver=keys
        )
        signer.sign(
            request,
            key_id=phone_id,
            created=instant(self.world.clock.now_ms) + self.ahead,
            nonce=secrets.token_urlsafe(16),
            covered_component_ids=("@method", "@target-uri"),
            body=content,
        )
        return request

    def post(self, path: str, body: object) -> httpx2.Response:
        return self.send(self.signed("POST", path, body))

    def get(self, path: str) -> httpx2.Response:
        return self.send(self.signed("GET", path))

    def send(self, request: httpx2.Request) -> httpx2.Response:
        answer: httpx2.Response = self.client.send(request)
        return answer

    def items(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Send items; return the answers."""
        sent = [{**item, "body": encode_bytes(item["body"])} for item in items]
        answer = self.post("/v1/items", {"items": sent})
        assert answer.status_code == 200, answer.text
        answers: list[dict[str, Any]] = answer.json()["answers"]
        return answers
