"""Deterministic CBOR: one value has one encoding, and any other bytes are refused.

Map keys are ordered as RFC 7049 section 3.9 says (shorter first, then bytewise). Signed maps use
small unsigned keys only, where RFC 8949 section 4.2.1 gives the same order. Floats, tags,
undefined and indefinite lengths are refused: nothing here has two spellings.
"""

from __future__ import annotations

from typing import Any

import cbor2

from shared.wire.errors import WireError

MAXIMUM_DEPTH = 8
_MAXIMUM_INT = 2**64 - 1
_BYTES, _TEXT, _ARRAY, _MAP = 2, 3, 4, 5
_SIMPLE = b"\xf4\xf5\xf6"  # false, true, null
_WIDTHS = 24


def encode(value: Any) -> bytes:
    """Return the only encoding of ``value``; raise WireError where it has none."""
    _check(value, depth=0)
    encoded: bytes = cbor2.dumps(value, canonical=True)
    return encoded


def decode(data: bytes) -> Any:
    """Return the value of ``data``; raise WireError unless it re-encodes to the same bytes."""
    if not data:
        raise WireError("cbor", "is empty")
    require_backed(data)
    try:
        value = cbor2.loads(data)
    except Exception as problem:  # the CBOR library raises many kinds for junk
        raise WireError("cbor", f"is not readable ({type(problem).__name__})") from problem
    if encode(value) != data:
        raise WireError("cbor", "is not in its deterministic form")
    return value


def require_backed(data: bytes) -> None:
    """Refuse foreign items, and lengths and depths that no bytes back, before the library reads.

    It makes room for the items that a list claims (a kilobyte of nested claims took 170 MB), reads
    tags as regular expressions, messages and decimals, and never frees what it made of text that
    is not UTF-8.
    """
    size, place, due = len(data), 0, 1
    outer: list[int] = []
    while due or outer:
        if not due:
            due = outer.pop()
            continue
        due -= 1
        major, argument, place = _head(data, place)
        if major in (_BYTES, _TEXT):
            if major == _TEXT:
                _check_utf8(data[place : place + argument])
            place += argument
        elif major in (_ARRAY, _MAP):
            outer.append(due)
            due = argument if major == _ARRAY else 2 * argument
            if len(outer) > MAXIMUM_DEPTH + 1:
                raise WireError("cbor", f"is nested deeper than {MAXIMUM_DEPTH}")
        if place + due > size:
            raise WireError("cbor", "names a length beyond its bytes")
    if place != size:
        raise WireError("cbor", "has bytes after its end")


def _check_utf8(text: bytes) -> None:
    try:
        text.decode()
    except UnicodeDecodeError as problem:
        raise WireError("cbor", "holds text that is not Unicode") from problem


def _head(data: bytes, place: int) -> tuple[int, int, int]:
    """Return major type, argument, and where the item's content begins."""
    if place >= len(data):
        raise WireError("cbor", "ends within an item")
    first = data[place]
    major, argument = first >> 5, first & 31
    if major > _MAP and first not in _SIMPLE:
        raise WireError("cbor", f"holds an item that begins with {first:#x}, which is not allowed")
    if argument < _WIDTHS:
        return major, argument, place + 1
    if argument > _WIDTHS + 3:
        raise WireError("cbor", "has an indefinite length")
    end = place + 1 + (1 << argument - _WIDTHS)
    return major, int.from_bytes(data[place + 1 : end], "big"), end


def _check(value: Any, depth: int) -> None:
    if depth > MAXIMUM_DEPTH:
        raise WireError("cbor", f"is nested deeper than {MAXIMUM_DEPTH}")
    if isinstance(value, int):
        if not -(2**63) <= value <= _MAXIMUM_INT:
            raise WireError("cbor", "holds an integer of more than 64 bits")
    elif isinstance(value, str):
        _check_text(value)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _check(item, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            if type(key) is not int or not 0 <= key <= _MAXIMUM_INT:
                raise WireError("cbor", "has a map key that is not an unsigned integer")
            _check(item, depth + 1)
    elif not isinstance(value, (bytes, type(None))):
        raise WireError("cbor", f"holds a {type(value).__name__}, which is not allowed")


def _check_text(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as problem:
        raise WireError("cbor", "holds text that is not Unicode") from problem
