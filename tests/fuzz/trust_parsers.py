"""Parsers of what is signed or sealed: shared.trust and shared.dose, up to the last check."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from cryptography.hazmat.primitives import serialization
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey

from shared.dose import prescription as prescriptions
from shared.dose.envelope import violations
from shared.dose.prescription import Prescription
from shared.trust import certificates, challenge, passkey, sealing, sign1, statements
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.passkey import Assertion
from shared.trust.sealing import Sealed
from shared.trust.statements import Certificate, Purpose, Scope
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.items import CheckinBody, SignedHold, SignedPrescription
from shared.wire.session_log import LogLine, SessionLogBody
from tests.fuzz import cbor_tree as tree
from tests.fuzz import signing
from tests.fuzz.cbor_tree import Node
from tests.fuzz.havoc import havoc
from tests.fuzz.parser import Parser
from tests.fuzz.shapes import example, shape_of
from tests.fuzz.signing import APP, KEYS, ROOT, STAFF, VAULT, der
from tests.fuzz.sources import (
    POOL_SEEDS,
    Plain,
    Seed,
    Statements,
    StatementSeed,
    Trees,
    changed,
    one_of,
    signed,
)
from tests.shared.clinic import CLINIC_ID, DAY_S, DESK_ORIGIN, DESK_RP, NOW_S, itbs

STATEMENTS: tuple[type[Any], ...] = tuple(
    kind for kind in vars(statements).values() if isinstance(kind, type) and hasattr(kind, "TYPE")
)
BODIES = (CheckinBody, SessionLogBody, LogLine, SignedHold)
_PURPOSES = tuple(Purpose)
_AUDIENCE = b"audience"
_CONTEXT = b"circlet/fuzz/v1"
_DATA = prescriptions.to_bytes(itbs())
_SUITE = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)


def _statement(rng: Random) -> StatementSeed:
    index = rng.randrange(len(STATEMENTS))
    kind = STATEMENTS[index]
    root = tree.read(fields.pack(example(kind, rng)))
    body = Seed(root, shape_of(kind), bytes([index]))
    return StatementSeed(kind.TYPE, body, APP, _AUDIENCE)


def _read_statement(data: bytes) -> Any:
    kind = STATEMENTS[data[0] % len(STATEMENTS)]
    found = sign1.verify(kind, data[1:], audience=_AUDIENCE, key=APP.public_key)
    assert signing.is_low_s(data[-64:]), "a second signature of one statement"
    return found


def _statement_again(value: Any, data: bytes) -> bytes:
    return data[:1] + signing.again(value, APP, _AUDIENCE, data[-64:])


def staff_certificate(rng: Random) -> Certificate:
    """Return a prescriber's certificate that holds now."""
    return Certificate(
        Purpose.STAFF,
        STAFF.public_key.data,
        rng.choice(("Demo prescriber", "Ä", "x" * 64)),
        NOW_S - rng.choice((0, 1, DAY_S)),
        NOW_S + rng.choice((0, 1, DAY_S)),
        (Scope.PRESCRIBE, *rng.choice(((), (Scope.SUPERVISE,)))),
        DESK_RP,
        DESK_ORIGIN,
        False,
        b"credential",
    )


def _certificate(rng: Random) -> StatementSeed:
    index = rng.randrange(len(_PURPOSES))
    plain = staff_certificate(rng)
    if _PURPOSES[index] is not Purpose.STAFF:
        key = rng.choice(KEYS).public_key.data
        plain = Certificate(_PURPOSES[index], key, "a key", 0, NOW_S + rng.getrandbits(32))
    body = Seed(tree.read(fields.pack(plain)), shape_of(Certificate), bytes([index]))
    return StatementSeed(Certificate.TYPE, body, ROOT, CLINIC_ID)


def _judge(envelope: bytes, purpose: Purpose) -> Certificate:
    root = ROOT.public_key
    return certificates.judge(
        envelope, purpose=purpose, clinic_id=CLINIC_ID, root=root, now_s=NOW_S
    )


