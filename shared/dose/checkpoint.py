"""The ledger's state as bytes, for a checkpoint: every field of it, and nothing derived.

The fields are read off the dataclasses, so that one more needs no change here; ``layout`` names the
set of fields, so that bytes of another firmware's set are never taken for this one's. Canonical
CBOR: one state has one encoding, and equal bytes are equal states.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import hashlib
import types
import typing
from collections.abc import Callable, Iterator
from typing import Any

from shared.dose.ledger import LedgerState
from shared.wire import canonical
from shared.wire.errors import WireError

LAYOUT_BYTES = 8

_SCALARS = (int, bytes, str, bool)
_Reader = Callable[[str, Any], Any]


def to_bytes(state: LedgerState) -> bytes:
    """Return the canonical bytes of a state."""
    return canonical.encode(_plain(state))


def from_bytes(data: bytes) -> LedgerState:
    """Return the state that ``data`` encodes; raise WireError for anything else."""
    state: LedgerState = _reader(LedgerState)("state", canonical.decode(data))
    return state


@functools.cache
def layout() -> bytes:
    """Return a short hash over the names and types of all fields."""
    return hashlib.sha256("\n".join(_lines(LedgerState, set())).encode()).digest()[:LAYOUT_BYTES]


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value):
        kind: Any = type(value)
        return [_plain(getattr(value, name)) for name in _names(kind)]
    return value


@functools.cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind) if field.init)


def _types(kind: Any) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(kind)
    return tuple((name, hints[name]) for name in _names(kind))


@functools.cache
def _reader(hint: Any) -> _Reader:
    """Return what reads a value of type ``hint`` back; raise TypeError where nothing can."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _optional(*(part for part in inner if part is not types.NoneType))
    if origin is tuple and inner[-1] is Ellipsis:
        return _many(_reader(inner[0]))
    if origin is tuple:
        return _fixed(tuple(_reader(part) for part in inner), tuple)
    if dataclasses.is_dataclass(hint):
        return _record(hint)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return _member(hint)
    if hint in _SCALARS:
        return _scalar(hint)
    raise TypeError(f"a checkpoint has no bytes for {hint}")


def _optional(hint: Any) -> _Reader:
    read = _reader(hint)
    return lambda name, value: None if value is None else read(name, value)


def _many(read: _Reader) -> _Reader:
    return lambda name, value: tuple(read(name, item) for item in _list(name, value))


def _fixed(readers: tuple[_Reader, ...], build: Callable[[list[Any]], Any]) -> _Reader:
    def read(name: str, value: Any) -> Any:
        items = _list(name, value)
        if len(items) != len(readers):
            raise WireError(name, f"has {len(items)} fields, not {len(readers)}")
        values = [one(name, item) for one, item in zip(readers, items, strict=True)]
        try:
            return build(values)
        except WireError:
            raise
        except ValueError as problem:
            raise WireError(name, str(problem)) from problem

    return read


def _record(kind: Any) -> _Reader:
    readers = tuple(_reader(part) for _, part in _types(kind))
    return _fixed(readers, lambda values: kind(**dict(zip(_names(kind), values, strict=True))))


def _member(kind: type[enum.Enum]) -> _Reader:
    members = {member.value: member for member in kind}

    def read(name: str, value: Any) -> Any:
        if type(value) not in (int, str) or value not in members:
            raise WireError(name, f"{value!r:.40} is not one of {kind.__name__}")
        return members[value]

    return read


def _scalar(kind: type) -> _Reader:
    def read(name: str, value: Any) -> Any:
        if type(value) is not kind:
            raise WireError(name, f"is not of type {kind.__name__}")
        return value

    return read


def _list(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise WireError(name, "is not a list")
    return value


def _lines(hint: Any, seen: set[Any]) -> Iterator[str]:
    """Yield a line for each field of every dataclass and enum that ``hint`` leads to."""
    for part in typing.get_args(hint):
        yield from _lines(part, seen)
    if hint in seen or not isinstance(hint, type):
        return
    seen.add(hint)
    if issubclass(hint, enum.Enum):
        yield f"{hint.__name__}: {[member.value for member in hint]}"
    if dataclasses.is_dataclass(hint):
        for name, part in _types(hint):
            yield f"{hint.__name__}.{name}: {part}"
            yield from _lines(part, seen)
