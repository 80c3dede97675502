"""The control point: each operation of shared.wire.operations, carried out or refused.

Nothing is half-applied: every check comes before the first write.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Protocol

from firmware_bridge.emulator.firmware.blobs import Blobs
from firmware_bridge.emulator.firmware.journal import Journal
from firmware_bridge.emulator.firmware.nonces import Nonces
from firmware_bridge.emulator.firmware.outside import LinkSecurity, Refused
from firmware_bridge.emulator.firmware.ownership import Ownership
from firmware_bridge.emulator.firmware.ports import PartFailure, Parts
from firmware_bridge.emulator.firmware.timekeeping import Timekeeping
from firmware_bridge.emulator.firmware.treatment import ARMED_MS, Armed, Treatment
from shared.dose import prescription as prescriptions
from shared.dose.envelope import violations
from shared.dose.ledger import OPEN_HOLDS_MAX
from shared.dose.lock import Question, Verdict
from shared.dose.prescription import SERIAL_STEP_MAX, Prescription
from shared.trust import passkey, session_key, sign1
from shared.trust.challenge import PRESCRIPTION_TYPE
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.statements import (
    ID_BYTES,
    Arm,
    ArmAnswer,
    Clearance,
    GateAnswers,
    GateOutcome,
    HoldKind,
    HoldSource,
    LedgerHead,
    PlaceHold,
    Purpose,
    Scope,
    TimeToken,
)
from shared.wire import fields, operations, records
from shared.wire.errors import WireError
from shared.wire.items import SignedPrescription
from shared.wire.operations import (
    Answer,
    BlobKind,
    NoncePurpose,
    Nothing,
    Operation,
    Outcome,
    Refusal,
    Request,
    StatusCode,
    UnknownOperation,
)
from shared.wire.records import CloseCause, PauseCause
from shared.wire.status import DeviceState

CLEARANCE_AHEAD_S = 600
HOLD_REASON_BYTES = 32
PROTOCOL_VERSION = 1


class Device(Protocol):
    """What the commands need of the core beside its rooms."""

    firmware_version: str

    def lock(self, question: Question) -> Verdict:
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
    ) -> None:
        self._device, self._parts, self._time = device, parts, time
        self._journal, self._ownership, self._treatment = journal, ownership, treatment
        self._nonces, self._blobs = Nonces(parts.randomness), Blobs()
        self._answers: dict[int, tuple[bytes, bytes]] = {}
        self._steps: dict[Operation, Callable[[Any], Any]] = {
            Operation.HELLO: self._hello,
            Operation.NONCE: self._nonce,
            Operation.PROVISION: self._provision,
            Operation.AUTHORIZE_APP: self._authorize_app,
            Operation.SET_TIME: self._set_time,
            Operation.BLOB_BEGIN: lambda a: operations.BlobOffset(self._blobs.begin(a)),
            Operation.BLOB_CHUNK: lambda a: operations.BlobOffset(self._blobs.chunk(a)),
            Operation.BLOB_COMMIT: self._blob_commit,
            Operation.INSTALL: self._install,
            Operation.CLEARANCE: self._clearance,
            Operation.GATE_ANSWERS: self._gate_answers,
            Operation.ARM: self._arm,
            Operation.OPEN_START_WINDOW: self._open_start_window,
            Operation.START: self._start,
            Operation.RESUME: self._resume,
            Operation.PAUSE: self._pause,
            Operation.STOP: self._stop,
            Operation.CLOSE: self._close,
            Operation.BEAT: self._beat,
            Operation.STILL_HERE: self._still_here,
            Operation.PLACE_HOLD: self._place_hold,
            Operation.HEAD: self._head,
            Operation.SESSION_OUTCOME: self._session_outcome,
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
        except PartFailure:
            self._device.part_failed()
            return Answer(request_id, StatusCode.FAULT, Refusal("part_failed"))

    def _dispatch(self, request: Request) -> Any:
        self._check_mac(request)
        return self._steps[request.operation](request.arguments)

    def _check_mac(self, request: Request) -> None:
        row = operations.TABLE[request.operation]
        if row.authority is not operations.Authority.SESSION_MAC:
            return
        if self._treatment.armed is None:
            raise Refused(StatusCode.WRONG_STATE, "not_armed")
        try:
            self._treatment.armed.commands.check(
                int(request.operation), request.arguments.counter, request.arguments.mac
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

    def _authorize_app(self, _: Any) -> Nothing:
        self._require_quiet()
        enrolment = self._blobs.take(BlobKind.ENROLMENT)
        app = self._ownership.judge_app(
            enrolment, self._blobs.take(BlobKind.CERTIFICATE), self._now_s()
        )
        self._ownership.keep_app(app)
        key_id = PublicKey(app.key).key_id
        self._write(records.AppAuthorizedBody(app.statement_hash, key_id, app.number))
        return Nothing()

    # The clinic's word

    def _set_time(self, given: operations.StatementArguments) -> Nothing:
        key = self._ownership.certified(given.certificate, Purpose.TIME, self._wall_s())
        token = self._ownership.statement(TimeToken, given.statement, key)
        self._nonces.use(NoncePurpose.TIME, token.nonce, self._time.uptime_ms)
        trusted_ms = self._journal.newest_trusted_ms
        if not self._time.may_set(token.wall_ms, newest_trusted_ms=trusted_ms):
            raise Refused(StatusCode.REFUSED, "clock_step")
        body = records.ClockSetBody(token.wall_ms, _hash(given.statement))
        self._journal.append(body, token.wall_ms)
        self._time.set_wall(token.wall_ms)
        return Nothing()

    def _clearance(self, given: operations.StatementArguments) -> Nothing:
        now_s = self._now_s()
        key = self._ownership.certified(given.certificate, Purpose.CLEARANCE, now_s)
        word = self._ownership.statement(Clearance, given.statement, key)
        self._nonces.use(NoncePurpose.CLEARANCE, word.nonce, self._time.uptime_ms)
        newest = self._journal.state.clearance
        if word.issued_s > now_s + CLEARANCE_AHEAD_S:
            raise Refused(StatusCode.REFUSED, "clearance_from_the_future")
        if newest is not None and word.issued_s < newest.issued_s:
            raise Refused(StatusCode.REFUSED, "clearance_not_newer")
        self._write(
            records.ClearanceBody(
                _hash(given.statement), word.issued_s, word.newest_serial, word.newest_hold
            )
        )
        return Nothing()

    def _install(self, _: Any) -> Nothing:
        self._require_quiet()
        blob = self._blobs.take(BlobKind.PRESCRIPTION)
        try:
            signed = fields.unpack(SignedPrescription, blob)
            prescription = prescriptions.from_bytes(signed.prescription)
        except WireError as problem:
            raise Refused(StatusCode.BAD_REQUEST, "prescription_unreadable") from problem
        self._check_signature(signed)
        self._check_place(prescription, signed.prescription)
        if violations(prescription):
            raise Refused(StatusCode.REFUSED, "outside_envelope")
        self._ownership.keep_prescription(signed.prescription, prescription)
        self._write(
            records.PrescriptionInstalledBody(
                prescriptions.hash_of(signed.prescription),
                prescription.serial,
                prescription.course_id,
            )
        )
        return Nothing()

    def _check_signature(self, signed: SignedPrescription) -> None:
        certificate = self._ownership.certificate(signed.certificate, Purpose.STAFF, self._now_s())
        try:
            passkey.verify(
                PRESCRIPTION_TYPE,
                signed.prescription,
                signed.assertion,
                certificate,
                Scope.PRESCRIBE,
            )
        except TrustError as problem:
            raise Refused(StatusCode.NOT_TRUSTED, f"trust_{problem.code}") from problem

    def _check_place(self, prescription: Prescription, data: bytes) -> None:
        """Is it for this device and patient, and the next of its line (R17)?"""
        owner, state = self._ownership.require_owner(), self._journal.state
        if prescription.device_id != self._parts.identity.device_id:
            raise Refused(StatusCode.REFUSED, "other_device")
        if prescription.patient_id != owner.patient_id:
            raise Refused(StatusCode.REFUSED, "other_patient")
        if prescription.clinic_id != owner.clinic_id:
            raise Refused(StatusCode.REFUSED, "other_clinic")
        if prescription.serial == state.serial:
            same = prescriptions.hash_of(data) == state.prescription_hash
            code = "already_installed" if same else "serial_taken"
            raise Refused(StatusCode.ALREADY, code)
        if not state.serial < prescription.serial <= state.serial + SERIAL_STEP_MAX:
            raise Refused(StatusCode.REFUSED, "serial_not_next")
        if prescription.replaces_hash != state.prescription_hash:
            raise Refused(StatusCode.REFUSED, "replaces_another")
        if not prescription.new_course and prescription.course_id != state.course_id:
            raise Refused(StatusCode.REFUSED, "course_not_opened")
        if self._now_s() > prescription.install_by_s:
            raise Refused(StatusCode.REFUSED, "install_by_passed")

    def _place_hold(self, given: operations.StatementArguments) -> Nothing:
        hold = self._judge_hold(given)
        if self._hold_is_known(hold):
            return Nothing()
        self._treatment.close(CloseCause.HOLD)
        self._write(
            records.HoldPlacedBody(hold.hold_id, hold.kind, hold.source, hold.reason, hold.number)
        )
        return Nothing()

    def _hold_is_known(self, hold: PlaceHold) -> bool:
        """The same message again, or one too many that says nothing new: no further record."""
        state = self._journal.state
        if any(known.hold_id == hold.hold_id for known in state.holds):
            return True
        return len(state.holds) >= OPEN_HOLDS_MAX and hold.number <= state.newest_hold

    def _judge_hold(self, given: operations.StatementArguments) -> PlaceHold:
        """The cloud's hold key or the app's key may place; a clock is not asked for: failing
        closed is always allowed."""
        if given.certificate is not None:
            key = self._ownership.certified(given.certificate, Purpose.HOLD, self._wall_s())
            source = HoldSource.CLOUD
        else:
            self._ownership.require_owner()
            if self._ownership.app is None:
                raise Refused(StatusCode.NOT_TRUSTED, "no_app")
            key, source = PublicKey(self._ownership.app.key), HoldSource.APP
        hold = self._ownership.statement(PlaceHold, given.statement, key)
        if hold.source is not source:
            raise Refused(StatusCode.NOT_TRUSTED, "hold_source")
        return hold

    # A session

    def _gate_answers(self, given: operations.StatementArguments) -> Nothing:
        key = self._ownership.app_key(self._wall_s())
        answers = self._ownership.statement(GateAnswers, given.statement, key)
        if answers.patient_id != self._ownership.require_owner().patient_id:
            raise Refused(StatusCode.NOT_TRUSTED, "other_patient")
        self._nonces.use(NoncePurpose.GATE_ANSWERS, answers.nonce, self._time.uptime_ms)
        if answers.outcome is GateOutcome.HOLD:
            self._hold_by_answer(answers.reason or "")
        self._write(
            records.GateAnswersBody(
                _hash(given.statement), answers.outcome, answers.postpone_s, answers.rules_version
            )
        )
        return Nothing()

    def _hold_by_answer(self, reason: str) -> None:
        """The hold stands on the record before the answer: no power cut leaves it out (R16)."""
        self._treatment.close(CloseCause.HOLD)
        named = f"screening:{reason}".encode()[:HOLD_REASON_BYTES].decode(errors="ignore")
        hold_id = self._parts.randomness.bytes(ID_BYTES)
        self._write(records.HoldPlacedBody(hold_id, HoldKind.SAFETY, HoldSource.DEVICE, named, 0))

    def _arm(self, given: operations.StatementArguments) -> operations.ArmResult:
        key = self._ownership.app_key(self._wall_s())
        asked = self._ownership.statement(Arm, given.statement, key)
        self._nonces.use(NoncePurpose.ARM, asked.nonce, self._time.uptime_ms)
        if self._device.state is not DeviceState.IDLE:
            raise Refused(StatusCode.WRONG_STATE, "not_idle")
        if asked.patient_id != self._ownership.require_owner().patient_id:
            raise Refused(StatusCode.REFUSED, "other_patient")
        verdict = self._device.lock(Question.OPEN)
        if not verdict.permitted:
            codes = tuple(int(reason.code) for reason in verdict.reasons)
            raise Refused(StatusCode.LOCKED, "locked", codes)
        prescription, named = self._ownership.prescription, self._ownership.prescription_hash
        if prescription is None or named is None or asked.prescription_hash != named:
            raise Refused(StatusCode.REFUSED, "other_prescription")
        return self._armed(given.statement, asked, prescription, named, key)

    def _armed(
        self,
        message: bytes,
        asked: Arm,
        prescription: Prescription,
        prescription_hash: bytes,
        app: PublicKey,
    ) -> operations.ArmResult:
        own = SoftwareKey.generate()
        answer = sign1.sign(
            ArmAnswer(_hash(message), asked.session_id, own.public_key.data, ARMED_MS),
            audience=app.key_id,
            signer=self._parts.identity.signer,
        )
        try:
            other = PublicKey(asked.ephemeral_key)
        except TrustError as problem:
            raise Refused(StatusCode.BAD_REQUEST, "ephemeral_key") from problem
        shared = session_key.derive(own, other, message, answer)
        reader = session_key.CommandReader(shared, asked.session_id)
        self._treatment.arm(
            Armed(asked.session_id, prescription, prescription_hash, _hash(message), reader)
        )
        return operations.ArmResult(answer)

    def _open_start_window(self, _: Any) -> Nothing:
        self._treatment.open_window()
        return Nothing()

    def _start(self, _: Any) -> Nothing:
        armed = self._treatment.armed
        if armed is not None and armed.prescription.button_required:
            raise Refused(StatusCode.BUTTON_NEEDED, "press_the_button")
        self._treatment.start()
        return Nothing()

    def _resume(self, _: Any) -> Nothing:
        self._treatment.resume()
        return Nothing()

    def _pause(self, _: Any) -> Nothing:
        self._treatment.pause(PauseCause.PAUSE_ASKED)
        return Nothing()

    def _stop(self, _: Any) -> Nothing:
        self._treatment.stop()
        return Nothing()

    def _close(self, _: Any) -> Nothing:
        self._treatment.close(CloseCause.ENDED_BY_PERSON)
        return Nothing()

    def _beat(self, _: Any) -> Nothing:
        self._treatment.watch.beat(self._time.uptime_ms)
        return Nothing()

    def _still_here(self, _: Any) -> Nothing:
        self._treatment.watch.still_here(self._time.uptime_ms)
        return Nothing()

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

    def _session_outcome(self, asked: operations.SessionArguments) -> operations.OutcomeResult:
        armed, state = self._treatment.armed, self._journal.state
        if armed is not None and armed.session_id == asked.session_id:
            charged = 0 if state.session is None else state.session.charged_pulses
            return operations.OutcomeResult(_OUTCOMES[self._treatment.state], charged)
        last = state.last_session
        if last is not None and last.session_id == asked.session_id:
            outcome = Outcome.COMPLETED if last.completed else Outcome.PARTIAL
            return operations.OutcomeResult(outcome, last.charged_pulses)
        return operations.OutcomeResult(Outcome.UNKNOWN, 0)

    # Common steps

    def _require_quiet(self) -> None:
        if self._device.state is not DeviceState.IDLE:
            raise Refused(StatusCode.WRONG_STATE, "not_idle")

    def _wall_s(self) -> int | None:
        wall_ms = self._time.wall_ms()
        return None if wall_ms is None else wall_ms // 1000

    def _now_s(self) -> int:
        now_s = self._wall_s()
        if now_s is None:
            raise Refused(StatusCode.WRONG_STATE, "clock_not_trusted")
        return now_s

    def _write(self, body: records.Body) -> None:
        self._journal.append(body, self._time.wall_ms())


_OUTCOMES = {
    DeviceState.IDLE: Outcome.NOT_STARTED,
    DeviceState.ARMED: Outcome.ARMED,
    DeviceState.STIMULATING: Outcome.RUNNING,
    DeviceState.PAUSED: Outcome.PAUSED,
}


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