def _read_certificate(data: bytes) -> Certificate:
    found = _judge(data[1:], _PURPOSES[data[0] % len(_PURPOSES)])
    certificates.key_of(found)
    if found.purpose is Purpose.STAFF:
        certificates.require_scope(found, Scope.PRESCRIBE)
    return found


def _certificate_again(value: Any, data: bytes) -> bytes:
    return data[:1] + signing.again(value, ROOT, CLINIC_ID, data[-64:])


def assertion_over(rng: Random, digests: tuple[bytes, ...], index: int) -> Assertion:
    """Return an assertion whose signature holds, over client data that may have been changed."""
    asked = base64.urlsafe_b64encode(challenge.challenge(digests)).rstrip(b"=")
    client = b'{"type":"webauthn.get","challenge":"' + asked + b'","origin":"'
    client += DESK_ORIGIN.encode() + b'","crossOrigin":false' + rng.choice((b"}", b',"x":1}'))
    flags = rng.choice((5, 5, 5, 5, 0x45, 0xFF, 0, 1, 4, 0x0D))
    data = hashlib.sha256(DESK_RP.encode()).digest() + bytes([flags]) + rng.randbytes(4)
    if rng.random() < 0.3:
        client = havoc(rng, client, client)[:512] or b"{"
    if rng.random() < 0.1:
        data = havoc(rng, data, client)[:256].ljust(37, b"\x00")
    made = der(STAFF.sign(data + hashlib.sha256(client).digest()))
    return Assertion(data, client, made, digests, index)


_HOLDER = staff_certificate(Random(0))


def _digests(rng: Random, data: bytes) -> tuple[tuple[bytes, ...], int]:
    index, count = 0, rng.choice((1, 1, 1, 2, 16))
    index = rng.randrange(count)
    own = challenge.digest(challenge.PRESCRIPTION_TYPE, data)
    return tuple(own if at == index else rng.randbytes(32) for at in range(count)), index


@dataclass(frozen=True)
class _Assertions:
    """Assertions over one prescription: signed as they are, then changed or not."""

    def pool(self, rng: Random) -> list[Seed]:
        return [self._seed(rng) for _ in range(POOL_SEEDS)]

    def make(self, rng: Random, pool: Sequence[Seed]) -> bytes:
        if rng.random() < 0.4:
            return self._seed(rng).root.raw
        return changed(rng, rng.choice(pool), rng.choice(pool)).raw

    def _seed(self, rng: Random) -> Seed:
        made = _assertion_tree(assertion_over(rng, *_digests(rng, _DATA)))
        return Seed(made, shape_of(Assertion))


def _read_assertion(data: bytes) -> Assertion:
    found = fields.unpack(Assertion, data)
    passkey.verify(challenge.PRESCRIPTION_TYPE, _DATA, found, _HOLDER, Scope.PRESCRIBE)
    return found


def _prescription(rng: Random) -> Seed:
    made = example(Prescription, rng)
    if rng.random() < 0.5:
        made = replace(itbs(), serial=rng.randint(1, 2**32), limits=made.limits, gates=made.gates)
    return Seed(tree.read(prescriptions.to_bytes(made)), shape_of(Prescription))


def _read_prescription(data: bytes) -> Prescription:
    found = prescriptions.from_bytes(data)
    for violation in violations(found):
        assert violation.field
        assert violation.limit
    return found


