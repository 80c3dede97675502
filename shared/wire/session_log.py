"""What a session's log says inside its seal: what the band measured and what happened."""

from __future__ import annotations

from dataclasses import dataclass

from shared.trust.statements import ID_BYTES
from shared.wire.fields import wire
from shared.wire.status import Telemetry

VERSION = 1


@dataclass(frozen=True)
class LogLine:
    """A sample or an event, at the hour by the phone's best clock."""

    wall_ms: int = wire(1)
    event: str | None = wire(2, maximum=64, default=None)
    sample: Telemetry | None = wire(3, default=None)


@dataclass(frozen=True)
class SessionLogBody:
    """What is sealed."""

    version: int = wire(1)
    session_id: bytes = wire(2, length=ID_BYTES)
    lines: tuple[LogLine, ...] = wire(3)
