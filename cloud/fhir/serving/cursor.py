"""Where a search goes on: opaque to who carries it, judged in every part when it comes back.

It holds the name of a kind of record and the columns of its order, of the patient who was asked
for: it leads nowhere that the same reader couldn't go without it.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass

from cloud.fhir.errors import BadParameter
from cloud.fhir.gathering.asked import Mark

NAME, PATIENTS = "_cursor", "patients"
LETTERS_MAX = 600
_WHOLE_MAX = 2**62
_SHAPES: dict[str, tuple[type, ...]] = {
    PATIENTS: (bytes,),
    "devices": (bytes,),
    "prescriptions": (int, bytes),
    "signatures": (int, bytes),
    "sessions": (int, bytes, bytes, int),
    "doses": (int, bytes, bytes, int),
    "answers": (int, str),
    "scores": (int, str),
    "side_effects": (int, str, int),
    "consents": (int, str, int),
    "looks": (int,),
}


@dataclass(frozen=True)
class Cursor:
    """Behind which mark of which records (None: at the first of them), and when the search began:
    reading writes lines of the audit log, which a later page would have to show in turn."""

    name: str
    after: Mark | None
    began_ms: int


def encoded(cursor: Cursor) -> str:
    """Return the cursor as a parameter."""
    marks = [each.hex() if isinstance(each, bytes) else each for each in cursor.after or ()]
    text = json.dumps([cursor.name, cursor.began_ms, *marks], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def decoded(text: str) -> Cursor:
    """Return the cursor; raise BadParameter for anything that `encoded` doesn't make."""
    try:
        if len(text) > LETTERS_MAX:
            raise ValueError
        name, began, *marks = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        shape = _SHAPES[name]
        began_ms = int(_mark(began, int))
        if not marks:
            return Cursor(name, None, began_ms)
        after = tuple(_mark(each, kind) for each, kind in zip(marks, shape, strict=True))
    except (ValueError, KeyError, TypeError, binascii.Error, RecursionError):
        raise BadParameter(NAME, "is none that this server gave") from None
    return Cursor(name, after, began_ms)


def _mark(value: object, kind: type) -> int | str | bytes:
    if kind is bytes and isinstance(value, str):
        return bytes.fromhex(value)
    if kind is str and isinstance(value, str) and "\0" not in value and value.isprintable():
        return value
    if kind is int and type(value) is int and abs(value) <= _WHOLE_MAX:
        return value
    raise ValueError
