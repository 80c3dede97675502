"""What app and staff say around a session: answers, presence, training, delay (R9, R15, R16).

Whether an answer is true rests on the person and the app; what follows from it is the device's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from firmware_bridge.emulator.firmware.holds import Holds
from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.rooms import Rooms
from shared.trust import sign1
from shared.trust.staff_words import Supervise
from shared.trust.statements import (
    GateAnswers,
    GateOutcome,
    Postpone,
    SideEffectAnswers,
    TrainingDone,
)
from shared.wire import records
from shared.wire.operations import (
    NoncePurpose,
    Nothing,
    Operation,
    StatementArguments,
    StatusCode,
)


class Presence:
    """Carries out what is said around a session."""

    def __init__(self, rooms: Rooms, holds: Holds) -> None:
        self._rooms, self._holds = rooms, holds
        self.steps: dict[Operation, Callable[[Any], Any]] = {
            Operation.GATE_ANSWERS: self._gate_answers,
            Operation.SUPERVISE: self._supervise,
            Operation.TRAINING_DONE: self._training_done,
            Operation.SIDE_EFFECT_ANSWERS: self._side_effect_answers,
            Operation.POSTPONE: self._postpone,
        }

    def _gate_answers(self, given: StatementArguments) -> Nothing:
        """A hold stands on the record before the answer: no power cut leaves it out (R16)."""
        answers, _ = self._rooms.by_app_in_control(GateAnswers, given)
        self._rooms.require_patient(answers.patient_id)
        self._rooms.use_nonce(NoncePurpose.GATE_ANSWERS, answers.nonce)
        if answers.outcome is GateOutcome.HOLD:
            self._holds.place_own(f"screening:{answers.reason or ''}")
        self._rooms.journal.write(
            records.GateAnswersBody(
                sign1.name_of(given.statement),
                answers.outcome,
                answers.postpone_s,
                answers.rules_version,
                answers.confirmed,
            )
        )
        return Nothing()

    def _supervise(self, _: Any) -> Nothing:
        """Trained staff is present for the next session (R15)."""
        said = self._rooms.by_staff(Supervise)
        self._rooms.require_this_device(said.word.device_id)
        self._rooms.require_patient(said.word.patient_id)
        self._rooms.use_nonce(NoncePurpose.SUPERVISE, said.word.nonce)
        self._rooms.journal.write(records.SupervisedBody(said.name, said.signer))
        return Nothing()

    def _training_done(self, given: StatementArguments) -> Nothing:
        """The lessons were gone through; seen again, or an older version's, it changes nothing."""
        done = self._rooms.by_app(TrainingDone, given)
        self._rooms.require_patient(done.patient_id)
        if done.version > (self._rooms.past.trained or 0):
            name = sign1.name_of(given.statement)
            self._rooms.journal.write(records.TrainingDoneBody(name, done.version))
        return Nothing()

    def _side_effect_answers(self, given: StatementArguments) -> Nothing:
        """A red flag's hold stands on the record before the answer; it needs no clock (R21)."""
        answers = self._rooms.by_app_failing_closed(SideEffectAnswers, given)
        if answers.red_flag is None:
            self._rooms.by_app(SideEffectAnswers, given)
        self._rooms.require_patient(answers.patient_id)
        last, flag = self._rooms.past.last_session, answers.red_flag
        if last is None or last.session_id != answers.session_id:
            raise Refused(StatusCode.REFUSED, "other_session")
        if last.red_flag or (last.red_flag is False and flag is None):
            return Nothing()
        if flag is not None:
            self._holds.place_own(f"side effect:{flag}")
        self._rooms.journal.write(
            records.SideEffectAnswersBody(
                sign1.name_of(given.statement), answers.session_id, flag is not None
            )
        )
        return Nothing()

    def _postpone(self, given: StatementArguments) -> Nothing:
        """The next session is put off; only a `lift_hold` assertion shortens it (R16)."""
        asked = self._rooms.by_app_failing_closed(Postpone, given)
        self._rooms.require_patient(asked.patient_id)
        self._rooms.use_nonce(NoncePurpose.POSTPONE, asked.nonce)
        name = sign1.name_of(given.statement)
        self._rooms.journal.write(records.PostponedBody(name, asked.postpone_s))
        return Nothing()