@dataclass(frozen=True)
class _Blobs:
    """Signed prescriptions: one layer is changed, everything inside it signed as it stands."""

    def pool(self, rng: Random) -> list[tuple[Seed, StatementSeed, bytes]]:
        return [self._seed(rng) for _ in range(POOL_SEEDS)]

    def make(self, rng: Random, pool: Sequence[tuple[Seed, StatementSeed, bytes]]) -> bytes:
        prescription, certificate, envelope = rng.choice(pool)
        other = rng.choice(pool)
        layer = rng.random()
        data = prescription.root.raw
        if layer < 0.5:
            data = changed(rng, prescription, other[0]).raw
        if 0.5 <= layer < 0.65:
            envelope = signed(rng, certificate, other[1])
        made = _assertion_tree(assertion_over(rng, *_digests(rng, data)))
        parts = [tree.string(data), made, tree.string(envelope)]
        whole = tree.mapping([one for at in range(3) for one in (tree.number(at + 1), parts[at])])
        if layer < 0.8:
            return whole.raw
        shape = shape_of(SignedPrescription)
        return changed(rng, Seed(whole, shape), Seed(other[0].root, None)).raw

    def _seed(self, rng: Random) -> tuple[Seed, StatementSeed, bytes]:
        said = staff_certificate(rng)
        body = Seed(tree.read(fields.pack(said)), shape_of(Certificate))
        envelope = certificates.issue(said, clinic_id=CLINIC_ID, root=ROOT)
        certificate = StatementSeed(Certificate.TYPE, body, ROOT, CLINIC_ID)
        return _prescription(rng), certificate, envelope


def _assertion_tree(made: Assertion) -> Node:
    parts = [made.authenticator_data, made.client_data, made.signature]
    digests = tree.array([tree.string(each) for each in made.digests])
    nodes = [*map(tree.string, parts), digests, tree.number(made.index)]
    return tree.mapping([one for at in range(5) for one in (tree.number(at + 1), nodes[at])])


@functools.lru_cache(maxsize=64)
def _judge_staff(envelope: bytes) -> Certificate:
    return _judge(envelope, Purpose.STAFF)


def _read_blob(data: bytes) -> SignedPrescription:
    found = fields.unpack(SignedPrescription, data)
    certificate = _judge_staff(found.certificate)
    passkey.verify(
        challenge.PRESCRIPTION_TYPE,
        found.prescription,
        found.assertion,
        certificate,
        Scope.PRESCRIBE,
    )
    assert prescriptions.to_bytes(_read_prescription(found.prescription)) == found.prescription
    return found


def _sealed(rng: Random) -> Seed:
    ephemeral = _SUITE.kem.derive_key_pair(rng.randbytes(32))
    public = KEMKey.from_pem(_pem(VAULT))
    encapsulated, sender = _SUITE.create_sender_context(
        public, info=b"circlet/sealed/v1", eks=ephemeral
    )
    ciphertext = sender.seal(rng.randbytes(rng.choice((0, 1, 40))), aad=_CONTEXT)
    packed = fields.pack(Sealed(VAULT.public_key.key_id, encapsulated, ciphertext))
    return Seed(tree.read(packed), shape_of(Sealed))


def _pem(key: SoftwareKey) -> bytes:
    return key.public_key.point().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _open(data: bytes) -> Sealed:
    sealing.open_sealed(data, key=VAULT, context=_CONTEXT)
    return fields.unpack(Sealed, data)


def _public_key(rng: Random) -> bytes:
    return rng.choice(
        (rng.choice(KEYS).public_key.data, rng.choice(b"\x02\x03").to_bytes() + rng.randbytes(32))
    )


def _packed_again(value: Any, data: bytes) -> bytes:
    return fields.pack(value)


def _read_body(data: bytes) -> Any:
    return fields.unpack(BODIES[data[0] % len(BODIES)], data[1:])


_BOTH = (WireError, TrustError)

PARSERS = (
    Parser("statement", _read_statement, (TrustError,), Statements(_statement), _statement_again),
    Parser(
        "certificate",
        _read_certificate,
        (TrustError,),
        Statements(_certificate),
        _certificate_again,
    ),
    Parser("assertion", _read_assertion, _BOTH, _Assertions(), _packed_again),
    Parser("prescription", _read_prescription, (WireError,), Trees(_prescription), _packed_again),
    Parser("signed-prescription", _read_blob, _BOTH, _Blobs(), _packed_again),
    Parser("sealed", _open, (TrustError,), Trees(_sealed), _packed_again),
    Parser(
        "item-body",
        _read_body,
        (WireError,),
        Trees(one_of(BODIES)),
        lambda value, data: data[:1] + fields.pack(value),
    ),
    Parser(
        "public-key", PublicKey, (TrustError,), Plain(_public_key), lambda value, data: value.data
    ),
)
