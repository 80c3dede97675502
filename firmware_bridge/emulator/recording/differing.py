"""What isn't the same at a replay, in words: which step, which field, what then, what today.

Not for deciding what counts: the replay compares bytes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from shared.dose.reasons import ReasonCode
from shared.wire import operations
from shared.wire.errors import WireError
from shared.wire.fields import unpack
from shared.wire.records import decode_record
from shared.wire.status import Status, Telemetry

NOTHING = "nothing"
LONGEST_BYTES = 32
"""More are told by their beginning and how many there are."""


def call_words(name: str, given: tuple[Any, ...], then: Any, today: Any) -> str:
    """How two outcomes of the same call differ."""
    if name == "control":
        return _answers(bytes.fromhex(given[0]), then, today)
    kinds: dict[str, type[Any]] = {"status": Status, "telemetry": Telemetry}
    if name in kinds:
        return f"the {name} differs: {_fields(lambda data: unpack(kinds[name], data), then, today)}"
    return f"{name}{tuple(given)} then {_outcome(then)}, today {_outcome(today)}"


def record_words(then: str | None, today: str | None) -> str:
    """How two ledger records differ."""
    if then is None or today is None:
        which = "today writes one more" if then is None else "isn't written today"
        return f"the ledger: {which}: {_record_name(bytes.fromhex(then or today or ''))}"
    name = _record_name(bytes.fromhex(then))
    return f"ledger record {name} differs: {_fields(decode_record, then, today)}"


def _answers(request: bytes, then: Any, today: Any) -> str:
    try:
        operation = operations.decode_request(request).operation
    except WireError:
        return f"the answer to an unreadable request differs: {then} then, {today} today"
    name = operation.name.lower().replace("_", " ")
    answers = _fields(lambda data: operations.decode_answer(data, operation), then, today)
    return f"the answer to {name} differs: {answers}"


def _record_name(data: bytes) -> str:
    try:
        record = decode_record(data)
    except WireError:
        return data.hex()
    return f"{record.number} ({record.type.name.lower().replace('_', ' ')})"


def _fields(read: Callable[[bytes], Any], then: Any, today: Any) -> str:
    """The fields that differ; where either can't be read, both as they are."""
    try:
        seen = [flat(dataclasses.asdict(read(bytes.fromhex(each)))) for each in (then, today)]
    except (WireError, TypeError, ValueError):
        return f"{_outcome(then)} then, {_outcome(today)} today"
    names = [name for name in {**seen[0], **seen[1]} if seen[0].get(name) != seen[1].get(name)]
    return "; ".join(
        f"{name} {_value(seen[0].get(name))} then, {_value(seen[1].get(name))} today"
        for name in names
    )


def flat(value: dict[str, Any], before: str = "") -> dict[str, Any]:
    """A tree of fields as one level, names joined by dots."""
    found: dict[str, Any] = {}
    for name, item in value.items():
        if isinstance(item, dict):
            found |= flat(item, f"{before}{name}.")
        else:
            found[f"{before}{name}"] = item
    return found


def _value(value: Any) -> str:
    if isinstance(value, bytes):
        return value.hex() if len(value) <= LONGEST_BYTES else f"{value[:8].hex()}… ({len(value)})"
    if isinstance(value, tuple | list):
        return ", ".join(_value(each) for each in value) or NOTHING
    if isinstance(value, dict):
        return _reason(value)
    return NOTHING if value is None else str(getattr(value, "name", value))


def _reason(told: dict[str, Any]) -> str:
    """A lock reason, by its name."""
    name = ReasonCode(told["code"]).name.lower().replace("_", " ")
    ends = told["ends_proven_ms"]
    return name if ends is None else f"{name} until {ends}"


def _outcome(outcome: Any) -> str:
    if isinstance(outcome, dict):
        return f"raised {outcome['raised']}"
    return NOTHING if outcome is None else str(outcome)
