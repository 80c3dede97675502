"""Bodies of the records of what others signed: owners, apps, prescriptions, gates, holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.dose.prescription import OpeningBalance, PrescriptionKind
from shared.trust.statements import (
    HASH_BYTES,
    ID_BYTES,
    Gate,
    GateOutcome,
    HoldKind,
    HoldSource,
    RevocationKind,
)
from shared.wire.fields import wire
from shared.wire.record_types import RecordType

SIGNER_BYTES = 8
"""How much of a staff key's id a record keeps, to stay within its size."""


@dataclass(frozen=True)
class ProvisionedBody:
    """Record 1, and later ones: the device belongs to a clinic and a patient (R23).

    ``another_clinic`` says that the numbers of holds, revocations and roots begin anew.
    """

    TYPE: ClassVar[RecordType] = RecordType.PROVISIONED

    transfer_hash: bytes = wire(1, length=HASH_BYTES)
    assignment_hash: bytes = wire(2, length=HASH_BYTES)
    patient_id: bytes = wire(3, length=ID_BYTES)
    another_clinic: bool = wire(4, default=False)


@dataclass(frozen=True)
class AppAuthorizedBody:
    """An app was enrolled (R22)."""

    TYPE: ClassVar[RecordType] = RecordType.APP_AUTHORIZED

    statement_hash: bytes = wire(1, length=HASH_BYTES)
    key_id: bytes = wire(2, length=ID_BYTES)
    number: int = wire(3)


@dataclass(frozen=True)
class PrescriptionInstalledBody:
    """The serial now in force (R17), and the first half of its signer's key id (R18)."""

    TYPE: ClassVar[RecordType] = RecordType.PRESCRIPTION_INSTALLED

    prescription_hash: bytes = wire(1, length=HASH_BYTES)
    serial: int = wire(2)
    course_id: bytes = wire(3, length=ID_BYTES)
    kind: PrescriptionKind = wire(4)
    signer: bytes = wire(5, length=SIGNER_BYTES)
    opening: OpeningBalance | None = wire(6, default=None)


@dataclass(frozen=True)
class ClearanceBody:
    """Recent word from the clinic (R20)."""

    TYPE: ClassVar[RecordType] = RecordType.CLEARANCE

    statement_hash: bytes = wire(1, length=HASH_BYTES)
    issued_s: int = wire(2)
    newest_serial: int = wire(3)
    newest_hold: int = wire(4)
    newest_revocation: int = wire(5)
    ends_s: int = wire(6)

    def ends(self, limit_s: int) -> int:
        """Return until when it counts: the prescription's limit, or the end of its key's
        certificate where that comes first. So a key that lies does so for a bounded time."""
        return min(self.issued_s + limit_s, self.ends_s)


@dataclass(frozen=True)
class GateAnswersBody:
    """Screening answered (R16)."""

    TYPE: ClassVar[RecordType] = RecordType.GATE_ANSWERS

    statement_hash: bytes = wire(1, length=HASH_BYTES)
    outcome: GateOutcome = wire(2)
    postpone_s: int = wire(3)
    rules_version: int = wire(4)
    confirmed: tuple[Gate, ...] = wire(5, maximum=5, default=())


@dataclass(frozen=True)
class HoldPlacedBody:
    """Treatment is held (R21)."""

    TYPE: ClassVar[RecordType] = RecordType.HOLD_PLACED

    hold_id: bytes = wire(1, length=ID_BYTES)
    kind: HoldKind = wire(2)
    source: HoldSource = wire(3)
    reason: str = wire(4, maximum=32)
    number: int = wire(5)


@dataclass(frozen=True)
class HoldTakenBackBody:
    """A hold touched by mistake (R21); with ``stays`` it holds on, marked as a probable slip."""

    TYPE: ClassVar[RecordType] = RecordType.HOLD_TAKEN_BACK

    hold_id: bytes = wire(1, length=ID_BYTES)
    stays: bool = wire(2)


@dataclass(frozen=True)
class HoldConfirmedBody:
    """A rest hold stays until somebody lifts it (R21)."""

    TYPE: ClassVar[RecordType] = RecordType.HOLD_CONFIRMED

    hold_id: bytes = wire(1, length=ID_BYTES)
    statement_hash: bytes = wire(2, length=HASH_BYTES)


@dataclass(frozen=True)
class HoldExpiredBody:
    """A rest hold came to its end (R21)."""

    TYPE: ClassVar[RecordType] = RecordType.HOLD_EXPIRED

    hold_id: bytes = wire(1, length=ID_BYTES)


@dataclass(frozen=True)
class HoldLiftedBody:
    """A person lifted a hold; without an id it was the postponement (R16, R21)."""

    TYPE: ClassVar[RecordType] = RecordType.HOLD_LIFTED

    statement_hash: bytes = wire(1, length=HASH_BYTES)
    hold_id: bytes | None = wire(2, length=ID_BYTES, default=None)


@dataclass(frozen=True)
class PostponedBody:
    """The app put the next session off (R16)."""

    TYPE: ClassVar[RecordType] = RecordType.POSTPONED

    statement_hash: bytes = wire(1, length=HASH_BYTES)
    postpone_s: int = wire(2)


@dataclass(frozen=True)
class TrainingDoneBody:
    """The lessons were gone through (R15)."""

    TYPE: ClassVar[RecordType] = RecordType.TRAINING_DONE

    statement_hash: bytes = wire(1, length=HASH_BYTES)
    version: int = wire(2)


@dataclass(frozen=True)
class SupervisedBody:
    """A trained person is present for the next session (R15)."""

    TYPE: ClassVar[RecordType] = RecordType.SUPERVISED

    statement_hash: bytes = wire(1, length=HASH_BYTES)
    signer: bytes = wire(2, length=SIGNER_BYTES)


@dataclass(frozen=True)
class ControlTakenBody:
    """Which app may command now (R22); none when it was given up."""

    TYPE: ClassVar[RecordType] = RecordType.CONTROL_TAKEN

    key_id: bytes | None = wire(1, length=ID_BYTES, default=None)


@dataclass(frozen=True)
class RevocationBody:
    """A key's word was taken back (R18)."""

    TYPE: ClassVar[RecordType] = RecordType.REVOCATION

    statement_hash: bytes = wire(1, length=HASH_BYTES)
    number: int = wire(2)
    key_id: bytes = wire(3, length=ID_BYTES)
    kind: RevocationKind = wire(4)
    until_s: int = wire(5)


@dataclass(frozen=True)
class RootRotatedBody:
    """Other roots count from now on (R25)."""

    TYPE: ClassVar[RecordType] = RecordType.ROOT_ROTATED

    statement_hash: bytes = wire(1, length=HASH_BYTES)
    number: int = wire(2)


@dataclass(frozen=True)
class CatalogueAcceptedBody:
    """The clinic accepted a catalogue (R26)."""

    TYPE: ClassVar[RecordType] = RecordType.CATALOGUE_ACCEPTED

    version: int = wire(1)
    digest: bytes = wire(2, length=HASH_BYTES)


@dataclass(frozen=True)
class RetiredBody:
    """The device is out of use: its last head may be signed now (R23, R24)."""

    TYPE: ClassVar[RecordType] = RecordType.RETIRED

    statement_hash: bytes = wire(1, length=HASH_BYTES)


@dataclass(frozen=True)
class ResetBody:
    """Keys, bonds and names were wiped; numbers, totals and ceilings were not (R23)."""

    TYPE: ClassVar[RecordType] = RecordType.RESET

    statement_hash: bytes = wire(1, length=HASH_BYTES)
