"""COSE_Sign1 (RFC 9052) over a typed statement: the one envelope for what keys here sign.

Every statement has a type with version, an issuer (key id) and an audience; a verifier says which
type and audience it expects, so that nothing is accepted in another's place.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar, cast

from cwt import COSE
from cwt.cose_key_interface import COSEKeyInterface
from cwt.exceptions import CWTError

from shared.trust.errors import TrustError
from shared.trust.keys import KEY_ID_BYTES, PublicKey, Signer
from shared.wire import canonical, fields
from shared.wire.errors import WireError

_ALGORITHM, _KEY_ID, _ES256, _EC2 = 1, 4, -7, 2
_OPENING = b"\xd2\x84"  # tag 18 over a list of four
MAXIMUM_BYTES = 2048


class Statement(Protocol):
    """A dataclass with wire fields that names its type, such as ``circlet/clearance/v1``."""

    TYPE: ClassVar[str]


S = TypeVar("S", bound=Statement)


@dataclass(frozen=True)
class Signed:
    """What an envelope says before anybody checked it: never act on this alone."""

    type: str
    issuer: bytes
    audience: bytes
    body: Any


class _PortKey(COSEKeyInterface):
    """A signer or public key of ours in the shape that the COSE library asks for."""

    def __init__(self, key_id: bytes, signer: Signer | None, public: PublicKey | None) -> None:
        super().__init__({1: _EC2, 2: key_id, 3: _ES256, 4: [1] if signer else [2]})
        self._signer, self._public = signer, public

    @property
    def key(self) -> Any:
        """The library asks for this only to export keys, which we never do."""
        raise TrustError("key", "a key behind a port cannot be exported")

    @property
    def crv(self) -> int:
        """P-256 in COSE's registry."""
        return 1

    def sign(self, msg: bytes) -> bytes:
        if self._signer is None:
            raise TrustError("key", "this key only verifies")
        return self._signer.sign(msg)

    def verify(self, msg: bytes, sig: bytes) -> None:
        if self._public is None:
            raise TrustError("key", "this key only signs")
        self._public.verify(sig, msg)


def sign(statement: Statement, *, audience: bytes, signer: Signer) -> bytes:
    """Return the COSE_Sign1 bytes of ``statement`` for ``audience`` (device or clinic id)."""
    key_id = signer.public_key.key_id
    payload = canonical.encode(
        {0: statement.TYPE, 1: key_id, 2: audience, 3: fields.to_map(statement)}
    )
    envelope = COSE.new(deterministic_header=True).encode_and_sign(
        payload,
        _PortKey(key_id, signer, None),
        protected={_ALGORITHM: _ES256, _KEY_ID: key_id},
    )
    assert isinstance(envelope, bytes)
    return envelope


def name_of(envelope: bytes) -> bytes:
    """Return what records call a statement: the SHA-256 of its envelope."""
    return hashlib.sha256(envelope).digest()


def peek(envelope: bytes) -> Signed:
    """Return what an envelope says, unchecked, to find out whose key is to be asked for."""
    return _read(envelope)


def verify(kind: type[S], envelope: bytes, *, audience: bytes, key: PublicKey) -> S:
    """Return the statement; raise TrustError unless type, audience, issuer and signature hold."""
    signed = peek(envelope)
    if signed.type != kind.TYPE:
        raise TrustError("type", f"this is {signed.type:.40}, not {kind.TYPE}")
    if signed.audience != audience:
        raise TrustError("audience", f"{kind.TYPE} is for somebody else")
    if signed.issuer != key.key_id:
        raise TrustError("issuer", f"{kind.TYPE} is by another key")
    _verify_signature(envelope, key)
    try:
        return cast(S, fields.from_map(cast(type[Any], kind), signed.body))
    except WireError as problem:
        raise TrustError("body", f"{kind.TYPE}: {problem}") from problem


def _verify_signature(envelope: bytes, key: PublicKey) -> None:
    try:
        COSE.new().decode(envelope, _PortKey(key.key_id, None, key))
    except TrustError:
        raise
    except (CWTError, ValueError, TypeError, KeyError) as problem:
        raise TrustError("signature", "the signature does not hold") from problem


def _read(envelope: bytes) -> Signed:
    if len(envelope) > MAXIMUM_BYTES:
        raise TrustError("size", f"a statement has at most {MAXIMUM_BYTES} bytes")
    if not envelope.startswith(_OPENING):
        raise TrustError("envelope", "this is not a COSE_Sign1")
    try:
        protected, unprotected, payload, signature = canonical.decode(envelope[1:])
        if any(type(part) is not bytes for part in (protected, payload, signature)):
            raise TrustError("envelope", "a part of the envelope has another type")
        header = canonical.decode(protected)
    except WireError as problem:
        raise TrustError("envelope", f"the envelope is not readable: {problem}") from problem
    if unprotected != {}:
        raise TrustError("envelope", "the envelope has parts that nothing signs")
    if not isinstance(header, dict) or set(header) != {_ALGORITHM, _KEY_ID}:
        raise TrustError("algorithm", "the header is not one of algorithm and key id")
    if header[_ALGORITHM] != _ES256:
        raise TrustError("algorithm", "only ES256 is accepted")
    signed = _read_payload(payload)
    if header[_KEY_ID] != signed.issuer:
        raise TrustError("issuer", "header and statement name different keys")
    return signed


def _read_payload(payload: bytes) -> Signed:
    try:
        value = canonical.decode(payload)
    except WireError as problem:
        raise TrustError("body", str(problem)) from problem
    if not isinstance(value, dict) or set(value) != {0, 1, 2, 3}:
        raise TrustError("body", "the statement lacks type, issuer, audience or body")
    kind, issuer, audience, body = (value[i] for i in range(4))
    if not isinstance(kind, str) or not isinstance(audience, bytes) or len(audience) > 32:
        raise TrustError("body", "type or audience has the wrong form")
    if not isinstance(issuer, bytes) or len(issuer) != KEY_ID_BYTES:
        raise TrustError("body", "the issuer is not a key id")
    return Signed(kind, issuer, audience, body)
