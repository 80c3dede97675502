"""What the dose lock is asked, and what it rests on: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from shared.dose.ledger_state import LedgerState
from shared.dose.prescription import Prescription


class Question(Enum):
    """What is asked of the lock."""

    OPEN = auto()
    """May a whole new session, or a titration, open?"""

    MAKE_UP = auto()
    """May the rest of the last session be made up (R9)?"""

    RESUME = auto()
    """May the open session go on with what is left of it (R12)?"""


@dataclass(frozen=True)
class Times:
    """Now, twice: proven elapsed time ends locks, the trusted wall clock ends permissions (R5).

    ``wall_ms`` is None while the clock is lost or provisional; permissions then count as ended.
    """

    proven_ms: int
    wall_ms: int | None

    @property
    def wall_s(self) -> int | None:
        """The trusted wall clock in whole seconds."""
        return None if self.wall_ms is None else self.wall_ms // 1000


@dataclass(frozen=True)
class Condition:
    """The device's own gates (R15). ``coil`` is the one that is fitted, None where unknown."""

    coil_temperature_c: int
    contact: bool
    position_ok: bool
    battery_percent: int
    self_test_passed: bool
    ledger_has_room: bool
    faulty: bool
    firmware_confirmed: bool = True
    moving: bool = False
    coil: str | None = None


@dataclass(frozen=True)
class Case:
    """All that the decision rests on. ``condition`` is None where the band is out of reach: the
    app then explains all but the device's own gates."""

    prescription: Prescription | None
    device_id: bytes
    ledger: LedgerState
    times: Times
    condition: Condition | None
    question: Question = Question.OPEN

    @property
    def opens(self) -> bool:
        """True where pulses of a new session are asked for, whole or made up."""
        return self.question is not Question.RESUME
