"""The control point: each operation of shared.wire.operations, carried out or refused.

Nothing is half-applied: every check comes before the first write.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from firmware_bridge.emulator.firmware.blobs import Blobs
from firmware_bridge.emulator.firmware.clinic_word import ClinicWord
from firmware_bridge.emulator.firmware.journal import Journal
from firmware_bridge.emulator.firmware.modes import Modes
from firmware_bridge.emulator.firmware.nonces import Nonces
from firmware_bridge.emulator.firmware.outside import LinkSecurity, Refused
from firmware_bridge.emulator.firmware.ownership import Ownership
from firmware_bridge.emulator.firmware.ports import PartFailure, Parts
from firmware_bridge.emulator.firmware.session_commands import SessionCommands
from firmware_bridge.emulator.firmware.states import StateError, StateMachine
from firmware_bridge.emulator.firmware.timekeeping import Timekeeping
from firmware_bridge.emulator.firmware.treatment import Treatment
from shared.dose.lock import Question, Verdict
from shared.dose.prescription import Prescription
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import (
    ID_BYTES,
    GateAnswers,
    GateOutcome,
    HoldKind,
    HoldSource,
    LedgerHead,
)
from shared.wire import operations, records
from shared.wire.errors import WireError
from shared.wire.operations import (
    Answer,
    BlobKind,
    NoncePurpose,
    Nothing,
    Operation,
    Refusal,
    Request,
    StatusCode,
    UnknownOperation,
)
from shared.wire.records import CloseCause
from shared.wire.status import DeviceState

HOLD_REASON_BYTES = 32
PROTOCOL_VERSION = 1


class Device(Protocol):
    """What the commands need of the core beside its rooms."""

    firmware_version: str

    def lock(self, question: Question, prescription: Prescription | None = None) -> Verdict:
        """Ask the dose lock."""

    def await_owner(self, transfer: bytes, certificate: bytes, assignment: bytes) -> None:
        """Wait for the button to agree to a new owner."""

    def part_failed(self) -> None:
        """Stop and stay stopped."""

    @property
    def state(self) -> DeviceState:
        """The device's state."""


