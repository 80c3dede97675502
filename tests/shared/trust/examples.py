"""One example of anything with wire fields, made from the fields' own declarations.

A new statement is covered by every test over all statements without a line here.
"""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from typing import Any

from shared.care import documents
from shared.trust import staff_words, statements
from shared.trust.keys import SoftwareKey
from shared.wire.fields import Limits

SOME_KEY = SoftwareKey.generate().public_key.data
STATEMENTS: tuple[Any, ...] = tuple(
    kind
    for module in (statements, documents)
    for kind in vars(module).values()
    if dataclasses.is_dataclass(kind) and hasattr(kind, "TYPE")
)
STAFF_WORDS: tuple[Any, ...] = tuple(
    kind
    for kind in vars(staff_words).values()
    if dataclasses.is_dataclass(kind) and hasattr(kind, "TYPE") and hasattr(kind, "SCOPE")
)


def example(kind: Any) -> Any:
    """Return an instance whose fields are all there."""
    hints = typing.get_type_hints(kind)
    return kind(
        **{
            each.name: _value(hints[each.name], each.metadata["wire"])
            for each in dataclasses.fields(kind)
        }
    )


def _value(hint: Any, limits: Limits) -> Any:
    hint = _bare(hint)
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)[0]
        return tuple(_value(inner, Limits(0, 0, None, None)) for _ in range(limits.minimum or 1))
    if dataclasses.is_dataclass(hint):
        return example(hint)
    if issubclass(hint, enum.Enum):
        return next(iter(hint))
    if hint is bool:
        return True
    if hint is int:
        return max(limits.minimum, 1)
    return _string(hint, limits.length or max(limits.minimum, 1))


def _string(hint: Any, length: int) -> Any:
    if hint is str:
        return "a" * length
    return SOME_KEY if length == len(SOME_KEY) else b"e" * length


def _bare(hint: Any) -> Any:
    if typing.get_origin(hint) not in (types.UnionType, typing.Union):
        return hint
    return next(part for part in typing.get_args(hint) if part is not type(None))
