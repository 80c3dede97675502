"""How requests and sessions ended: a refusal's words, and what settles a lost answer.

Not for the operations themselves; ``operations`` has their table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from shared.trust.statements import HASH_BYTES, ID_BYTES
from shared.wire.fields import wire
from shared.wire.operation_codes import StatusCode
from shared.wire.status import REASONS_MAX


@dataclass(frozen=True)
class Refusal:
    """Why not: a stable code, and lock reasons by their codes where the lock refused."""

    code: str = wire(1, maximum=32)
    reasons: tuple[int, ...] = wire(2, maximum=REASONS_MAX, default=())


@dataclass(frozen=True)
class SessionArguments:
    """Name a session."""

    session_id: bytes = wire(1, length=ID_BYTES)


class Outcome(IntEnum):
    """What became of a session that the phone lost sight of."""

    UNKNOWN = 0
    ARMED = 1
    RUNNING = 2
    PAUSED = 3
    COMPLETED = 4
    PARTIAL = 5
    NOT_STARTED = 6


@dataclass(frozen=True)
class OutcomeResult:
    """The settled answer to an uncertain command of a session."""

    outcome: Outcome = wire(1)
    charged_pulses: int = wire(2)


class RequestOutcome(IntEnum):
    """What became of a request whose answer was lost."""

    UNKNOWN = 0
    """The device no longer remembers so far back, or it was another phone's."""

    NEVER_ARRIVED = 1
    """It hasn't been carried out, and won't be."""

    CARRIED_OUT = 2
    REFUSED = 3

    BOOTED_SINCE = 4
    """What the device remembered died with that boot: its status and its record settle it."""


@dataclass(frozen=True)
class RequestOutcomeArguments:
    """Name a request by its id and its bytes, and say what the status had said before it left."""

    request_id: int = wire(1, maximum=2**32 - 1)
    digest: bytes = wire(2, length=HASH_BYTES)
    boot_count: int = wire(3)
    requests_taken: int = wire(4)


@dataclass(frozen=True)
class RequestOutcomeResult:
    """The settled answer to an uncertain request; ``status`` and ``refusal`` where it's refused."""

    outcome: RequestOutcome = wire(1)
    status: StatusCode | None = wire(2, default=None)
    refusal: Refusal | None = wire(3, default=None)
