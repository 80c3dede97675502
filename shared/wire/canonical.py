"""Deterministic CBOR: one value has one encoding, and any other bytes are refused.

Map keys are ordered as RFC 7049 section 3.9 says (shorter first, then bytewise). Signed maps use
small unsigned keys only, where RFC 8949 section 4.2.1 gives the same order. Floats, tags,
undefined and indefinite lengths are refused: nothing here has two spellings.
"""

from __future__ import annotations

import io
from typing import Any

import cbor2

from shared.wire.errors import WireError

MAXIMUM_DEPTH = 8
_SCALARS = (int, bytes, str, bool, type(None))
_MAXIMUM_INT = 2**64 - 1


def encode(value: Any) -> bytes:
    """Return the only encoding of ``value``; raise WireError where it has none."""
    _check(value, depth=0)
    encoded: bytes = cbor2.dumps(value, canonical=True)
    return encoded


def decode(data: bytes) -> Any:
    """Return the value of ``data``; raise WireError unless it re-encodes to the same bytes."""
    if not data:
        raise WireError("cbor", "is empty")
    stream = io.BytesIO(data)
    try:
        value = cbor2.CBORDecoder(stream).decode()
    except MemoryError as problem:
        raise WireError("cbor", "names a length beyond its bytes") from problem
    except Exception as problem:  # the CBOR library raises many kinds for junk
        raise WireError("cbor", f"is not readable ({type(problem).__name__})") from problem
    if stream.tell() != len(data):
        raise WireError("cbor", "has bytes after its end")
    if encode(value) != data:
        raise WireError("cbor", "is not in its deterministic form")
    return value


def decode_header(data: bytes) -> dict[int, Any]:
    """Return a COSE protected header, whose labels may be negative; same strictness."""
    value = cbor2.loads(data)
    if not isinstance(value, dict) or cbor2.dumps(value, canonical=True) != data:
        raise WireError("header", "is not a map in its deterministic form")
    return value


def _check(value: Any, depth: int) -> None:
    if depth > MAXIMUM_DEPTH:
        raise WireError("cbor", f"is nested deeper than {MAXIMUM_DEPTH}")
    if isinstance(value, (list, tuple)):
        for item in value:
            _check(item, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            if type(key) is not int or not 0 <= key <= _MAXIMUM_INT:
                raise WireError("cbor", "has a map key that is not an unsigned integer")
            _check(item, depth + 1)
    elif not isinstance(value, _SCALARS):
        raise WireError("cbor", f"holds a {type(value).__name__}, which is not allowed")
    elif isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int) and not -(2**63) <= value <= _MAXIMUM_INT:
        raise WireError("cbor", "holds an integer of more than 64 bits")


def _check_text(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as problem:
        raise WireError("cbor", "holds text that is not Unicode") from problem
