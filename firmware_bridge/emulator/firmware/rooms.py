"""The device's rooms in one place, and how each kind of signed word is judged there.

What the operations on somebody's authority share: by whose key a word is, for whom, and in which
state of the device. Not for what a word does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from firmware_bridge.emulator.firmware.blobs import Blobs
from firmware_bridge.emulator.firmware.journal import Journal
from firmware_bridge.emulator.firmware.nonces import Nonces
from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.ownership import Ownership, judging
from firmware_bridge.emulator.firmware.ports import Parts
from firmware_bridge.emulator.firmware.timekeeping import Timekeeping
from firmware_bridge.emulator.firmware.treatment import Treatment
from shared.dose.ledger import LedgerState
from shared.trust import sign1, staff_words
from shared.trust.certificates import key_of
from shared.trust.keys import PublicKey
from shared.trust.staff_words import SignedWord
from shared.trust.statements import Purpose
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.operations import BlobKind, NoncePurpose, StatementArguments, StatusCode
from shared.wire.records import SIGNER_BYTES
from shared.wire.status import DeviceState

S = TypeVar("S", bound=sign1.Statement)
W = TypeVar("W", bound=staff_words.StaffWord)


class Device(Protocol):
    """What is asked of the core here."""

    firmware_version: str

    @property
    def state(self) -> DeviceState:
        """The device's state."""

    def await_button(self, agreed: Callable[[], None]) -> None:
        """Wait a minute for the button to agree to something that was judged."""

    def forget_bonds(self) -> None:
        """Let go of every phone that ever bonded."""

    def locate(self) -> None:
        """Show and sound where the device is."""


@dataclass(frozen=True)
class StaffSaid(Generic[W]):
    """A staff word that was judged: what it says, its hash, and its signer's short key id."""

    word: W
    name: bytes
    signer: bytes


@dataclass(frozen=True)
class Rooms:
    """Everything that a word can act on."""

    device: Device
    parts: Parts
    time: Timekeeping
    journal: Journal
    ownership: Ownership
    treatment: Treatment
    nonces: Nonces
    blobs: Blobs

    @property
    def past(self) -> LedgerState:
        """What the ledger adds up to."""
        return self.journal.state

    # By whom

    def by_certified(
        self, kind: type[S], given: StatementArguments, purpose: Purpose, *, now_s: int | None
    ) -> S:
        """Return a statement by a key that the clinic's root certified for this purpose."""
        key = self.ownership.certified(given.certificate, purpose, now_s)
        return self.ownership.statement(kind, given.statement, key)

    def by_app(self, kind: type[S], given: StatementArguments) -> S:
        """Return a statement by an enrolled app, whether it has control or not."""
        key = self.ownership.app_in_force(given.statement, self.time.wall_s())
        return self.ownership.statement(kind, given.statement, key)

    def by_app_in_control(self, kind: type[S], given: StatementArguments) -> tuple[S, PublicKey]:
        """Return a statement by the app in control, and its key."""
        key = self.ownership.app_in_control(given.statement, self.time.wall_s())
        return self.ownership.statement(kind, given.statement, key), key

    def by_app_failing_closed(self, kind: type[S], given: StatementArguments) -> S:
        """Return a statement by an enrolled app that can only lock: no clock is asked for."""
        key = self.ownership.app_that_signed(given.statement)
        return self.ownership.statement(kind, given.statement, key)

    def by_root(self, kind: type[S], given: StatementArguments) -> S:
        """Return a statement by the clinic's root."""
        root = self.ownership.require_owner().clinic_root
        return self.ownership.root_statement(kind, given.statement, root)

    def by_staff(self, kind: type[W]) -> StaffSaid[W]:
        """Return the staff word that waits as a blob, by a key with the scope that it needs."""
        self.ownership.require_owner()
        try:
            signed = fields.unpack(SignedWord, self.blobs.take(BlobKind.STAFF_WORD))
        except WireError as problem:
            raise Refused(StatusCode.BAD_REQUEST, "staff_word_unreadable") from problem
        certificate = self.ownership.certificate(
            signed.certificate, Purpose.STAFF, self.time.require_wall_s()
        )
        with judging():
            word = staff_words.verify(kind, signed, certificate)
        signer = key_of(certificate).key_id[:SIGNER_BYTES]
        return StaffSaid(word, sign1.name_of(signed.statement), signer)

    # For whom, and when

    def require_this_device(self, device_id: bytes) -> None:
        """Refuse a staff word for another device."""
        if device_id != self.ownership.device_id:
            raise Refused(StatusCode.REFUSED, "other_device")

    def require_patient(self, patient_id: bytes) -> None:
        """Refuse a word about another patient."""
        if patient_id != self.ownership.require_owner().patient_id:
            raise Refused(StatusCode.REFUSED, "other_patient")

    def use_nonce(self, purpose: NoncePurpose, nonce: bytes) -> None:
        """Use a nonce up, or refuse."""
        self.nonces.use(purpose, nonce, self.time.uptime_ms)
