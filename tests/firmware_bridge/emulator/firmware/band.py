"""A whole band without Bluetooth for tests: real core, real parts in a folder, simulated time."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.firmware.outside import LinkSecurity
from firmware_bridge.emulator.firmware.ports import CoilProfile, Identity
from firmware_bridge.emulator.parts.board import PULSE_LOG, Board, build_board
from firmware_bridge.emulator.parts.coil import read_pulses
from firmware_bridge.emulator.parts.profiles import PROFILES
from scripts.operation_refusals import known_codes
from shared.dose import prescription as prescriptions
from shared.dose.prescription import Prescription
from shared.dose.reasons import ReasonCode
from shared.trust import session_key, sign1
from shared.trust.challenge import digest
from shared.trust.keys import PublicKey, Signer, SoftwareKey
from shared.trust.staff_words import SignedWord, StaffWord
from shared.trust.statements import (
    Arm,
    ArmAnswer,
    GateAnswers,
    GateOutcome,
    LedgerHead,
    Purpose,
    Scope,
)
from shared.wire import fields, operations, records
from shared.wire.blob_parts import Verdict, Word, decode_word, parts, stream_of
from shared.wire.operations import (
    Answer,
    BlobKind,
    HeadArguments,
    NoncePurpose,
    Nothing,
    Operation,
    Request,
    SealedArguments,
    StatementArguments,
    StatusCode,
)
from shared.wire.records import Body, Record
from shared.wire.status import DeviceState
from tests.shared.clinic import (
    DEVICE_ID,
    NOW_S,
    PATIENT_ID,
    Clinic,
    itbs,
    sign_as_passkey,
)

LINK = LinkSecurity(True, True, True, "test phone")
STEP_MS = 50
B = TypeVar("B", bound=Body)


class PowerGone(Exception):
    """The power goes, in the middle of something."""


class Band:
    """The device and the phone's half of a conversation with it."""

    def __init__(
        self,
        folder: Path,
        clinic: Clinic | None = None,
        *,
        like: Band | None = None,
        coil: str = "figure-8",
    ) -> None:
        self.profile: CoilProfile = PROFILES[coil] if like is None else like.profile
        self.clinic = clinic or Clinic()
        self.folder = folder
        self.now_ms = 0
        self.session_id = b"s" * 16
        self.arm_message = b""
        self.first_transfer = b""
        self.writer: session_key.CommandWriter | None = None
        self.device_key = SoftwareKey.generate()
        self.boots: list[tuple[int, int]] = []
        self._request_id = 0
        if like is not None:
            self.clinic, self.device_key = like.clinic, like.device_key
            self.now_ms, self.boots = like.now_ms, list(like.boots)
        self.power_on()

    def copy(self, folder: Path) -> Band:
        """Power on a second device over a copy of everything that this one has kept."""
        shutil.copytree(self.folder, folder)
        return Band(folder, like=self)

    def power_cut(self) -> None:
        """Cut the power: nothing is said to the core, the files stay as they are."""
        self.board.flash.close()
        self.board.coil.close()

    @contextmanager
    def power_cut_before_next_record(self) -> Iterator[None]:
        """Let the power go when the next record is about to be written: pages before it stand."""

        def cut(_: bytes) -> None:
            raise PowerGone

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self.board.flash, "append", cut)
            with contextlib.suppress(PowerGone):
                yield
                raise AssertionError("no record was written")
        self.reboot()

    def reboot(self, *, off_ms: int = 0) -> None:
        """Cut the power, leave the band off for a while, and switch it on again."""
        self.power_cut()
        self.now_ms += off_ms
        self.power_on()

    def power_on(self, before_boot: Callable[[Firmware], None] = lambda _: None) -> None:
        """Boot the core anew over the same folder, as after a power cut."""
        identity = Identity(DEVICE_ID, self.device_key, b"", self.clinic.manufacturer.public_key)
        self._booted_ms = self.now_ms
        self.board: Board = build_board(
            self.folder, identity, lambda: self.now_ms, durable=False, profile=self.profile
        )
        self.boots.append((self.board.coil.fired_total, self.now_ms))
        self.firmware = Firmware(self.board.parts)
        before_boot(self.firmware)
        self.firmware.boot()
        self.firmware.advance(0)

    def run(self, ms: int, *, beat: bool = False, still_here: bool = True) -> None:
        """Let time pass in steps; with ``beat`` the phone is alive and the person there."""
        end_ms = self.now_ms + ms
        while self.now_ms < end_ms:
            self.now_ms = min(end_ms, self.now_ms + STEP_MS)
            self.firmware.advance(self.now_ms - self._booted_ms)
            if beat and self.writer is not None and self.now_ms % 1000 < STEP_MS:
                self.sealed(Operation.BEAT)
            if still_here and beat and self.firmware.status().still_here_due_ms is not None:
                self.sealed(Operation.STILL_HERE)

    def skip(self, ms: int) -> None:
        """Let idle time pass at once."""
        self.now_ms += ms
        self.firmware.advance(self.now_ms - self._booted_ms)

    def ask(
        self, operation: Operation, arguments: Any = None, *, link: LinkSecurity = LINK
    ) -> Answer:
        """Send one request, over a secure link unless told, and return the answer."""
        self._request_id += 1
        request = Request(self._request_id, operation, arguments or Nothing())
        data = self.firmware.control(operations.encode_request(request), link)
        answer = operations.decode_answer(data, operation)
        if answer.status is not StatusCode.OK:
            assert answer.result.code in known_codes(operation), (operation.name, answer)
        return answer

    def must(self, operation: Operation, arguments: Any = None) -> Any:
        """Send a request that has to be granted and return its result."""
        answer = self.ask(operation, arguments)
        assert answer.status is StatusCode.OK, (operation.name, answer)
        return answer.result

    def sealed(self, operation: Operation) -> Answer:
        """Send a command under the session's key."""
        assert self.writer is not None
        pause = self.firmware.status().pauses if operation in operations.ENDS_A_PAUSE else 0
        return self.send_sealed(operation, self.writer.seal(int(operation), pause))

    def send_sealed(self, operation: Operation, sealed: tuple[int, bytes]) -> Answer:
        """Send a counter and MAC as they are."""
        return self.ask(operation, SealedArguments(*sealed))

    def nonce(self, purpose: NoncePurpose) -> bytes:
        """Ask for a nonce."""
        nonce: bytes = self.must(Operation.NONCE, operations.NonceArguments(purpose)).nonce
        return nonce

    def blob(self, kind: BlobKind, data: bytes) -> None:
        """Send a blob whole."""
        (word,) = self.say_parts(*parts(stream_of(kind, data), 400))
        assert word == Word(1, Verdict.WHOLE, len(data))

    def say_parts(self, *values: bytes, link: LinkSecurity = LINK) -> list[Word]:
        """Write values to Blob Data; return the device's words for them."""
        said = [self.firmware.blob_part(value, link) for value in values]
        return [decode_word(word) for word in said if word is not None]

    def press(self) -> None:
        """Press and let go of the button."""
        self.firmware.button(True)
        self.firmware.button(False)

    # The day's steps

    def offer_owner(self, clinic: Clinic, transfer: bytes | None, assignment: bytes) -> Answer:
        """Offer an owner: another clinic by a transfer, another patient without one."""
        if transfer is not None:
            self.blob(BlobKind.TRANSFER, transfer)
        self.blob(BlobKind.CERTIFICATE, clinic.certificate(Purpose.ENROLMENT))
        self.blob(BlobKind.ASSIGNMENT, assignment)
        return self.ask(Operation.PROVISION)

    def provision(self) -> None:
        """Give the band to the clinic, set its clock and enrol the app."""
        self.first_transfer = self.clinic.transfer()
        answer = self.offer_owner(self.clinic, self.first_transfer, self.clinic.assignment())
        assert answer.status is StatusCode.BUTTON_NEEDED
        self.press()
        assert self.set_time().status is StatusCode.OK
        self.blob(BlobKind.ENROLMENT, self.clinic.enrolment())
        self.blob(BlobKind.CERTIFICATE, self.clinic.certificate(Purpose.ENROLMENT))
        self.must(Operation.AUTHORIZE_APP)

    def set_time(self, offset_ms: int = 0) -> Answer:
        """Offer a time token."""
        token = self.clinic.time_token(
            self.nonce(NoncePurpose.TIME), NOW_S * 1000 + self.now_ms + offset_ms
        )
        certificate = self.clinic.certificate(Purpose.TIME)
        return self.ask(Operation.SET_TIME, StatementArguments(token, certificate))

    def install(self, prescription: Prescription | None = None, **named: Any) -> Answer:
        """Offer a prescription."""
        self.blob(BlobKind.PRESCRIPTION, self.clinic.prescribe(prescription or itbs(), **named))
        return self.ask(Operation.INSTALL)

    def clear(self, *, serial: int = 1, hold: int = 0, revocation: int = 0) -> Answer:
        """Fetch and give a clearance."""
        word = self.clinic.clearance(
            self.nonce(NoncePurpose.CLEARANCE),
            NOW_S + self.now_ms // 1000,
            serial=serial,
            hold=hold,
            revocation=revocation,
        )
        certificate = self.clinic.certificate(Purpose.CLEARANCE)
        return self.ask(Operation.CLEARANCE, StatementArguments(word, certificate))

    def answer_gates(self, outcome: GateOutcome = GateOutcome.PASS, hours: int = 0) -> Answer:
        """Send the screening's outcome."""
        answers = GateAnswers(
            self.nonce(NoncePurpose.GATE_ANSWERS), PATIENT_ID, 1, outcome, hours * 3600
        )
        statement = sign1.sign(answers, audience=DEVICE_ID, signer=self.clinic.app)
        return self.ask(Operation.GATE_ANSWERS, StatementArguments(statement))

    def ready(self, prescription: Prescription | None = None) -> None:
        """Do all that comes before arming."""
        self.provision()
        assert self.install(prescription).status is StatusCode.OK
        assert self.clear().status is StatusCode.OK
        assert self.answer_gates().status is StatusCode.OK

    def arm(self, session_id: bytes = b"s" * 16, **changes: Any) -> Answer:
        """Ask to arm; on success the session's key is agreed."""
        own = SoftwareKey.generate()
        self.arm_message = self.arm_request(own, session_id, **changes)
        answer = self.resend_arm()
        if answer.status is StatusCode.OK:
            self.session_id = session_id
            self._agree(own, answer.result.answer)
        return answer

    def arm_request(
        self, own: SoftwareKey | None = None, session_id: bytes = b"s" * 16, **changes: Any
    ) -> bytes:
        """Return a signed arm request over a fresh nonce, unsent."""
        ephemeral = (own or SoftwareKey.generate()).public_key.data
        named = self.firmware.status().prescription_hash or bytes(32)
        nonce = self.nonce(NoncePurpose.ARM)
        request = replace(Arm(nonce, session_id, PATIENT_ID, named, ephemeral), **changes)
        return sign1.sign(request, audience=DEVICE_ID, signer=self.clinic.app)

    def resend_arm(self, message: bytes | None = None) -> Answer:
        """Send an arm request as it is: the last one, or another."""
        return self.ask(Operation.ARM, StatementArguments(message or self.arm_message))

    def ask_to_arm_only(self) -> Answer:
        """Ask to arm without agreeing on a new key."""
        return self.resend_arm(self.arm_request(session_id=b"2" * 16))

    def _agree(self, own: SoftwareKey, answer: bytes) -> None:
        audience = self.clinic.app.public_key.key_id
        said = sign1.verify(ArmAnswer, answer, audience=audience, key=self.device_key.public_key)
        key = session_key.derive(own, PublicKey(said.ephemeral_key), self.arm_message, answer)
        self.writer = session_key.CommandWriter(key, self.session_id)

    def start(self) -> None:
        """Arm and start with the button."""
        assert self.arm().status is StatusCode.OK
        assert self.sealed(Operation.OPEN_START_WINDOW).status is StatusCode.OK
        self.press()

    def place_hold(self, number: int = 1, hold_id: bytes = b"h" * 16) -> Answer:
        """Forward a safety hold of the clinic's."""
        statement = self.clinic.hold(number, hold_id)
        certificate = self.clinic.certificate(Purpose.HOLD)
        return self.ask(Operation.PLACE_HOLD, StatementArguments(statement, certificate))

    # What somebody says

    def says(
        self,
        operation: Operation,
        statement: sign1.Statement,
        signer: Signer,
        certificate: bytes | None = None,
        *,
        audience: bytes = DEVICE_ID,
    ) -> Answer:
        """Sign a statement and send it."""
        envelope = sign1.sign(statement, audience=audience, signer=signer)
        return self.ask(operation, StatementArguments(envelope, certificate))

    def server_says(self, operation: Operation, statement: sign1.Statement, by: Purpose) -> Answer:
        """Send a statement by one of the clinic's certified keys."""
        return self.says(operation, statement, self.clinic.online[by], self.clinic.certificate(by))

    def app_says(
        self, operation: Operation, statement: sign1.Statement, app: SoftwareKey | None = None
    ) -> Answer:
        """Send a statement by the app, or another one."""
        return self.says(operation, statement, app or self.clinic.app)

    def root_says(
        self, operation: Operation, statement: sign1.Statement, root: SoftwareKey | None = None
    ) -> Answer:
        """Send a statement for the whole clinic by its root, or another key."""
        return self.says(
            operation, statement, root or self.clinic.root, audience=self.clinic.clinic_id
        )

    def staff_says(
        self,
        operation: Operation,
        word: StaffWord,
        *,
        scopes: tuple[Scope, ...] | None = None,
        signer: SoftwareKey | None = None,
    ) -> Answer:
        """Send a word by a staff key with the scope that it needs, or with others."""
        self.staff_blob(word, scopes=scopes, signer=signer)
        return self.ask(operation)

    def staff_blob(
        self,
        word: StaffWord,
        *,
        scopes: tuple[Scope, ...] | None = None,
        signer: SoftwareKey | None = None,
    ) -> None:
        """Let a signed staff word wait on the band."""
        key = signer or self.clinic.staff
        said = self.clinic.staff_certificate(
            public_key=key.public_key.data, scopes=(word.SCOPE,) if scopes is None else scopes
        )
        data = fields.pack(word)
        assertion = sign_as_passkey(key, (digest(word.TYPE, data),))
        signed = SignedWord(data, assertion, self.clinic.certify(said))
        self.blob(BlobKind.STAFF_WORD, fields.pack(signed))

    def unreadable_staff_blob(self) -> None:
        """Let bytes wait that are no signed staff word."""
        self.blob(BlobKind.STAFF_WORD, b"\xa1\x01\x02")

    def enrol(self, app: SoftwareKey, *, number: int) -> Answer:
        """Offer another app's enrolment."""
        self.blob(
            BlobKind.ENROLMENT, self.clinic.enrolment(app_key=app.public_key.data, number=number)
        )
        self.blob(BlobKind.CERTIFICATE, self.clinic.certificate(Purpose.ENROLMENT))
        return self.ask(Operation.AUTHORIZE_APP)

    def head(self) -> LedgerHead:
        """Ask for a signed head over the record as it stands."""
        envelope = self.must(Operation.HEAD, HeadArguments(bytes(16))).head
        key = self.device_key.public_key
        return sign1.verify(LedgerHead, envelope, audience=self.clinic.clinic_id, key=key)

    def end_by(self, way: str) -> Answer:
        """Stop, pause or close over the link."""
        return self.ask(Operation[way.upper()])

    # What a test looks at

    @property
    def fired(self) -> int:
        """Pulses that the coil fired, by its own count."""
        return self.board.coil.fired_total

    @property
    def pulse_times_us(self) -> list[int]:
        """When each pulse of the coil's own log fell, on the world's clock over all boots."""
        pulses = read_pulses(self.folder / "coil" / PULSE_LOG)
        begins = [*self.boots[1:], (len(pulses), 0)]
        return [
            pulse.at_us + booted_ms * 1000
            for (first, booted_ms), (end, _) in zip(self.boots, begins, strict=True)
            for pulse in pulses[first:end]
        ]

    @property
    def state(self) -> DeviceState:
        """The device's state."""
        return self.firmware.state

    def is_in(self, state: DeviceState) -> bool:
        """Return whether the device is in ``state`` now."""
        return self.firmware.state is state

    @property
    def reasons(self) -> set[ReasonCode]:
        """Why the device is locked now."""
        return {ReasonCode(reason.code) for reason in self.firmware.status().reasons}

    @property
    def records(self) -> list[Record]:
        """The whole ledger."""
        first, last = self.firmware.record_range()
        return [
            records.decode_record(self.firmware.record(number)) for number in range(first, last + 1)
        ]

    def bodies(self, kind: type[B]) -> list[B]:
        """Return the bodies of all records of one kind, in order."""
        return [record.body for record in self.records if isinstance(record.body, kind)]

    def run_until_fired(self, pulses: int) -> None:
        """Let the session go on, phone and person there, until the coil has fired so many."""
        for _ in range(20_000):
            if self.fired >= pulses:
                return
            self.run(STEP_MS, beat=True)
        raise AssertionError(f"{self.fired} pulses fired, {pulses} awaited, {self.state.name}")

    def named(self, prescription: Prescription) -> bytes:
        """Return a prescription's hash."""
        return prescriptions.hash_of(prescriptions.to_bytes(prescription))
