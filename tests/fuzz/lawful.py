"""Whether what a parser accepted keeps to its declaration: a second look, by code of our own.

Writing again can't show it, since reading and writing share their checks.
"""

from __future__ import annotations

import dataclasses
import functools
import typing
from collections.abc import Iterator
from typing import Any

from shared.wire.fields import Limits
from tests.fuzz.shapes import bounds, of_option


def faults(value: Any) -> Iterator[str]:
    """Yield each field of a dataclass, and of those within it, that is outside its declaration."""
    if isinstance(value, tuple):
        for item in value:
            yield from faults(item)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return
    for name, hint, limits in _declared(type(value)):
        item = getattr(value, name)
        if limits is not None and not _holds(item, hint, limits):
            yield f"{type(value).__name__}.{name} is {item!r:.60}"
        yield from faults(item)


@functools.cache
def _declared(kind: type[Any]) -> tuple[tuple[str, Any, Limits | None], ...]:
    hints = typing.get_type_hints(kind)
    every = dataclasses.fields(kind)
    return tuple((each.name, hints[each.name], each.metadata.get("wire")) for each in every)


def _holds(item: Any, hint: Any, limits: Limits) -> bool:
    wanted = of_option(hint)
    if item is None:
        return wanted is not hint
    kind = typing.get_origin(wanted) or wanted
    if type(item) is not kind:
        return False
    if kind is int:
        size = item
    elif kind in (bytes, str, tuple):
        size = len(item.encode()) if kind is str else len(item)
    else:
        return True
    least, most = bounds(limits, kind)
    return least <= size and (size <= most or (limits.maximum is None and kind is not int))
