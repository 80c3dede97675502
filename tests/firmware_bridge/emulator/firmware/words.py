"""Every operation that needs a signature, with a word that is right in all but the key.

A row makes the word for the band as it stands; ``presentations`` are the ways in which somebody
with one key can offer it: under their own certificate, under the rightful one, under none, under
the rightful key's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from shared.dose import prescription as prescriptions
from shared.stimulation.catalogue import catalogue
from shared.stimulation.recalled import closed_digest
from shared.trust import sign1
from shared.trust.challenge import PRESCRIPTION_TYPE, digest
from shared.trust.keys import Signer, SoftwareKey
from shared.trust.staff_words import (
    AttestTime,
    HandOver,
    HandOverPurpose,
    LiftHold,
    LiftLine,
    SignedWord,
    Supervise,
)
from shared.trust.statements import (
    Arm,
    Assignment,
    CatalogueAcceptance,
    Clearance,
    ConfirmHold,
    Control,
    Enrolment,
    GateAnswers,
    GateOutcome,
    HoldKind,
    HoldSource,
    LedgerHead,
    PlaceHold,
    Postpone,
    Receipt,
    Revocation,
    RevocationKind,
    RootRotation,
    SideEffectAnswers,
    TakeBackHold,
    TimeToken,
    TrainingDone,
)
from shared.wire import fields
from shared.wire.items import SignedPrescription
from shared.wire.operations import (
    Answer,
    BlobKind,
    HeadArguments,
    NoncePurpose,
    Operation,
    StatementArguments,
    StatusCode,
)
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.safe import Held, Pretender, Safe
from tests.shared.clinic import (
    CLINIC_ID,
    DEVICE_ID,
    FAR_S,
    NOW_S,
    PATIENT_ID,
    itbs,
    sign_as_passkey,
)

NEW_APP = SoftwareKey.generate()
APPS_HOLD = b"app's hold 16 by"
HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Word:
    """A statement for an operation, and whose key it should be by."""

    rightful: str
    make: Callable[[Band], Any]
    audience: bytes = DEVICE_ID


def now_s(band: Band) -> int:
    """The world's wall clock."""
    return NOW_S + band.now_ms // 1000


def head_of(band: Band) -> LedgerHead:
    """Ask the band for its signed head."""
    envelope = band.must(Operation.HEAD, HeadArguments(bytes(16))).head
    return sign1.verify(LedgerHead, envelope, audience=CLINIC_ID, key=band.device_key.public_key)


def _receipt(band: Band) -> Receipt:
    head = head_of(band)
    return Receipt(head.epoch, head.number, head.hash)


def _arm(band: Band) -> Arm:
    named = band.firmware.status().prescription_hash or bytes(32)
    nonce = band.nonce(NoncePurpose.ARM)
    return Arm(nonce, b"s" * 16, PATIENT_ID, named, NEW_APP.public_key.data)


def _lift(band: Band) -> LiftHold:
    lines = tuple(LiftLine(hold.hold_id, hold.record_hash) for hold in band.firmware.ledger.holds)
    return LiftHold(DEVICE_ID, lines)


def _attest(band: Band) -> AttestTime:
    """A second more than the wall clock shows: what two roundings may hide."""
    head, nonce = head_of(band), band.nonce(NoncePurpose.ATTEST_TIME)
    then_ms = band.records[head.number - 1].clock_ms or 0
    passed_ms = (band.firmware.status().clock_ms or 0) - then_ms + 1_000
    return AttestTime(DEVICE_ID, head.boot_count, head.number, head.hash, nonce, passed_ms)


def _hand_over(purpose: HandOverPurpose) -> Callable[[Band], HandOver]:
    def made(band: Band) -> HandOver:
        head = head_of(band)
        return HandOver(DEVICE_ID, head.epoch, head.number, head.hash, purpose)

    return made


def _prescription(band: Band) -> prescriptions.Prescription:
    replaces = band.firmware.status().prescription_hash
    serial = band.firmware.status().serial + 1
    return itbs(serial=serial, replaces_hash=replaces, new_course=False)


