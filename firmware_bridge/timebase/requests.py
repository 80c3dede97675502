"""What a participant may ask of the clock server, read from the lines of `shared.wire.ticks`.

`shared` has the lines that every participant writes; what only the server must understand,
and answers, stands here.
"""

import json
from dataclasses import dataclass
from typing import Any

from shared.wire import ticks
from shared.wire.errors import WireError

MAXIMUM_RATE = 1_000.0
MAXIMUM_ADVANCE_MS = 400 * 24 * 3600 * 1000


@dataclass(frozen=True)
class Join:
    """A participant presents itself; with `acks` the clock waits for it at every tick."""

    name: str
    acks: bool


@dataclass(frozen=True)
class Ack:
    """All that was due at the tick of this number is done."""

    number: int


@dataclass(frozen=True)
class Fine:
    """A participant wants no long steps, or no longer minds them."""

    wanted: bool


@dataclass(frozen=True)
class SetRate:
    """Simulated seconds per real second; 0 stands still."""

    rate: float


@dataclass(frozen=True)
class Advance:
    """Go this far as fast as the participants acknowledge."""

    advance_ms: int


Request = Join | Ack | Fine | SetRate | Advance


def parse_request(line: bytes) -> Request:
    """Read one line of a participant; anything else is a `WireError`."""
    members = ticks.parse_line(line)
    if "join" in members:
        return Join(_name(members["join"]), _flag(members, "acks"))
    if "ack" in members:
        return Ack(_count(members, "ack"))
    if "fine" in members:
        return Fine(_flag(members, "fine"))
    if "control" in members:
        return _parse_control(members["control"])
    raise WireError("line", "is neither join, nor ack, nor fine, nor control")


def fine_line(*, wanted: bool) -> bytes:
    """A participant's wish for short steps, from now on."""
    return _line({"fine": wanted})


def done_line(elapsed_ms: int, wall_ms: int) -> bytes:
    """The server's answer to a control line that was carried out: where the clock stands."""
    return _line({"done": {"elapsed_ms": elapsed_ms, "wall_ms": wall_ms}})


def refused_line(sentence: str) -> bytes:
    """The server's answer to a line that it doesn't understand."""
    return _line({"refused": sentence})


def _parse_control(value: object) -> SetRate | Advance:
    if not isinstance(value, dict):
        raise WireError("control", "is not an object")
    if set(value) == {"rate"}:
        return SetRate(_rate(value["rate"]))
    if set(value) == {"advance_ms"}:
        return Advance(_distance(value))
    raise WireError("control", "gives neither just a rate nor just a distance")


def _distance(members: dict[str, Any]) -> int:
    advance_ms = _count(members, "advance_ms")
    if advance_ms > MAXIMUM_ADVANCE_MS:
        raise WireError("advance_ms", f"is above {MAXIMUM_ADVANCE_MS}")
    return advance_ms


def _rate(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WireError("rate", "is not a number")
    if not 0 <= value <= MAXIMUM_RATE:
        raise WireError("rate", f"is outside 0 to {MAXIMUM_RATE:g}")
    return float(value)


def _count(members: dict[str, Any], field: str) -> int:
    value = members.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise WireError(field, "is not a whole number from 0 up")
    return value


def _flag(members: dict[str, Any], field: str) -> bool:
    value = members.get(field, False)
    if not isinstance(value, bool):
        raise WireError(field, "is neither true nor false")
    return value


def _name(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise WireError("join", "is not a name")
    return value


def _line(members: dict[str, object]) -> bytes:
    return json.dumps(members, separators=(",", ":")).encode() + b"\n"
