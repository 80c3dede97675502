"""Everything that a key of this product signs, one dataclass each (docs/architecture.md, "Keys").

Identifiers: devices, patients, sessions and holds have 16 random bytes; a clinic has its short
name in bytes. Times called ``_s`` are Unix seconds on the trusted wall clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from shared.wire.fields import wire

ID_BYTES = 16
NONCE_BYTES = 16
HASH_BYTES = 32
KEY_BYTES = 33
POSTPONE_S_MAX = 14 * 86_400
"""A postponement lasts at most two weeks (own figure)."""


class Purpose(IntEnum):
    """What a certified key may sign; one key, one purpose (R18)."""

    DEVICE = 1
    STAFF = 2
    ENROLMENT = 3
    TIME = 4
    CLEARANCE = 5
    HOLD = 6
    RECEIPT = 7
    VAULT = 8
    CARE = 9
    FIRMWARE = 10
    """Certified by the maker's root, never by a clinic's."""
    AUDIT = 11
    """Heads of the clinic's audit log; a device takes nothing by it."""


class Scope(IntEnum):
    """What a staff key may do beside signing in."""

    PRESCRIBE = 1
    LIFT_HOLD = 2
    SUPERVISE = 3


class HoldKind(IntEnum):
    """Safety holds are lifted by a person's signature; rest holds end by themselves (R21)."""

    SAFETY = 1
    REST = 2


class HoldSource(IntEnum):
    """Who placed a hold."""

    CLOUD = 1
    APP = 2
    DEVICE = 3


class GateOutcome(IntEnum):
    """On the wire a screening answer is one of three (R16)."""

    PASS = 1
    POSTPONE = 2
    HOLD = 3


class Gate(IntEnum):
    """Gates that a prescription adds to the device's own (R15)."""

    TRAINING = 1
    SCREENING = 2
    ATTENDED = 3
    SUPERVISED = 4
    EAR_PROTECTION = 5


class RevocationKind(IntEnum):
    """Why a key is worth nothing any more (R18)."""

    LEFT = 1
    COMPROMISED = 2


@dataclass(frozen=True)
class Certificate:
    """A root says: this key, for this one purpose, from then to then."""

    TYPE: ClassVar[str] = "circlet/certificate/v1"

    purpose: Purpose = wire(1)
    public_key: bytes = wire(2, length=KEY_BYTES)
    subject: str = wire(3, minimum=1, maximum=64)
    not_before_s: int = wire(4)
    not_after_s: int = wire(5)
    scopes: tuple[Scope, ...] = wire(6, maximum=3, default=())
    rp_id: str | None = wire(7, maximum=64, default=None)
    origin: str | None = wire(8, maximum=96, default=None)
    backup_eligible: bool | None = wire(9, default=None)
    credential_id: bytes | None = wire(10, maximum=128, default=None)


@dataclass(frozen=True)
class Transfer:
    """The maker gives a device to a clinic by naming its roots (R23). Audience: the device."""

    TYPE: ClassVar[str] = "circlet/transfer/v1"

    clinic_id: bytes = wire(1, minimum=1, maximum=32)
    clinic_root: bytes = wire(2, length=KEY_BYTES)
    recovery_root: bytes = wire(3, length=KEY_BYTES)
    number: int = wire(4, minimum=1)
    demo: bool = wire(5)


@dataclass(frozen=True)
class Assignment:
    """The clinic's enrolment key says whose device this is. Audience: the device."""

    TYPE: ClassVar[str] = "circlet/assignment/v1"

    patient_id: bytes = wire(1, length=ID_BYTES)
    initials: str = wire(2, minimum=1, maximum=8)
    number: int = wire(3, minimum=1)