STATEMENTS: dict[Operation, Word] = {
    Operation.SET_TIME: Word(
        "time",
        lambda band: TimeToken(band.nonce(NoncePurpose.TIME), NOW_S * 1000 + band.now_ms),
    ),
    Operation.CLEARANCE: Word(
        "clearance",
        lambda band: Clearance(band.nonce(NoncePurpose.CLEARANCE), now_s(band), 1, 0, 0),
    ),
    Operation.RECEIPT: Word("receipt", _receipt),
    Operation.PLACE_HOLD: Word(
        "hold",
        lambda _: PlaceHold(b"c" * 16, HoldKind.SAFETY, HoldSource.CLOUD, "clinician", 1),
    ),
    Operation.CONFIRM_HOLD: Word("hold", lambda _: ConfirmHold(APPS_HOLD)),
    Operation.GATE_ANSWERS: Word(
        "app",
        lambda band: GateAnswers(
            band.nonce(NoncePurpose.GATE_ANSWERS), PATIENT_ID, 1, GateOutcome.PASS, 0
        ),
    ),
    Operation.ARM: Word("app", _arm),
    Operation.TAKE_BACK: Word("app", lambda _: TakeBackHold(APPS_HOLD)),
    Operation.POSTPONE: Word(
        "app", lambda band: Postpone(band.nonce(NoncePurpose.POSTPONE), PATIENT_ID, 3600)
    ),
    Operation.TAKE_CONTROL: Word(
        "app", lambda band: Control(band.nonce(NoncePurpose.CONTROL), PATIENT_ID, True)
    ),
    Operation.RELEASE_CONTROL: Word(
        "app", lambda band: Control(band.nonce(NoncePurpose.CONTROL), PATIENT_ID, False)
    ),
    Operation.TRAINING_DONE: Word("app", lambda _: TrainingDone(PATIENT_ID, 1)),
    Operation.SIDE_EFFECT_ANSWERS: Word(
        "app", lambda _: SideEffectAnswers(b"s" * 16, PATIENT_ID, 1)
    ),
    Operation.REVOKE: Word(
        "root",
        lambda band: Revocation(
            1, band.clinic.staff.public_key.key_id, RevocationKind.COMPROMISED, NOW_S, NOW_S
        ),
        CLINIC_ID,
    ),
    Operation.ROTATE_ROOT: Word(
        "root",
        lambda _: RootRotation(1, NEW_APP.public_key.data, NEW_APP.public_key.data),
        CLINIC_ID,
    ),
    Operation.ACCEPT_CATALOGUE: Word(
        "root",
        lambda _: CatalogueAcceptance(
            catalogue().version, catalogue().digest, closed_digest(), NOW_S
        ),
        CLINIC_ID,
    ),
}
STAFF_WORDS: dict[Operation, Word] = {
    Operation.LIFT_HOLD: Word("lift_hold", _lift),
    Operation.ATTEST_TIME: Word("prescribe", _attest),
    Operation.SUPERVISE: Word(
        "supervise",
        lambda band: Supervise(DEVICE_ID, PATIENT_ID, band.nonce(NoncePurpose.SUPERVISE)),
    ),
    Operation.RESET: Word("prescribe", _hand_over(HandOverPurpose.RESET)),
    Operation.RETIRE: Word("prescribe", _hand_over(HandOverPurpose.RETIRE)),
}
ENROLMENT = Word(
    "enrolment",
    lambda _: Enrolment(
        NEW_APP.public_key.data, NEW_APP.public_key.data, PATIENT_ID, 2, NOW_S - 60, FAR_S
    ),
)
ASSIGNMENT = Word("enrolment", lambda _: Assignment(b"other patient 16", "O.P.", 2))
INSTALL = Word("prescribe", _prescription)
SIGNED_OPERATIONS = (
    *STATEMENTS,
    *STAFF_WORDS,
    Operation.AUTHORIZE_APP,
    Operation.INSTALL,
    Operation.PROVISION,
)


