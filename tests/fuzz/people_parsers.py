"""Parsers of what people type, scan, upload or post, and of what the clinic's server answers."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from cloud.clinics.certificate_file import read_certificate
from cloud.errors import Refused
from cloud.ingest.bodies import EnrolmentRequest, ItemsRequest, encode_bytes
from cloud.people.passkeys import parse_answer
from cloud.phones.codes import ALPHABET, read_code
from cloud.prescriptions.service import DeskAnswer, read_answer
from cloud.root_tool import request as certificate_requests
from cloud.root_tool.errors import RootToolError
from cloud.root_tool.request import CertificateRequest
from mobile.sync import answers
from mobile.sync.errors import AnswerUnreadable
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.passkey import Assertion
from shared.trust.statements import Certificate
from shared.wire import fields, items
from shared.wire.errors import WireError
from shared.wire.items import UpKind
from tests.fuzz import cbor_tree as tree
from tests.fuzz import signing
from tests.fuzz.havoc import havoc, noise
from tests.fuzz.json_text import Lines
from tests.fuzz.parser import Parser
from tests.fuzz.shapes import Shape, example, shape_of
from tests.fuzz.signing import KEYS, ROOT
from tests.fuzz.sources import POOL_SEEDS, Plain, Seed, changed

B = TypeVar("B", bound=BaseModel)


class NotJson(Exception):
    """Refused by the server's or the client's reader before our parsers see it."""


class NotABody(Exception):
    """JSON that isn't the body that was asked for; ``code`` is the first fault's type."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotACode(Exception):
    """Typed or scanned text that the parser answers with None."""


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as problem:
        raise NotJson("this is not JSON") from problem


@dataclass(frozen=True)
class _Texts:
    """CBOR items that travel as base64url text: changed inside, then as text."""

    seed: Callable[[Random], Seed]

    def pool(self, rng: Random) -> list[Seed]:
        return [self.seed(rng) for _ in range(POOL_SEEDS)]

    def make(self, rng: Random, pool: Sequence[Seed]) -> bytes:
        way, seed, other = rng.random(), rng.choice(pool), rng.choice(pool)
        text = base64.urlsafe_b64encode(changed(rng, seed, other).raw).rstrip(b"=")
        if way < 0.7:
            return text
        if way < 0.8:
            return rng.choice((b" ", b"", b"\n")).join(
                (text[:9], text[9:], b"=" * rng.randrange(4))
            )
        return havoc(rng, text, text) if way < 0.97 else noise(rng)


def _desk_answer(rng: Random) -> Seed:
    made = tree.read(fields.pack(example(Assertion, rng)))
    parts = [tree.number(1), made, tree.number(2), tree.string(rng.randbytes(20))]
    return Seed(tree.mapping(parts), Shape(members={1: shape_of(Assertion)}))


def _read_desk_answer(data: bytes) -> DeskAnswer:
    return read_answer(data.decode("utf-8", "replace"))


def _certificate_request(rng: Random) -> Seed:
    root = tree.read(fields.pack(example(CertificateRequest, rng)))
    return Seed(root, shape_of(CertificateRequest))


def _certificate_file(rng: Random) -> Seed:
    body = tree.read(fields.pack(example(Certificate, rng)))
    payload = signing.payload_of(Certificate.TYPE, ROOT, b"demo-clinic", body)
    return Seed(signing.envelope(signing.protected_of(ROOT).raw, payload.raw, ROOT), None)


def _read_file(data: bytes) -> sign1.Signed:
    return sign1.peek(read_certificate(data))


def _code(rng: Random) -> bytes:
    groups = ["".join(rng.choices(ALPHABET, k=4)) for _ in range(3)]
    return rng.choice(("-", " - ")).join(("demo-clinic", *groups)).encode()


def _read_code(data: bytes) -> Any:
    """Read what was typed or scanned."""
    found = read_code(data.decode("utf-8", "replace"))
    if found is None:
        raise NotACode("this is not a code")
    assert (len(found.code_id), len(found.secret)) == (4, 9)
    return found


def _b64(rng: Random) -> str:
    data = rng.choice(
        (rng.choice(KEYS).public_key.data, rng.randbytes(rng.choice((1, 16, 33, 90))))
    )
    return encode_bytes(data)


def _enrolment(rng: Random) -> tuple[bytes, Any]:
    keys = [encode_bytes(rng.choice(KEYS).public_key.data) for _ in range(2)]
    return b"", {
        "code": _code(rng).decode(),
        "birth_date": rng.choice(("1980-02-29", "2001-01-01")),
        "app_key": keys[0],
        "request_key": keys[1],
    }


def _validated(kind: type[B], data: bytes) -> B:
    """Return the body; the library's long story is cut to what is wrong where first."""
    try:
        return kind.model_validate(_json(data))
    except ValidationError as problem:
        raise NotABody(problem.errors(include_url=False)[0]["type"]) from problem


