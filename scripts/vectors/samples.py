"""A sample of any dataclass with wire fields, inside the limits that its fields declare."""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import typing
from typing import Any, TypeVar

from scripts.vectors.keys import key_for_tests
from shared.trust.statements import KEY_BYTES
from shared.wire.fields import Limits

T = TypeVar("T")


def sample(kind: type[T], seed: str = "", **given: Any) -> T:
    """Return a sample; the same for the same ``seed``. ``given`` fields are as they are given."""
    hints = typing.get_type_hints(kind)
    values = {
        each.name: _value(hints[each.name], each.metadata["wire"], f"{seed}.{each.name}")
        for each in dataclasses.fields(typing.cast(Any, kind))
        if each.name not in given and each.default is dataclasses.MISSING
    }
    return kind(**values, **given)


def _value(hint: Any, limits: Limits, seed: str) -> Any:
    origin = typing.get_origin(hint)
    if origin is tuple:
        inner, size = typing.get_args(hint)[0], max(1, limits.minimum)
        return tuple(_value(inner, Limits(0, 0, None, None), f"{seed}{i}") for i in range(size))
    if origin is not None:
        return None
    if dataclasses.is_dataclass(hint):
        return sample(typing.cast(Any, hint), seed)
    if issubclass(hint, enum.Enum):
        return next(iter(hint))
    return _scalar(hint, limits, seed)


def _scalar(hint: Any, limits: Limits, seed: str) -> Any:
    digest = hashlib.sha256(seed.encode()).digest()
    if hint is bool:
        return bool(digest[0] & 1)
    if hint is int:
        room = (limits.maximum or limits.minimum + 10**6) - limits.minimum
        return limits.minimum + int.from_bytes(digest[:6], "big") % (room + 1)
    if hint is str:
        return "sample"[: limits.maximum] if limits.minimum <= 6 else "s" * limits.minimum
    if limits.length == KEY_BYTES:
        return key_for_tests(seed).public_key.data
    size = limits.length or max(16, limits.minimum)
    return (digest * (size // len(digest) + 1))[:size]
