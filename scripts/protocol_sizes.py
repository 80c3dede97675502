"""How many bytes a message has at most, from the limits of its fields: for buffers of a fixed size.

Formal limits: a text of 32 bytes counts as 32, also where every text that is ever sent is shorter.
Not for what is sent on average.
"""

from __future__ import annotations

import enum
import typing
from typing import Any

from scripts.protocol_fields import is_optional, wire_fields
from shared.wire import operations
from shared.wire.fields import MAXIMUM_INT, Limits
from shared.wire.operations import Operation, Refusal, StatusCode
from shared.wire.records import BODIES, MAXIMUM_RECORD_BYTES, RecordType

_NO_LIMITS = Limits(0, 0, None, None)
_HEADS = ((24, 1), (2**8, 2), (2**16, 3), (2**32, 5), (2**64, 9))
_REQUEST_ID_MAX = 2**32 - 1
_KEY_ID_ITEM_BYTES = 1 + 16
_AUDIENCE_ITEM_BYTES = 2 + 32
_ENVELOPE_BYTES = 2 + (1 + 21) + 1 + (2 + 64)
"""Tag and list, protected header, unprotected header, signature."""


def head_bytes(argument: int) -> int:
    """Return how long the head of a CBOR item is: one byte, and what its argument needs."""
    return next(size for below, size in _HEADS if argument < below)


def maximum_bytes(kind: type[Any]) -> int:
    """Return the length of the longest map of a dataclass with wire fields."""
    fields = wire_fields(kind)
    content = sum(
        head_bytes(limits.number) + _value_bytes(f"{kind.__name__}.{name}", hint, limits)
        for name, limits, hint in fields
    )
    return head_bytes(len(fields)) + content


def request_bytes(operation: Operation) -> int:
    """Return the length of an operation's longest request."""
    arguments = maximum_bytes(operations.TABLE[operation].arguments)
    return 1 + head_bytes(_REQUEST_ID_MAX) + head_bytes(int(operation)) + arguments


def answer_bytes(operation: Operation) -> int:
    """Return the length of an operation's longest answer, its refusals included."""
    longest = max(maximum_bytes(operations.TABLE[operation].result), maximum_bytes(Refusal))
    return 1 + head_bytes(_REQUEST_ID_MAX) + head_bytes(max(StatusCode)) + longest


def statement_bytes(kind: type[Any]) -> int:
    """Return the length of the longest COSE_Sign1 over a statement of this kind."""
    named = head_bytes(len(kind.TYPE)) + len(kind.TYPE)
    payload = (
        1 + (1 + named) + (1 + _KEY_ID_ITEM_BYTES) + (1 + _AUDIENCE_ITEM_BYTES)
        + (1 + maximum_bytes(kind))
    )  # fmt: skip
    return _ENVELOPE_BYTES + head_bytes(payload) + payload


def record_bytes(number: RecordType) -> int:
    """Return the length of a type's longest record: no record is longer than the limit."""
    body = BODIES.get(number)
    numbers = 4 * head_bytes(MAXIMUM_INT) + head_bytes(int(number))
    longest = 1 + numbers + (1 if body is None else maximum_bytes(body))
    return min(longest, MAXIMUM_RECORD_BYTES)


def _value_bytes(name: str, hint: Any, limits: Limits) -> int:
    if is_optional(hint):
        hint = next(each for each in typing.get_args(hint) if each is not type(None))
    if typing.get_origin(hint) is tuple:
        count = _longest(name, limits)
        return head_bytes(count) + count * _value_bytes(
            name, typing.get_args(hint)[0], _items(name)
        )
    if hint is bool:
        return 1
    if hint is int:
        return head_bytes(MAXIMUM_INT if limits.maximum is None else limits.maximum)
    if hint in (bytes, str):
        longest = _longest(name, limits)
        return head_bytes(longest) + longest
    if issubclass(hint, enum.IntEnum):
        return head_bytes(max(hint))
    return maximum_bytes(hint)


def _items(name: str) -> Limits:
    """The codec bounds no item of a list; what its reader bounds stands here."""
    return Limits(0, 0, None, 32) if name == "Assertion.digests" else _NO_LIMITS


def _longest(name: str, limits: Limits) -> int:
    longest = limits.maximum if limits.length is None else limits.length
    if longest is None:
        raise LookupError(f"{name} has no greatest length, so no buffer is large enough")
    return longest
