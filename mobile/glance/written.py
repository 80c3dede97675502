"""Frozen values as JSON and back: each dataclass and enum by the name of its class.

Only classes that views consist of are read back. What an older or newer app has written otherwise
is refused whole. A day needs no blocks of a page, and a start that shows it doesn't import them.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import ModuleType
from typing import Any

from mobile.glance import leaves
from mobile.presenters import appearance, pieces, views

_CLASS, _SET, _VALUE = "is", "set", "value"


class NotWrittenHere(Exception):
    """It isn't what this version of the app writes."""


def write(glance: leaves.Glance) -> bytes:
    """Return the glance as JSON."""
    return json.dumps(_plain(glance), separators=(",", ":")).encode()


def read(data: bytes) -> leaves.Glance:
    """Return the glance; raise NotWrittenHere."""
    try:
        glance = _value(json.loads(data))
    except (ValueError, TypeError, KeyError, RecursionError) as problem:
        raise NotWrittenHere(str(problem)) from problem
    if not isinstance(glance, leaves.Glance):
        raise NotWrittenHere(f"is a {type(glance).__name__}")
    return glance


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return {_CLASS: type(value).__name__, _VALUE: value.value}
    if is_dataclass(value):
        named = {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        return {_CLASS: type(value).__name__, **named}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, frozenset):
        return {_CLASS: _SET, _VALUE: sorted(_plain(each) for each in value)}
    return value


def _value(plain: Any) -> Any:
    if isinstance(plain, list):
        return tuple(_value(each) for each in plain)
    if not isinstance(plain, dict):
        return plain
    named = {name: _value(each) for name, each in plain.items() if name != _CLASS}
    if plain[_CLASS] == _SET:
        return frozenset(named[_VALUE])
    kind = _class_of(plain[_CLASS])
    return kind(named[_VALUE]) if issubclass(kind, Enum) else kind(**named)


def _class_of(name: str) -> type:
    """The class that a view may consist of; raise KeyError where it's none."""
    return _CLASSES.get(name) or _blocks()[name]


@cache
def _blocks() -> dict[str, type]:
    from mobile.presenters import page

    return _classes(page)


def _classes(*modules: ModuleType) -> dict[str, type]:
    """What the modules have of it, by name."""
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, type) and (is_dataclass(value) or issubclass(value, Enum))
    }


_CLASSES = _classes(leaves, appearance, pieces, views)