@dataclass(frozen=True)
class Enrolment:
    """An app that may arm what a prescriber signed (R22). Audience: the device."""

    TYPE: ClassVar[str] = "circlet/enrolment/v1"

    app_key: bytes = wire(1, length=KEY_BYTES)
    request_key: bytes = wire(2, length=KEY_BYTES)
    patient_id: bytes = wire(3, length=ID_BYTES)
    number: int = wire(4, minimum=1)
    not_before_s: int = wire(5)
    not_after_s: int = wire(6)


@dataclass(frozen=True)
class TimeToken:
    """The clinic's time in answer to a device's nonce (R7). Audience: the device."""

    TYPE: ClassVar[str] = "circlet/time/v1"

    nonce: bytes = wire(1, length=NONCE_BYTES)
    wall_ms: int = wire(2)


@dataclass(frozen=True)
class Clearance:
    """ "No newer version, hold or revocation than these" (R20). Audience: the device."""

    TYPE: ClassVar[str] = "circlet/clearance/v1"

    nonce: bytes = wire(1, length=NONCE_BYTES)
    issued_s: int = wire(2)
    newest_serial: int = wire(3)
    newest_hold: int = wire(4)
    newest_revocation: int = wire(5)


@dataclass(frozen=True)
class PlaceHold:
    """Stop treating (R21). ``number`` counts the clinic's holds for this device, from 1."""

    TYPE: ClassVar[str] = "circlet/place-hold/v1"

    hold_id: bytes = wire(1, length=ID_BYTES)
    kind: HoldKind = wire(2)
    source: HoldSource = wire(3)
    reason: str = wire(4, minimum=1, maximum=32)
    number: int = wire(5)


@dataclass(frozen=True)
class GateAnswers:
    """Screening before a session, by the app over a device's nonce (R16).

    ``confirmed`` names the other gates that the person says are met: attended, ear protection.
    """

    TYPE: ClassVar[str] = "circlet/gate-answers/v1"

    nonce: bytes = wire(1, length=NONCE_BYTES)
    patient_id: bytes = wire(2, length=ID_BYTES)
    rules_version: int = wire(3, minimum=1)
    outcome: GateOutcome = wire(4)
    postpone_s: int = wire(5, maximum=POSTPONE_S_MAX)
    reason: str | None = wire(6, maximum=32, default=None)
    confirmed: tuple[Gate, ...] = wire(7, maximum=5, default=())


@dataclass(frozen=True)
class Arm:
    """The app asks the device to arm one session (R10). Audience: the device."""

    TYPE: ClassVar[str] = "circlet/arm/v1"

    nonce: bytes = wire(1, length=NONCE_BYTES)
    session_id: bytes = wire(2, length=ID_BYTES)
    patient_id: bytes = wire(3, length=ID_BYTES)
    prescription_hash: bytes = wire(4, length=HASH_BYTES)
    ephemeral_key: bytes = wire(5, length=KEY_BYTES)
    make_up: bool = wire(6, default=False)


@dataclass(frozen=True)
class ArmAnswer:
    """The device's half of the session key. Audience: the app's key id."""

    TYPE: ClassVar[str] = "circlet/arm-answer/v1"

    arm_hash: bytes = wire(1, length=HASH_BYTES)
    session_id: bytes = wire(2, length=ID_BYTES)
    ephemeral_key: bytes = wire(3, length=KEY_BYTES)
    armed_for_ms: int = wire(4, maximum=120_000)


@dataclass(frozen=True)
class LedgerHead:
    """The device signs where its record stands. Audience: the clinic.

    With ``retired`` it is the device's last word: nothing follows (R24).
    """

    TYPE: ClassVar[str] = "circlet/head/v1"

    device_id: bytes = wire(1, length=ID_BYTES)
    epoch: bytes = wire(2, length=ID_BYTES)
    number: int = wire(3)
    hash: bytes = wire(4, length=HASH_BYTES)
    nonce: bytes = wire(5, length=NONCE_BYTES)
    boot_count: int = wire(6)
    uptime_ms: int = wire(7)
    retired: bool = wire(8, default=False)


