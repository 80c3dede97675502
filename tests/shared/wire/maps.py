"""CBOR maps of every dataclass on the wire: full, bare, and broken in one place."""

from __future__ import annotations

import enum
import typing
from collections.abc import Iterator
from typing import Any

from scripts.protocol_fields import is_optional, wire_fields
from shared.stimulation.pattern import Pattern
from shared.wire.fields import MAXIMUM_INT, Limits

UNKNOWN_KEY = 999
_NO_LIMITS = Limits(0, 0, None, None)
_BEYOND_FORM: dict[type[Any], dict[int, Any]] = {
    Pattern: {1: 2, 2: 5_000, 3: 3, 4: 50_000, 5: 10},
}
"""Dataclasses that ask more than each field's limits: a map that they take."""


def full(kind: type[Any]) -> dict[int, Any]:
    """Every field, each as large as it may be."""
    if kind in _BEYOND_FORM:
        return _BEYOND_FORM[kind]
    return {f.number: _value(hint, f, largest=True) for _, f, hint in wire_fields(kind)}


def bare(kind: type[Any]) -> dict[int, Any]:
    """No optional field, each other one as small as it may be."""
    if kind in _BEYOND_FORM:
        return _BEYOND_FORM[kind]
    return {
        f.number: _value(hint, f, largest=False)
        for _, f, hint in wire_fields(kind)
        if not is_optional(hint)
    }


def broken(kind: type[Any]) -> Iterator[tuple[str, Any]]:
    """Maps that are wrong in one place, each with what is wrong."""
    whole = full(kind)
    yield "not a map", list(whole.values())
    yield "an unknown key", whole | {UNKNOWN_KEY: 0}
    for name, limits, hint in wire_fields(kind):
        if not is_optional(hint):
            without = {key: value for key, value in whole.items() if key != limits.number}
            yield f"{name} is missing", without
        yield f"{name} is null", whole | {limits.number: None}
        for what, value in _wrong(_inner(hint), limits):
            yield f"{name} {what}", whole | {limits.number: value}


def _wrong(hint: Any, limits: Limits) -> Iterator[tuple[str, Any]]:
    """Values that a field doesn't take."""
    yield "is of another kind", [] if hint in (bytes, str, bool) else "text"
    if typing.get_origin(hint) is tuple:
        if limits.maximum is not None:
            item = _value(typing.get_args(hint)[0], _NO_LIMITS, largest=True)
            yield "is a list too long", [item] * (limits.maximum + 1)
        if limits.minimum:
            yield "is a list too short", []
        yield "holds an item of another kind", [None] * max(1, limits.minimum)
    elif hint is int:
        yield "is too high", (MAXIMUM_INT if limits.maximum is None else limits.maximum) + 1
        yield "is too low", limits.minimum - 1
    elif hint in (bytes, str):
        yield from _wrong_lengths(hint, limits)
    elif isinstance(hint, type) and issubclass(hint, enum.IntEnum):
        yield "has no such value", max(hint) + 1


def _wrong_lengths(hint: type[Any], limits: Limits) -> Iterator[tuple[str, Any]]:
    one: Any = b"x" if hint is bytes else "x"
    longest = limits.maximum if limits.length is None else limits.length
    shortest = limits.minimum if limits.length is None else limits.length
    if longest is not None:
        yield "is too long", one * (longest + 1)
    if shortest:
        yield "is too short", one * (shortest - 1)
    if hint is str and longest:
        yield "has too many bytes of few letters", "é" * (longest // 2 + 1)


def _inner(hint: Any) -> Any:
    if not is_optional(hint):
        return hint
    return next(each for each in typing.get_args(hint) if each is not type(None))


def _value(hint: Any, limits: Limits, *, largest: bool) -> Any:
    hint = _inner(hint)
    if typing.get_origin(hint) is tuple:
        count = limits.maximum or 2 if largest else limits.minimum
        return [_value(typing.get_args(hint)[0], _NO_LIMITS, largest=largest)] * count
    if hint is bool:
        return largest
    if hint is int:
        most = MAXIMUM_INT if limits.maximum is None else limits.maximum
        return most if largest else limits.minimum
    if hint in (bytes, str):
        return _string(hint, limits, largest=largest)
    if issubclass(hint, enum.Enum):
        return int(max(hint) if largest else min(hint))
    return full(hint) if largest else bare(hint)


def _string(hint: type[Any], limits: Limits, *, largest: bool) -> Any:
    one: Any = b"x" if hint is bytes else "x"
    if limits.length is not None:
        return one * limits.length
    most = 40 if limits.maximum is None else limits.maximum
    return one * (most if largest else limits.minimum)
