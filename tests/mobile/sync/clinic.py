"""A small ingest server over real HTTP that checks signatures and answers as the contract says."""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from http_message_signatures import (
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from shared.trust.keys import PublicKey

PHONE = "phone-1"
NOW_MS = 1_770_000_000_000
PART_BYTES = 10_000


@dataclass
class Message:
    """A request as the verifier wants it."""

    method: str
    url: str
    headers: dict[str, str]


@dataclass
class Clinic:
    """What the server holds and how it behaves."""

    request_key: PublicKey
    accepted: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    arrivals: list[str] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    cursors: list[int] = field(default_factory=list)
    nonces: set[str] = field(default_factory=set)
    refuse: set[str] = field(default_factory=set)
    enrolment: tuple[int, dict[str, Any]] = (409, {"code": "unknown", "sentence": "unknown"})
    before_answer: Callable[[], None] = lambda: None
    raw_answer: bytes | None = None
    image: bytes = b""
    """The firmware image that is offered; none where it's empty."""
    image_hash: bytes = b""
    until_bytes: int | None = None
    """So many of its bytes are given; None for all."""
    part_starts: list[int] = field(default_factory=list)
    tries: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0
    origin: str = "http://127.0.0.1"

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"{self.origin}:{self.port}"

    def answer(self, message: Message, body: bytes) -> tuple[int, dict[str, Any]]:
        """Answer one request."""
        path = message.url.removeprefix(self.url)
        if path == "/v1/enrolments":
            return self.enrolment
        try:
            self._verify(message, body)
        except (HTTPMessageSignaturesException, ValueError) as problem:
            return 401, {"code": "signature", "sentence": str(problem)}
        if path.startswith("/v1/releases"):
            return 200, self._release(path, json.loads(body))
        if path == "/v1/items":
            return 200, self._items(json.loads(body))
        return 200, self._sync(int(path.partition("cursor=")[2]))

    def key_of(self, phone_id: str) -> PublicKey | None:
        """Return the request key of a phone."""
        return self.request_key if phone_id == PHONE else None

    def _verify(self, message: Message, body: bytes) -> None:
        clinic = self

        class Keys(HTTPSignatureKeyResolver):
            def resolve_public_key(self, key_id: str) -> Any:
                key = clinic.key_of(key_id)
                return None if key is None else key.point()

        verifier = HTTPMessageVerifier(
            signature_algorithm=algorithms.ECDSA_P256_SHA256, key_resolver=Keys()
        )
        (result,) = verifier.verify(message, body=body, max_age=None)
        covered = set(result.covered_components)
        if not {'"@method"', '"@target-uri"', '"content-digest"'} <= covered:
            raise ValueError(f"covers only {covered}")
        if result.nonce is None or result.nonce in self.nonces:
            raise ValueError("seen before")
        self.nonces.add(result.nonce)

    def _release(self, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        image = self.image
        if path.endswith("/tries"):
            self.tries.append((asked["outcome"], asked["detail"]))
            return {}
        if path.endswith("/parts"):
            self.part_starts.append(asked["start"])
            end = min(asked["start"] + PART_BYTES, self.until_bytes or len(image))
            return {"data": encode(image[asked["start"] : end])}
        named = {"image_hash": encode(self.image_hash), "version": "1.1.0"}
        return {"release": {**named, "image_bytes": len(image)} if image else None}

    def _items(self, body: dict[str, Any]) -> dict[str, Any]:
        answers = []
        for item in body["items"]:
            sent = (item["kind"], decode(item["body"]))
            self.arrivals.append(item["id"])
            if item["id"] in self.refuse:
                answers.append({"id": item["id"], "answer": "refused", "reason": "gap"})
                continue
            known = self.accepted.setdefault(item["id"], sent)
            if known != sent:
                raise AssertionError(f"{item['id']} was sent with two meanings")
            first = self.arrivals.count(item["id"]) == 1
            answers.append({"id": item["id"], "answer": "accepted" if first else "duplicate"})
        self.before_answer()
        return {"answers": answers, "heartbeat_ms": NOW_MS - 1_000, "now_ms": NOW_MS}

    def _sync(self, cursor: int) -> dict[str, Any]:
        self.cursors.append(cursor)
        items = [item for item in self.waiting if item["cursor"] > cursor][:2]
        return {"items": items, "heartbeat_ms": None, "now_ms": NOW_MS}


def decode(text: str) -> bytes:
    """Return the bytes of base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encode(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@contextmanager
def serving(clinic: Clinic, tls: ssl.SSLContext | None = None) -> Iterator[Clinic]:
    """Serve the clinic on a free port of loopback, encrypted where ``tls`` is given."""

    class Listener(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["content-length"])))

        def do_GET(self) -> None:
            self._answer(b"")

        def _answer(self, body: bytes) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            message = Message(self.command, clinic.url + self.path, headers)
            status, answer = clinic.answer(message, body)
            data = clinic.raw_answer or json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    if tls is not None:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    clinic.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield clinic
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