@dataclass(frozen=True)
class Receipt:
    """The clinic has verified the record up to ``number`` (R28). Audience: the device."""

    TYPE: ClassVar[str] = "circlet/receipt/v1"

    epoch: bytes = wire(1, length=ID_BYTES)
    number: int = wire(2)
    hash: bytes = wire(3, length=HASH_BYTES)


@dataclass(frozen=True)
class Revocation:
    """The clinic root takes a key's word back (R18). Audience: the clinic.

    Numbers follow each other without a gap. ``until_s`` ends what a prescriber who left had signed.
    """

    TYPE: ClassVar[str] = "circlet/revocation/v1"

    number: int = wire(1, minimum=1)
    key_id: bytes = wire(2, length=ID_BYTES)
    kind: RevocationKind = wire(3)
    at_s: int = wire(4)
    until_s: int = wire(5)


@dataclass(frozen=True)
class RootRotation:
    """The old root, or the recovery root, names new ones (R25). Audience: the clinic."""

    TYPE: ClassVar[str] = "circlet/root-rotation/v1"

    number: int = wire(1, minimum=1)
    clinic_root: bytes = wire(2, length=KEY_BYTES)
    recovery_root: bytes = wire(3, length=KEY_BYTES)


@dataclass(frozen=True)
class CatalogueAcceptance:
    """The clinic root accepts one catalogue, each recalled figure closed (R26). Audience: the
    clinic. ``closed`` is the digest of the list of those figures."""

    TYPE: ClassVar[str] = "circlet/catalogue-acceptance/v1"

    version: int = wire(1, minimum=1)
    digest: bytes = wire(2, length=HASH_BYTES)
    closed: bytes = wire(3, length=HASH_BYTES)
    accepted_s: int = wire(4)


@dataclass(frozen=True)
class ConfirmHold:
    """A rest hold stays until somebody lifts it (R21), by the clinic's hold key."""

    TYPE: ClassVar[str] = "circlet/confirm-hold/v1"

    hold_id: bytes = wire(1, length=ID_BYTES)


@dataclass(frozen=True)
class TakeBackHold:
    """A hold touched by mistake, taken back by the app that placed it within 60 s (R21)."""

    TYPE: ClassVar[str] = "circlet/take-back-hold/v1"

    hold_id: bytes = wire(1, length=ID_BYTES)


@dataclass(frozen=True)
class Control:
    """An enrolled app takes or gives up control, over a device's nonce (R22)."""

    TYPE: ClassVar[str] = "circlet/control/v1"

    nonce: bytes = wire(1, length=NONCE_BYTES)
    patient_id: bytes = wire(2, length=ID_BYTES)
    take: bool = wire(3)


@dataclass(frozen=True)
class TrainingDone:
    """The lessons of this version were gone through, says the app (R15)."""

    TYPE: ClassVar[str] = "circlet/training-done/v1"

    patient_id: bytes = wire(1, length=ID_BYTES)
    version: int = wire(2, minimum=1)


@dataclass(frozen=True)
class SideEffectAnswers:
    """The questions after a session were answered (R9); ``red_flag`` names what is grave."""

    TYPE: ClassVar[str] = "circlet/side-effect-answers/v1"

    session_id: bytes = wire(1, length=ID_BYTES)
    patient_id: bytes = wire(2, length=ID_BYTES)
    rules_version: int = wire(3, minimum=1)
    red_flag: str | None = wire(4, minimum=1, maximum=32, default=None)


@dataclass(frozen=True)
class Postpone:
    """The app puts the next session off, over a device's nonce (R16)."""

    TYPE: ClassVar[str] = "circlet/postpone/v1"

    nonce: bytes = wire(1, length=NONCE_BYTES)
    patient_id: bytes = wire(2, length=ID_BYTES)
    postpone_s: int = wire(3, minimum=1, maximum=POSTPONE_S_MAX)
