"""The clock server's lines: how the parts of a compressed day share one time.

One JSON object a line. Pure text codec; who connects to whom stands in firmware_bridge.timebase
and cloud.clock.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from shared.wire.errors import WireError

DEFAULT_STEP_MS = 50
MAXIMUM_LINE_BYTES = 4096


@dataclass(frozen=True)
class Tick:
    """One instant: tick number, milliseconds since the server's start, Unix milliseconds."""

    number: int
    elapsed_ms: int
    wall_ms: int


def tick_line(tick: Tick) -> bytes:
    """Return the line that announces ``tick``."""
    return _line({"tick": tick.number, "elapsed_ms": tick.elapsed_ms, "wall_ms": tick.wall_ms})


def join_line(name: str, *, acks: bool) -> bytes:
    """Return the first line of a participant; with ``acks`` the time waits for it."""
    return _line({"join": name, "acks": acks})


def ack_line(number: int) -> bytes:
    """Return the line that lets the time go on after tick ``number``."""
    return _line({"ack": number})


def control_line(**wish: float | int) -> bytes:
    """Return a control line: ``rate`` (simulated seconds a second) or ``advance_ms``."""
    return _line({"control": wish})


def parse_line(line: bytes) -> dict[str, Any]:
    """Return the object of one line; raise WireError for anything but one JSON object."""
    if len(line) > MAXIMUM_LINE_BYTES:
        raise WireError("line", f"is longer than {MAXIMUM_LINE_BYTES} bytes")
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as problem:
        raise WireError("line", "is not JSON") from problem
    if not isinstance(value, dict):
        raise WireError("line", "is not an object")
    return value


def parse_tick(line: bytes) -> Tick:
    """Return the tick that a server's line announces."""
    value = parse_line(line)
    numbers = [value.get(name) for name in ("tick", "elapsed_ms", "wall_ms")]
    whole = [n for n in numbers if isinstance(n, int) and not isinstance(n, bool) and n >= 0]
    if len(whole) != 3:
        raise WireError("tick", "lacks a whole number")
    return Tick(*whole)


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"
