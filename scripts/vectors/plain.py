"""Dataclasses as plain JSON values and back, by their type hints: for vectors, not for the wire.

Bytes become hexadecimal, enums their names, tuples lists; fields that are derived are left out.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import types
import typing
from typing import Any, TypeVar

T = TypeVar("T")


def plain(value: Any) -> Any:
    """Return ``value`` as JSON has it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name, _ in _fields(type(value))}
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return value


def parse(kind: type[T], value: Any) -> T:
    """Return the ``kind`` that ``plain`` made this of."""
    return typing.cast(T, _parse(kind, value))


def _parse(hint: Any, value: Any) -> Any:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        inner = [each for each in typing.get_args(hint) if each is not types.NoneType]
        return None if value is None else _parse(inner[0], value)
    if typing.get_origin(hint) is tuple:
        return tuple(_parse(typing.get_args(hint)[0], each) for each in value)
    if dataclasses.is_dataclass(hint):
        made: Any = hint
        known = dict(_fields(made))
        return made(**{name: _parse(known[name], each) for name, each in value.items()})
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return hint[value]
    return bytes.fromhex(value) if hint is bytes else value


@functools.cache
def _fields(kind: Any) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(kind)
    return tuple((each.name, hints[each.name]) for each in dataclasses.fields(kind) if each.init)
