"""Dataclass <-> CBOR map with small unsigned keys: one declaration, both directions.

A field says its key and its limits once, by ``wire(...)``; ``to_map`` and ``from_map`` check them
both ways. Absent optional fields are left out of the map, never sent as null.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import types
import typing
from collections.abc import Hashable
from typing import Any, TypeVar

from shared.wire import canonical
from shared.wire.errors import WireError

T = TypeVar("T")
_KEY = "wire"
_SCALARS = frozenset({int, bytes, str, bool})
MAXIMUM_INT = 2**53 - 1


@dataclasses.dataclass(frozen=True)
class Limits:
    """Key and limits of one field: integers by value, bytes, text and tuples by length."""

    number: int
    minimum: int
    maximum: int | None
    length: int | None


_NO_LIMITS = Limits(0, 0, None, None)


@dataclasses.dataclass(frozen=True)
class _Held:
    """What a field holds, read off its annotation once; ``items`` is for a tuple."""

    hint: Any
    optional: bool
    items: _Held | None
    is_record: bool
    is_enum: bool


@dataclasses.dataclass(frozen=True)
class _Declared:
    """The fields of a dataclass, and the keys that its map may have."""

    fields: tuple[tuple[str, Limits, _Held], ...]
    numbers: frozenset[int]


def wire(
    number: int,
    *,
    minimum: int = 0,
    maximum: int | None = None,
    length: int | None = None,
    default: Any = dataclasses.MISSING,
) -> Any:
    """Declare a field with map key ``number``.

    ``minimum`` and ``maximum`` bound integers by value and everything else by length (bytes, text
    in UTF-8 bytes, items); ``length`` fixes a length.
    """
    metadata = {_KEY: Limits(number, minimum, maximum, length)}
    return dataclasses.field(default=default, metadata=metadata)


def pack(value: Any) -> bytes:
    """Return the canonical bytes of a dataclass with wire fields."""
    return canonical.encode(to_map(value))


def unpack(kind: type[T], data: bytes) -> T:
    """Return the ``kind`` that ``data`` encodes; raise WireError for anything else."""
    return from_map(kind, canonical.decode(data))


def to_map(value: Any) -> dict[int, Any]:
    """Return the CBOR map of a dataclass with wire fields, limits checked."""
    result: dict[int, Any] = {}
    for name, limits, held in _declared(typing.cast(Hashable, type(value))).fields:
        item = getattr(value, name)
        if item is not None:
            result[limits.number] = _to_wire(name, item, held, limits)
    return result


def from_map(kind: type[T], value: Any) -> T:
    """Return the ``kind`` that this CBOR map holds; unknown keys are refused."""
    if not isinstance(value, dict):
        raise WireError(kind.__name__, "is not a map")
    declared = _declared(typing.cast(Hashable, kind))
    if not value.keys() <= declared.numbers:
        raise WireError(kind.__name__, f"has an unknown key {min(value.keys() - declared.numbers)}")
    arguments: dict[str, Any] = {}
    for name, limits, held in declared.fields:
        if limits.number in value:
            arguments[name] = _from_wire(name, value[limits.number], held, limits)
        elif held.optional:
            arguments[name] = None
        else:
            raise WireError(f"{kind.__name__}.{name}", "is missing")
    try:
        return kind(**arguments)
    except WireError:
        raise
    except ValueError as problem:
        raise WireError(kind.__name__, str(problem)) from problem


@functools.cache
def _declared(kind: Any) -> _Declared:
    hints = typing.get_type_hints(kind)
    fields = tuple(
        (f.name, f.metadata[_KEY], _held(hints[f.name]))
        for f in dataclasses.fields(kind)
        if _KEY in f.metadata
    )
    return _Declared(fields, frozenset(limits.number for _, limits, _ in fields))


def _held(hint: Any) -> _Held:
    optional = typing.get_origin(hint) in (types.UnionType, typing.Union)
    if optional:
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
    items = _held(typing.get_args(hint)[0]) if typing.get_origin(hint) is tuple else None
    is_enum = isinstance(hint, type) and issubclass(hint, enum.Enum)
    return _Held(hint, optional, items, dataclasses.is_dataclass(hint), is_enum)


def _to_wire(name: str, item: Any, held: _Held, limits: Limits) -> Any:
    if held.items is not None:
        _check_length(name, len(item), limits)
        return [_to_wire(name, part, held.items, _NO_LIMITS) for part in item]
    if type(item) not in _SCALARS:
        if dataclasses.is_dataclass(item):
            return to_map(item)
        if isinstance(item, enum.Enum):
            return item.value
    _check_scalar(name, item, held.hint, limits)
    return item


def _from_wire(name: str, item: Any, held: _Held, limits: Limits) -> Any:
    if held.items is not None:
        if not isinstance(item, list):
            raise WireError(name, "is not a list")
        _check_length(name, len(item), limits)
        return tuple(_from_wire(name, part, held.items, _NO_LIMITS) for part in item)
    if held.is_record:
        return from_map(typing.cast(type[Any], held.hint), item)
    if held.is_enum:
        return _enum(name, item, held.hint)
    _check_scalar(name, item, held.hint, limits)
    return item


def _enum(name: str, item: Any, hint: type[enum.Enum]) -> enum.Enum:
    wanted = int if issubclass(hint, int) else str
    if type(item) is not wanted:
        raise WireError(name, f"is not one of {hint.__name__}")
    try:
        return hint(item)
    except ValueError as problem:
        raise WireError(name, f"{item!r:.40} is not one of {hint.__name__}") from problem


def _check_scalar(name: str, item: Any, hint: Any, limits: Limits) -> None:
    if type(item) is not hint:
        raise WireError(name, f"is not of type {getattr(hint, '__name__', hint)}")
    if hint is int:
        _check_range(name, item, limits)
    elif hint is str:
        _check_length(name, len(item.encode(errors="surrogatepass")), limits)
    elif hint is bytes:
        _check_length(name, len(item), limits)


def _check_range(name: str, item: int, limits: Limits) -> None:
    maximum = MAXIMUM_INT if limits.maximum is None else limits.maximum
    if not limits.minimum <= item <= maximum:
        raise WireError(name, f"{item} is outside {limits.minimum} to {maximum}")


def _check_length(name: str, size: int, limits: Limits) -> None:
    if limits.length is not None and size != limits.length:
        raise WireError(name, f"has length {size}, not {limits.length}")
    if size < limits.minimum or (limits.maximum is not None and size > limits.maximum):
        raise WireError(name, f"has length {size}, outside {limits.minimum} to {limits.maximum}")
