"""What staff sign with a passkey beside prescriptions, each bound to one device and one moment.

The signed bytes are the canonical CBOR of these dataclasses, under their type (R18). They travel
as a ``SignedWord``: bytes, assertion and the certificate of the staff key.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Protocol, TypeVar

from shared.trust import passkey
from shared.trust.errors import TrustError
from shared.trust.passkey import Assertion
from shared.trust.statements import HASH_BYTES, ID_BYTES, NONCE_BYTES, Certificate, Scope
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.fields import wire

LIFTED_MAX = 8
"""Holds that stand one by one, and so can be named in one statement (R21)."""


class HandOverPurpose(IntEnum):
    """What becomes of the device behind its present head (R23)."""

    ANOTHER_OWNER = 1
    RESET = 2
    RETIRE = 3


@dataclass(frozen=True)
class LiftLine:
    """One hold, and the chain's hash at the record that placed it."""

    hold_id: bytes = wire(1, length=ID_BYTES)
    record_hash: bytes = wire(2, length=HASH_BYTES)


@dataclass(frozen=True)
class LiftHold:
    """These holds, and this postponement if named, end now (R16, R21). Scope: lift_hold."""

    TYPE: ClassVar[str] = "circlet/lift-hold/v1"
    SCOPE: ClassVar[Scope] = Scope.LIFT_HOLD

    device_id: bytes = wire(1, length=ID_BYTES)
    holds: tuple[LiftLine, ...] = wire(2, maximum=LIFTED_MAX)
    postponement_hash: bytes | None = wire(3, length=HASH_BYTES, default=None)


@dataclass(frozen=True)
class AttestTime:
    """At least so much time has passed since that head (R6). Scope: prescribe."""

    TYPE: ClassVar[str] = "circlet/attest-time/v1"
    SCOPE: ClassVar[Scope] = Scope.PRESCRIBE

    device_id: bytes = wire(1, length=ID_BYTES)
    boot_count: int = wire(2)
    head_number: int = wire(3, minimum=1)
    head_hash: bytes = wire(4, length=HASH_BYTES)
    nonce: bytes = wire(5, length=NONCE_BYTES)
    elapsed_ms: int = wire(6, minimum=1, maximum=400 * 86_400_000)


@dataclass(frozen=True)
class Supervise:
    """A trained person is present for the next session (R15). Scope: supervise."""

    TYPE: ClassVar[str] = "circlet/supervise/v1"
    SCOPE: ClassVar[Scope] = Scope.SUPERVISE

    device_id: bytes = wire(1, length=ID_BYTES)
    patient_id: bytes = wire(2, length=ID_BYTES)
    nonce: bytes = wire(3, length=NONCE_BYTES)


@dataclass(frozen=True)
class HandOver:
    """The record up to this head is known, and the device may go on to another owner, be reset or
    retire (R23). Scope: prescribe."""

    TYPE: ClassVar[str] = "circlet/hand-over/v1"
    SCOPE: ClassVar[Scope] = Scope.PRESCRIBE

    device_id: bytes = wire(1, length=ID_BYTES)
    epoch: bytes = wire(2, length=ID_BYTES)
    head_number: int = wire(3, minimum=1)
    head_hash: bytes = wire(4, length=HASH_BYTES)
    purpose: HandOverPurpose = wire(5)


@dataclass(frozen=True)
class SignedWord:
    """A staff word's bytes, the assertion over them, and the certificate of the staff key."""

    statement: bytes = wire(1, minimum=1, maximum=700)
    assertion: Assertion = wire(2)
    certificate: bytes = wire(3, minimum=1, maximum=400)


class StaffWord(Protocol):
    """A dataclass of this module: its type and the scope that may sign it."""

    TYPE: ClassVar[str]
    SCOPE: ClassVar[Scope]

    @property
    def device_id(self) -> bytes:
        """The one device that it's for."""


W = TypeVar("W", bound=StaffWord)


def verify(kind: type[W], signed: SignedWord, certificate: Certificate) -> W:
    """Return the word; raise TrustError unless the staff key with its scope signed these bytes."""
    passkey.verify(kind.TYPE, signed.statement, signed.assertion, certificate, kind.SCOPE)
    try:
        return fields.unpack(kind, signed.statement)
    except WireError as problem:
        raise TrustError("body", f"{kind.TYPE}: {problem}") from problem
