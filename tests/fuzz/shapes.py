"""What the wire's declarations allow at each place of a tree, and random examples that keep to it.

Everything comes from the metadata of ``wire(...)``, so that a new field or dataclass is covered
without a line here.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from shared.wire.fields import MAXIMUM_INT, Limits
from tests.fuzz.signing import KEYS

_NO_LIMITS = Limits(0, 0, None, None)
_LETTERS = "abcdefghijklmnopqrstuvwxyzABC 0123456789.-_/ÄßéЖ中🙂\x00"
_TRIES = 200
_LONGEST = 5_000


@dataclass(frozen=True)
class Shape:
    """One place: its type and limits, and its members by map key or list position."""

    hint: Any = None
    limits: Limits = _NO_LIMITS
    members: Mapping[int, Shape] = field(default_factory=dict)
    item: Shape | None = None


def _shape(kind: Any, limits: Limits) -> Shape:
    kind = of_option(kind)
    if typing.get_origin(kind) is tuple:
        return Shape(kind, limits, item=shape_of(typing.get_args(kind)[0]))
    if not dataclasses.is_dataclass(kind):
        return Shape(kind, limits)
    hints = typing.get_type_hints(kind)
    members = {}
    for each in dataclasses.fields(kind):
        declared: Limits = each.metadata["wire"]
        members[declared.number] = shape_of(hints[each.name], declared)
    return Shape(kind, limits, members)


def shape_of(kind: Any, limits: Limits = _NO_LIMITS) -> Shape:
    """Return the shape of a dataclass with wire fields, or of one field's type."""
    return _shapes(kind, limits)


def example(kind: Any, rng: Random) -> Any:
    """Return an instance within its limits; one that its own constructor refuses is made anew."""
    hints = typing.get_type_hints(kind)
    for _ in range(_TRIES):
        arguments = {
            each.name: value(hints[each.name], each.metadata["wire"], rng)
            for each in dataclasses.fields(kind)
        }
        try:
            return kind(**arguments)
        except ValueError:
            continue
    raise AssertionError(f"no example of {kind.__name__} holds; give it a seed of its own")


def value(hint: Any, limits: Limits, rng: Random) -> Any:
    """Return a value of one field, often at the edge of what it may be."""
    if of_option(hint) is not hint:
        return None if rng.random() < 0.3 else value(of_option(hint), limits, rng)
    if typing.get_origin(hint) is tuple:
        return _tuple(typing.get_args(hint)[0], limits, rng)
    if dataclasses.is_dataclass(hint):
        return example(hint, rng)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return rng.choice(list(hint))
    if hint is bool:
        return rng.random() < 0.5
    return _whole(limits, rng) if hint is int else _string(hint, limits, rng)


def bounds(limits: Limits, hint: Any) -> tuple[int, int]:
    """Return least and most: of the value for an integer, of the length for anything else."""
    if limits.length is not None:
        return limits.length, limits.length
    most = MAXIMUM_INT if hint is int else 64
    return limits.minimum, most if limits.maximum is None else limits.maximum


@functools.cache
def _shapes(kind: Any, limits: Limits) -> Shape:
    return _shape(kind, limits)


def of_option(hint: Any) -> Any:
    """Return the type of an optional field; any other as it is."""
    if typing.get_origin(hint) not in (types.UnionType, typing.Union):
        return hint
    return next(part for part in typing.get_args(hint) if part is not type(None))


def _tuple(inner: Any, limits: Limits, rng: Random) -> tuple[Any, ...]:
    least, most = bounds(limits, tuple)
    if rng.random() < 0.95:
        most = max(least, min(most, 3))
    return tuple(value(inner, _NO_LIMITS, rng) for _ in range(rng.randint(least, most)))


def _whole(limits: Limits, rng: Random) -> int:
    least, most = bounds(limits, int)
    way = rng.random()
    if way < 0.3:
        return rng.choice((least, most, min(least + 1, most), max(most - 1, least)))
    if way < 0.6:
        return rng.randint(least, most)
    return min(most, least + rng.getrandbits(rng.randint(1, 53)))


def _string(hint: Any, limits: Limits, rng: Random) -> Any:
    least, most = bounds(limits, hint)
    most = min(most, _LONGEST)
    if rng.random() < 0.9:
        most = max(least, min(most, 80))
    length = rng.choice((least, most, rng.randint(least, most)))
    if hint is bytes:
        if length == len(KEYS[0].public_key.data) and rng.random() < 0.7:
            return rng.choice(KEYS).public_key.data
        return rng.randbytes(length)
    text = "".join(rng.choices(_LETTERS if rng.random() < 0.3 else _LETTERS[:40], k=length))
    while len(text.encode()) > most:
        text = text[:-1]
    return text if len(text.encode()) >= least else "a" * least
