"""The control point's operations of a session: arm, start, pause, go on, end (R10 to R13).

Each is carried out or refused here; what follows in pulses and deadlines is the treatment's to do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from firmware_bridge.emulator.firmware.armed import QUESTIONS, Armed
from firmware_bridge.emulator.firmware.journal import Journal
from firmware_bridge.emulator.firmware.modes import Modes
from firmware_bridge.emulator.firmware.nonces import Nonces
from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.ownership import Ownership
from firmware_bridge.emulator.firmware.ports import Parts
from firmware_bridge.emulator.firmware.timekeeping import Timekeeping
from firmware_bridge.emulator.firmware.treatment import ARMED_MS, Treatment
from shared.dose.lock import Question, Verdict
from shared.dose.prescription import Prescription
from shared.trust import session_key, sign1
from shared.trust.errors import TrustError
from shared.trust.keys import RANDOM_BYTES, PublicKey, SoftwareKey
from shared.trust.statements import Arm, ArmAnswer
from shared.wire import operations
from shared.wire.operations import NoncePurpose, Nothing, Operation, Outcome, StatusCode
from shared.wire.records import CloseCause, PauseCause, SessionKind
from shared.wire.status import DeviceState


class Device(Protocol):
    """What is asked of the core here."""

    def lock(self, question: Question, prescription: Prescription | None = None) -> Verdict:
        """Ask the dose lock."""

    @property
    def state(self) -> DeviceState:
        """The device's state."""


class SessionCommands:
    """Carries out what the app asks for around a session."""

    def __init__(
        self,
        device: Device,
        parts: Parts,
        nonces: Nonces,
        time: Timekeeping,
        journal: Journal,
        ownership: Ownership,
        treatment: Treatment,
        modes: Modes,
    ) -> None:
        self._device, self._parts, self._nonces, self._time = device, parts, nonces, time
        self._journal, self._ownership, self._treatment = journal, ownership, treatment
        self._modes = modes
        self.steps: dict[Operation, Callable[[Any], Any]] = {
            Operation.ARM: self._arm,
            Operation.OPEN_START_WINDOW: self._open_start_window,
            Operation.START: self._start,
            Operation.RESUME: self._resume,
            Operation.PAUSE: self._pause,
            Operation.STOP: self._stop,
            Operation.CLOSE: self._close,
            Operation.BEAT: self._beat,
            Operation.STILL_HERE: self._still_here,
            Operation.SOFTEN: self._soften,
            Operation.TITRATE: self._titrate,
            Operation.REPOSITIONED: self._repositioned,
            Operation.PRACTICE: self._practice,
            Operation.SELF_TEST: self._self_test,
            Operation.SESSION_OUTCOME: self._session_outcome,
        }

    def _arm(self, given: operations.StatementArguments) -> operations.ArmResult:
        key = self._ownership.app_in_control(given.statement, self._time.wall_s())
        asked = self._ownership.statement(Arm, given.statement, key)
        self._nonces.use(NoncePurpose.ARM, asked.nonce, self._time.uptime_ms)
        if asked.patient_id != self._ownership.require_owner().patient_id:
            raise Refused(StatusCode.REFUSED, "other_patient")
        kind, prescription = self._asked_for(asked)
        verdict = self._device.lock(QUESTIONS[kind], prescription)
        if not verdict.permitted:
            codes = tuple(int(reason.code) for reason in verdict.reasons)
            raise Refused(StatusCode.LOCKED, "locked", codes)
        assert prescription is not None
        return self._armed(given.statement, asked, prescription, kind, key)

    def _asked_for(self, asked: Arm) -> tuple[SessionKind, Prescription | None]:
        """Return what the app means: the treatment in force, its make-up, or a titration."""
        known = self._ownership
        if known.titration is not None and asked.prescription_hash == known.titration_hash:
            return SessionKind.TITRATION, known.titration
        if known.prescription is not None and asked.prescription_hash != known.prescription_hash:
            raise Refused(StatusCode.REFUSED, "other_prescription")
        kind = SessionKind.MAKE_UP if asked.make_up else SessionKind.TREATMENT
        return kind, known.prescription

    def _armed(
        self,
        message: bytes,
        asked: Arm,
        prescription: Prescription,
        kind: SessionKind,
        app: PublicKey,
    ) -> operations.ArmResult:
        own = SoftwareKey.from_random(self._parts.randomness.bytes(RANDOM_BYTES))
        answer = sign1.sign(
            ArmAnswer(sign1.name_of(message), asked.session_id, own.public_key.data, ARMED_MS),
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
            Armed(
                asked.session_id,
                prescription,
                asked.prescription_hash,
                sign1.name_of(message),
                reader,
                kind,
            )
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

    def _pause(self, asked: operations.PauseArguments) -> Nothing:
        call = asked.cause is PauseCause.INCOMING_CALL
        self._treatment.pause(PauseCause.INCOMING_CALL if call else PauseCause.PAUSE_ASKED)
        return Nothing()

    def _stop(self, _: Any) -> Nothing:
        self._modes.end_practice()
        self._treatment.stop()
        return Nothing()

    def _close(self, _: Any) -> Nothing:
        self._modes.end_practice()
        self._treatment.close(CloseCause.ENDED_BY_PERSON)
        return Nothing()

    def _beat(self, _: Any) -> Nothing:
        self._treatment.watch.beat(self._time.uptime_ms)
        return Nothing()

    def _still_here(self, _: Any) -> Nothing:
        self._treatment.watch.still_here(self._time.uptime_ms)
        return Nothing()

    def _soften(self, asked: operations.SealedPercentArguments) -> Nothing:
        self._treatment.soften(asked.percent_mso)
        return Nothing()

    def _titrate(self, asked: operations.SealedPercentArguments) -> Nothing:
        self._treatment.titrate(asked.percent_mso)
        return Nothing()

    def _repositioned(self, _: Any) -> Nothing:
        self._treatment.repositioned()
        return Nothing()

    def _practice(self, _: Any) -> Nothing:
        self._modes.practise()
        return Nothing()

    def _self_test(self, _: Any) -> Nothing:
        self._modes.self_test()
        return Nothing()

    def _session_outcome(self, asked: operations.SessionArguments) -> operations.OutcomeResult:
        armed, state = self._treatment.armed, self._journal.state
        if armed is not None and armed.session_id == asked.session_id:
            charged = 0 if state.session is None else state.session.charged_pulses
            return operations.OutcomeResult(_OUTCOMES[self._treatment.state], charged)
        unclosed = state.session
        if unclosed is not None and unclosed.session_id == asked.session_id:
            # A part failed and took no closing record: what was reserved last counts whole (R1).
            return operations.OutcomeResult(Outcome.PARTIAL, unclosed.charged_pulses)
        last = state.last_session
        if last is not None and last.session_id == asked.session_id:
            outcome = Outcome.COMPLETED if last.completed else Outcome.PARTIAL
            return operations.OutcomeResult(outcome, last.charged_pulses)
        return operations.OutcomeResult(Outcome.UNKNOWN, 0)


_OUTCOMES = {
    DeviceState.IDLE: Outcome.NOT_STARTED,
    DeviceState.ARMED: Outcome.ARMED,
    DeviceState.STIMULATING: Outcome.RUNNING,
    DeviceState.PAUSED: Outcome.PAUSED,
    DeviceState.REPOSITIONING: Outcome.PAUSED,
}