def _read_enrolment(data: bytes) -> EnrolmentRequest:
    asked = _validated(EnrolmentRequest, data)
    read_code(asked.code)
    PublicKey(asked.app_key)
    PublicKey(asked.request_key)
    return asked


def _up_items(rng: Random) -> tuple[bytes, Any]:
    names = (
        items.record_id(rng.randbytes(16), rng.randbytes(16), rng.getrandbits(20) + 1),
        items.head_id(rng.randbytes(16), rng.randbytes(16), 7, rng.randbytes(16)),
        items.session_log_id(rng.randbytes(16)),
    )
    index = rng.randrange(3)
    kind = ("record", "head", "session_log")[index]
    return b"", {"items": [{"id": names[index], "kind": kind, "body": _b64(rng)}]}


def _read_up_items(data: bytes) -> ItemsRequest:
    asked = _validated(ItemsRequest, data)
    for item in asked.items:
        if item.kind in (UpKind.RECORD, UpKind.HEAD):
            _read_name(item.id, item.kind)
    return asked


def _read_name(name: str, kind: str) -> None:
    device_id, epoch, number = items.ledger_name(name, kind)
    nonce = bytes.fromhex(name.rpartition("/")[2]) if kind == UpKind.HEAD else b""
    record = items.record_id(device_id, epoch, number)
    again = items.head_id(device_id, epoch, number, nonce) if kind == UpKind.HEAD else record
    assert again == name, "a second spelling of an id"


def _up(rng: Random) -> Any:
    line = {"id": "record/1", "answer": rng.choice(("accepted", "duplicate", "refused"))}
    return {"answers": [line | {"reason": rng.choice((None, "No."))}], **_watch(rng)}


def _down(rng: Random) -> Any:
    kind = rng.choice(("prescription", "hold", "certificate"))
    line = {"cursor": rng.getrandbits(20), "kind": kind, "body": _b64(rng)}
    return {"items": [line], **_watch(rng)}


def _watch(rng: Random) -> dict[str, Any]:
    return {"heartbeat_ms": rng.choice((None, 5)), "now_ms": rng.getrandbits(41)}


def _word(rng: Random) -> Any:
    return {"clearance": _b64(rng), "certificate": _b64(rng)}


def _enrolled(rng: Random) -> Any:
    ids = {name: encode_bytes(rng.randbytes(16)) for name in ("patient_id", "device_id")}
    keys = {
        name: encode_bytes(rng.choice(KEYS).public_key.data)
        for name in ("clinic_root", "device_key")
    }
    names = ("enrolment", "transfer", "assignment", "vault_key", "care_key")
    texts = {"phone_id": "p", "clinic_id": "demo", "clinic_name": "Demo", "initials": "T.P."}
    return {
        **ids,
        **keys,
        **texts,
        **{name: _b64(rng) for name in names},
        "certificates": [_b64(rng)],
    }


def _refusal(rng: Random) -> Any:
    return {"code": "code_expired", "sentence": "This code has expired."}


_ANSWERS: tuple[tuple[Callable[[Random], Any], Callable[[Any], Any]], ...] = (
    (_up, answers.read_uploaded),
    (_down, answers.read_downloaded),
    (_word, lambda body: answers.read_word(body, "clearance")),
    (_enrolled, answers.read_enrolled),
    (_refusal, answers.read_refusal),
)


def _clinic_answer(rng: Random) -> tuple[bytes, Any]:
    index = rng.randrange(len(_ANSWERS))
    return bytes([index]), _ANSWERS[index][0](rng)


def _read_clinic_answer(data: bytes) -> Any:
    return _ANSWERS[data[0] % len(_ANSWERS)][1](_json(data[1:]))


def _sign_in(rng: Random) -> tuple[bytes, Any]:
    inner = {"userHandle": _b64(rng), "clientDataJSON": _b64(rng), "signature": _b64(rng)}
    return b"", {"id": "x", "rawId": _b64(rng), "response": inner, "type": "public-key"}


PARSERS = (
    Parser("enrolment-code", _read_code, (NotACode,), Plain(_code)),
    Parser(
        "enrolment-body",
        _read_enrolment,
        (NotJson, NotABody, TrustError),
        Lines(_enrolment),
    ),
    Parser("items-body", _read_up_items, (NotJson, NotABody, WireError), Lines(_up_items)),
    Parser(
        "clinic-answer", _read_clinic_answer, (NotJson, AnswerUnreadable), Lines(_clinic_answer)
    ),
    Parser("desk-answer", _read_desk_answer, (Refused,), _Texts(_desk_answer)),
    Parser(
        "certificate-request",
        certificate_requests.parse,
        (RootToolError,),
        _Texts(_certificate_request),
    ),
    Parser("certificate-file", _read_file, (Refused, TrustError), _Texts(_certificate_file)),
    Parser("sign-in-body", parse_answer, (Refused,), Lines(_sign_in)),
)