class Commands:
    """Carries out requests; one instance for the device's life between two boots."""

    def __init__(
        self,
        device: Device,
        parts: Parts,
        time: Timekeeping,
        journal: Journal,
        ownership: Ownership,
        treatment: Treatment,
        machine: StateMachine,
        modes: Modes,
    ) -> None:
        self._device, self._parts, self._time = device, parts, time
        self._journal, self._ownership, self._treatment = journal, ownership, treatment
        self._machine = machine
        self._nonces, self._blobs = Nonces(parts.randomness), Blobs()
        self._answers: dict[int, tuple[bytes, bytes]] = {}
        session = SessionCommands(
            device, parts.identity.signer, self._nonces, time, journal, ownership, treatment, modes
        )
        word = ClinicWord(device, self._nonces, self._blobs, time, journal, ownership, treatment)
        self._steps: dict[Operation, Callable[[Any], Any]] = {
            Operation.HELLO: self._hello,
            Operation.NONCE: self._nonce,
            Operation.PROVISION: self._provision,
            Operation.AUTHORIZE_APP: word.authorize_app,
            Operation.SET_TIME: word.set_time,
            Operation.BLOB_BEGIN: lambda a: operations.BlobOffset(self._blobs.begin(a)),
            Operation.BLOB_CHUNK: lambda a: operations.BlobOffset(self._blobs.chunk(a)),
            Operation.BLOB_COMMIT: self._blob_commit,
            Operation.INSTALL: word.install,
            Operation.CLEARANCE: word.clearance,
            Operation.GATE_ANSWERS: self._gate_answers,
            Operation.PLACE_HOLD: word.place_hold,
            Operation.HEAD: self._head,
            **session.steps,
        }

    def answer(self, data: bytes, link: LinkSecurity) -> bytes:
        """Return the one answer to one request; the same request again gets the same answer."""
        request_id = operations.request_id_of(data)
        known = self._answers.get(request_id)
        if known is not None and known[0] == data:
            return known[1]
        made = operations.encode_answer(self._carry_out(data, link, request_id))
        self._answers = {request_id: (data, made)}
        return made

    def forget_link(self) -> None:
        """A new link begins: request ids start anew."""
        self._answers = {}

    def _carry_out(self, data: bytes, link: LinkSecurity, request_id: int) -> Answer:
        try:
            request = operations.decode_request(data)
        except UnknownOperation:
            refusal = Refusal("unknown_operation")
            return Answer(request_id, StatusCode.UNKNOWN_OPERATION, refusal)
        except WireError:
            return Answer(request_id, StatusCode.BAD_REQUEST, Refusal("bad_request"))
        if not link.is_enough:
            return Answer(request_id, StatusCode.NOT_TRUSTED, Refusal("link_not_secure"))
        try:
            return Answer(request_id, StatusCode.OK, self._dispatch(request))
        except Refused as refused:
            refusal = Refusal(refused.code, refused.reasons)
            return Answer(request_id, StatusCode(refused.status), refusal)
        except (PartFailure, StateError):
            self._device.part_failed()
            return Answer(request_id, StatusCode.FAULT, Refusal("part_failed"))

    def _dispatch(self, request: Request) -> Any:
        self._check_mac(request)
        if not self._machine.take(request.operation):
            return Nothing()
        return self._steps[request.operation](request.arguments)

    def _check_mac(self, request: Request) -> None:
        row = operations.TABLE[request.operation]
        if row.authority is not operations.Authority.SESSION_MAC:
            return
        if self._treatment.armed is None:
            raise Refused(StatusCode.WRONG_STATE, "not_armed")
        try:
            self._treatment.armed.commands.check(
                int(request.operation),
                request.arguments.counter,
                request.arguments.mac,
                getattr(request.arguments, "percent_mso", 0),
            )
        except TrustError as problem:
            raise Refused(StatusCode.NOT_TRUSTED, f"trust_{problem.code}") from problem

    # Who and what

    def _hello(self, _: Any) -> operations.HelloResult:
        owner, app = self._ownership.owner, self._ownership.app
        return operations.HelloResult(
            device_id=self._parts.identity.device_id,
            protocol_version=PROTOCOL_VERSION,
            firmware=self._device.firmware_version,
            state=int(self._device.state),
            provisioned=owner is not None,
            epoch=bytes(16) if owner is None else owner.epoch,
            head_number=self._journal.count,
            serial=self._journal.state.serial,
            clock_trusted=self._time.wall_ms() is not None,
            app_key_id=None if app is None else PublicKey(app.key).key_id,
            initials=None if owner is None else owner.initials,
        )

    def _nonce(self, asked: operations.NonceArguments) -> operations.NonceResult:
        return operations.NonceResult(self._nonces.give(asked.purpose, self._time.uptime_ms))

    def _blob_commit(self, _: Any) -> Nothing:
        self._blobs.commit()
        return Nothing()

    def _provision(self, _: Any) -> Nothing:
        if self._ownership.owner is not None:
            raise Refused(StatusCode.ALREADY, "already_provisioned")
        if self._device.state is DeviceState.FAULT:
            raise Refused(StatusCode.FAULT, "out_of_service")
        self._device.await_owner(
            self._blobs.take(BlobKind.TRANSFER),
            self._blobs.take(BlobKind.CERTIFICATE),
            self._blobs.take(BlobKind.ASSIGNMENT),
        )
        raise Refused(StatusCode.BUTTON_NEEDED, "press_the_button")

    # A session

    def _gate_answers(self, given: operations.StatementArguments) -> Nothing:
        key = self._ownership.app_key(self._time.wall_s())
        answers = self._ownership.statement(GateAnswers, given.statement, key)
        if answers.patient_id != self._ownership.require_owner().patient_id:
            raise Refused(StatusCode.NOT_TRUSTED, "other_patient")
        self._nonces.use(NoncePurpose.GATE_ANSWERS, answers.nonce, self._time.uptime_ms)
        if answers.outcome is GateOutcome.HOLD:
            self._hold_by_answer(answers.reason or "")
        self._journal.write(
            records.GateAnswersBody(
                sign1.name_of(given.statement),
                answers.outcome,
                answers.postpone_s,
                answers.rules_version,
            )
        )
        return Nothing()

    def _hold_by_answer(self, reason: str) -> None:
        """The hold stands on the record before the answer: no power cut leaves it out (R16)."""
        self._treatment.close(CloseCause.HOLD)
        named = f"screening:{reason}".encode()[:HOLD_REASON_BYTES].decode(errors="ignore")
        hold_id = self._parts.randomness.bytes(ID_BYTES)
        self._journal.write(
            records.HoldPlacedBody(hold_id, HoldKind.SAFETY, HoldSource.DEVICE, named, 0)
        )

    # The record

    def _head(self, asked: operations.HeadArguments) -> operations.HeadResult:
        owner = self._ownership.require_owner()
        head = LedgerHead(
            self._parts.identity.device_id,
            owner.epoch,
            self._journal.count,
            self._journal.state.hash,
            asked.nonce,
            self._time.boot_count,
            self._time.uptime_ms,
        )
        self._journal.head_sent()
        signer = self._parts.identity.signer
        return operations.HeadResult(sign1.sign(head, audience=owner.clinic_id, signer=signer))