@dataclass(frozen=True)
class Hand:
    """Somebody who holds one key, and every certificate there is."""

    safe: Safe
    held: Held

    def tries(self, band: Band, operation: Operation) -> bool:
        """Offer the operation's word in every way there is; return whether one was taken."""
        ways = self._ways(band, operation)
        return any(way().status in (StatusCode.OK, StatusCode.BUTTON_NEEDED) for way in ways)

    def says(self, band: Band, operation: Operation, word: Any) -> Answer:
        """Say any word of an operation's kind with this key under its own certificate."""
        if operation in STAFF_WORDS:
            self._staff_blob(band, type(word).TYPE, fields.pack(word), self.held.certificate)
            return band.ask(operation)
        audience = STATEMENTS[operation].audience
        envelope = sign1.sign(word, audience=audience, signer=self.held.key)
        return band.ask(operation, StatementArguments(envelope, self.held.certificate))

    def enrols(self, band: Band, enrolment: Enrolment) -> Answer:
        """Offer an enrolment with this key under its own certificate."""
        envelope = sign1.sign(enrolment, audience=DEVICE_ID, signer=self.held.key)
        band.blob(BlobKind.ENROLMENT, envelope)
        band.blob(BlobKind.CERTIFICATE, self.held.certificate or b"none")
        return band.ask(Operation.AUTHORIZE_APP)

    def _ways(self, band: Band, operation: Operation) -> Iterator[Callable[[], Answer]]:
        if operation in STATEMENTS:
            yield from self._statement_ways(band, operation)
        elif operation in STAFF_WORDS:
            yield from self._staff_ways(band, operation)
        elif operation is Operation.INSTALL:
            yield from self._install_ways(band)
        elif operation is Operation.AUTHORIZE_APP:
            yield from self._enrol_ways(band)
        else:
            yield lambda: self._provision(band)

    def _signers(self, rightful: str) -> tuple[Signer, ...]:
        return self.held.key, Pretender(self.safe[rightful].public, self.held.key)

    def _certificates(self, rightful: str) -> tuple[bytes | None, ...]:
        return self.held.certificate, self.safe[rightful].certificate, None

    def _statement_ways(self, band: Band, operation: Operation) -> Iterator[Callable[[], Answer]]:
        word = STATEMENTS[operation]
        for signer in self._signers(word.rightful):
            for certificate in self._certificates(word.rightful):
                yield lambda s=signer, c=certificate: self._offer(  # type: ignore[misc]
                    band, operation, word.make(band), word.audience, s, c
                )
        if operation is Operation.PLACE_HOLD:
            own = PlaceHold(b"a" * 16, HoldKind.REST, HoldSource.APP, "patient", 0)
            yield lambda: self._offer(band, operation, own, DEVICE_ID, self.held.key, None)

    def _offer(
        self,
        band: Band,
        operation: Operation,
        word: Any,
        audience: bytes,
        signer: Signer,
        certificate: bytes | None,
    ) -> Answer:
        envelope = sign1.sign(word, audience=audience, signer=signer)
        return band.ask(operation, StatementArguments(envelope, certificate))

    def _staff_ways(self, band: Band, operation: Operation) -> Iterator[Callable[[], Answer]]:
        for certificate in self._certificates(STAFF_WORDS[operation].rightful):
            if certificate is not None:
                yield lambda c=certificate: self._staff(band, operation, c)  # type: ignore[misc]

    def _staff(self, band: Band, operation: Operation, certificate: bytes) -> Answer:
        word = STAFF_WORDS[operation].make(band)
        self._staff_blob(band, type(word).TYPE, fields.pack(word), certificate)
        return band.ask(operation)

    def _staff_blob(self, band: Band, kind: str, data: bytes, certificate: bytes | None) -> None:
        assertion = sign_as_passkey(self.held.key, (digest(kind, data),))
        word = SignedWord(data, assertion, certificate or b"none")
        band.blob(BlobKind.STAFF_WORD, fields.pack(word))

    def _install_ways(self, band: Band) -> Iterator[Callable[[], Answer]]:
        data = prescriptions.to_bytes(INSTALL.make(band))
        for certificate in self._certificates(INSTALL.rightful):
            yield lambda c=certificate: self.installs(band, data, c)  # type: ignore[misc]

    def installs(self, band: Band, data: bytes, certificate: bytes | None = None) -> Answer:
        """Offer a prescription's bytes, signed with this key."""
        assertion = sign_as_passkey(self.held.key, (digest(PRESCRIPTION_TYPE, data),))
        under = certificate or self.held.certificate or b"none"
        packed = fields.pack(SignedPrescription(data, assertion, under))
        band.blob(BlobKind.PRESCRIPTION, packed)
        return band.ask(Operation.INSTALL)

    def _enrol_ways(self, band: Band) -> Iterator[Callable[[], Answer]]:
        for signer in self._signers("enrolment"):
            for certificate in self._certificates("enrolment"):
                yield lambda s=signer, c=certificate: self._enrol(band, s, c)  # type: ignore[misc]

    def _enrol(self, band: Band, signer: Signer, certificate: bytes | None) -> Answer:
        envelope = sign1.sign(ENROLMENT.make(band), audience=DEVICE_ID, signer=signer)
        band.blob(BlobKind.ENROLMENT, envelope)
        band.blob(BlobKind.CERTIFICATE, certificate or b"none")
        return band.ask(Operation.AUTHORIZE_APP)

    def _provision(self, band: Band) -> Answer:
        """Another patient: a prescriber's word over the head, and the enrolment key's."""
        word = _hand_over(HandOverPurpose.ANOTHER_OWNER)(band)
        prescriber = self.held.certificate or self.safe["prescribe"].certificate
        self._staff_blob(band, HandOver.TYPE, fields.pack(word), prescriber)
        envelope = sign1.sign(ASSIGNMENT.make(band), audience=DEVICE_ID, signer=self.held.key)
        band.blob(BlobKind.ASSIGNMENT, envelope)
        certificate = self.held.certificate or self.safe["enrolment"].certificate
        band.blob(BlobKind.CERTIFICATE, certificate or b"none")
        return band.ask(Operation.PROVISION)
