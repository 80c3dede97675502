"""What an accepted arm request fixed for the session that it opens (R9, R10, R14)."""

from __future__ import annotations

from dataclasses import dataclass

from shared.dose.ledger import LedgerState
from shared.dose.lock import Question
from shared.dose.make_up import first_train, pulses_left
from shared.dose.prescription import Prescription
from shared.trust.session_key import CommandReader
from shared.wire.records import SessionKind

TITRATION_PULSES_MAX = 100
"""A titration has at most this many pulses (R14)."""

QUESTIONS = {
    SessionKind.TREATMENT: Question.OPEN,
    SessionKind.MAKE_UP: Question.MAKE_UP,
    SessionKind.TITRATION: Question.OPEN,
}


@dataclass
class Armed:
    """The session, the prescription that it goes by, and the key of its commands."""

    session_id: bytes
    prescription: Prescription
    prescription_hash: bytes
    arm_hash: bytes
    commands: CommandReader
    kind: SessionKind = SessionKind.TREATMENT
    completed_sessions: int = 0
    softened_percent_mso: int = 100

    @property
    def is_titration(self) -> bool:
        """True when pulses come one by one, on demand."""
        return self.kind is SessionKind.TITRATION

    @property
    def question(self) -> Question:
        """What the lock is asked before this session opens."""
        return QUESTIONS[self.kind]

    def first_train(self, past: LedgerState) -> int:
        """Return the train that the session begins with: a make-up's first whole one (R9)."""
        last = past.last_session
        return first_train(last) if self.kind is SessionKind.MAKE_UP and last is not None else 1

    def planned_pulses(self, past: LedgerState) -> int:
        """Return the pulses of the whole session, its rest, or the most of a titration."""
        if self.is_titration:
            return TITRATION_PULSES_MAX
        if self.kind is SessionKind.MAKE_UP and past.last_session is not None:
            return pulses_left(self.prescription, past.last_session)
        return self.prescription.pulses_per_session

    def percent_mso(self, part: int) -> int:
        """Return the output of a part: ramped, never above what was softened to (R9, R13)."""
        signed = self.prescription.percent_mso(part, self.completed_sessions)
        return min(signed, self.softened_percent_mso)
