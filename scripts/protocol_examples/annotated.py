"""CBOR line by line: the bytes of each item, and behind them what they say.

A shape names the items: a dataclass with wire fields, a list of parts, or what stands inside a byte
string. Not a decoder: it trusts that the bytes are canonical and fit their shape.
"""

from __future__ import annotations

import dataclasses
import enum
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scripts.protocol_fields import is_optional, wire_fields
from shared.wire import canonical

INDENT = "  "
BYTES_A_LINE = 24
WIDTH = 68
_UINT, _BYTES, _TEXT, _LIST, _MAP = 0, 2, 3, 4, 5
_SIMPLE = {0xF4: "false", 0xF5: "true", 0xF6: "null"}


@dataclass(frozen=True)
class Part:
    """One item: its name, and what it is where that isn't plain from its bytes."""

    name: str
    of: Any = None


@dataclass(frozen=True)
class Inside:
    """A byte string that holds other items."""

    of: Any


@dataclass(frozen=True)
class Signed:
    """A byte string that holds a COSE_Sign1 over a statement."""

    kind: type[Any]


@dataclass(frozen=True)
class _Head:
    major: int
    argument: int
    data: bytes
    end: int


def annotated(data: bytes, part: Part, inside: Mapping[str, Any] | None = None) -> list[str]:
    """Return the lines of one item; ``inside`` says what byte strings of these names hold."""
    writer = _Writer(data, inside or {})
    writer.item(part, depth=1, before=b"")
    assert writer.place == len(data), part
    return writer.lines


def envelope(kind: type[Any]) -> list[Part]:
    """Return the parts of a COSE_Sign1 over a statement of this kind."""
    return [
        Part("protected", Inside({1: "algorithm: ES256", 4: "key id"})),
        Part("unprotected: nothing"),
        Part(
            "payload",
            Inside({0: "type", 1: "issuer", 2: "audience", 3: Part("body", kind)}),
        ),
        Part("signature: r || s"),
    ]


def wrapped(data: bytes, depth: int = 1) -> Iterator[str]:
    """Yield bytes without a form of their own, so many a line."""
    for begin in range(0, len(data), BYTES_A_LINE):
        yield INDENT * depth + data[begin : begin + BYTES_A_LINE].hex()


class _Writer:
    """Goes through the bytes once and writes a line for each item."""

    def __init__(self, data: bytes, inside: Mapping[str, Any]) -> None:
        self._data, self._inside = data, inside
        self.place = 0
        self.lines: list[str] = []

    def item(self, part: Part, *, depth: int, before: bytes) -> None:
        """Write one item; ``before`` is its key, on the same line."""
        first = self._data[self.place]
        if first in _SIMPLE:
            self._take(1)
            self._line(depth, before, bytes([first]), f"{part.name}: {_SIMPLE[first]}")
            return
        if first == 0xD2:
            self._take(1)
            self._list(part, depth, before, b"\xd2")
            return
        head = self._head()
        if head.major == _LIST:
            self._list(part, depth, before, b"")
        elif head.major == _MAP:
            self._map(part, depth, before)
        elif head.major in (_BYTES, _TEXT):
            self._string(part, depth, before, head)
        else:
            self._take(head.end - self.place)
            number = head.argument if head.major == _UINT else -1 - head.argument
            self._line(depth, before, head.data, f"{part.name}: {_named(part.of, number)}")

    def _list(self, part: Part, depth: int, before: bytes, tag: bytes) -> None:
        head = self._head()
        self._take(len(head.data))
        words = "COSE_Sign1, tag 18 over a list" if tag else "list"
        self._line(depth, before, tag + head.data, f"{part.name}: {words} of {head.argument}")
        for index in range(head.argument):
            parts = part.of if isinstance(part.of, list) else [Part(f"{index + 1}.", part.of)]
            self.item(parts[index % len(parts)], depth=depth + 1, before=b"")

    def _map(self, part: Part, depth: int, before: bytes) -> None:
        head = self._head()
        self._take(len(head.data))
        kind = f", {part.of.__name__}" if isinstance(part.of, type) else ""
        self._line(depth, before, head.data, f"{part.name}: map of {head.argument}{kind}")
        names = _keys(part.of)
        for _ in range(head.argument):
            key = self._head()
            self._take(len(key.data))
            named = names[key.argument]
            inner = named if isinstance(named, Part) else Part(named)
            self.item(inner, depth=depth + 1, before=key.data)

    def _string(self, part: Part, depth: int, before: bytes, head: _Head) -> None:
        self._take(len(head.data))
        content = self._data[self.place : self.place + head.argument]
        self._take(head.argument)
        held = part.of if isinstance(part.of, Inside) else self._inside.get(part.name)
        if held is not None:
            self._held(part, depth, before, content, held)
        elif head.major == _TEXT:
            self._line(depth, before, head.data + content, f'{part.name}: "{content.decode()}"')
        elif len(content) <= BYTES_A_LINE:
            self._line(depth, before, head.data + content, part.name)
        else:
            self._line(depth, before, head.data, f"{part.name}: {len(content)} bytes")
            self.lines += wrapped(content, depth + 1)

    def _held(self, part: Part, depth: int, before: bytes, content: bytes, held: Any) -> None:
        opening = canonical.encode(content)[: -len(content)]
        self._line(depth, before, opening, f"{part.name}: {len(content)} bytes, which hold")
        signed = isinstance(held, Signed)
        of = envelope(held.kind) if signed else held.of if isinstance(held, Inside) else held
        inner = _Writer(content, self._inside)
        inner.item(Part(part.name, of), depth=depth + 1, before=b"")
        self.lines += inner.lines

    def _head(self) -> _Head:
        first = self._data[self.place]
        short = first & 31
        length = 0 if short < 24 else 1 << short - 24
        end = self.place + 1 + length
        argument = int.from_bytes(self._data[self.place + 1 : end], "big") if length else short
        return _Head(first >> 5, argument, self._data[self.place : end], end)

    def _take(self, count: int) -> None:
        self.place += count

    def _line(self, depth: int, before: bytes, data: bytes, words: str) -> None:
        shown = INDENT * depth + f"{before.hex()} {data.hex()}".strip()
        self.lines.append(f"{shown:{WIDTH}} ; {words}")


def _keys(of: Any) -> dict[int, Part | str]:
    """Return the parts of a map by its keys."""
    if isinstance(of, dict):
        return of
    if of is None or not dataclasses.is_dataclass(of):
        return {}
    return {
        limits.number: Part(name, _shape(hint))
        for name, limits, hint in wire_fields(typing.cast(type[Any], of))
    }


def _shape(hint: Any) -> Any:
    if is_optional(hint):
        hint = next(each for each in typing.get_args(hint) if each is not type(None))
    if typing.get_origin(hint) is tuple:
        hint = typing.get_args(hint)[0]
    plain = hint in (int, str, bytes, bool)
    return None if plain else hint


def _named(of: Any, number: int) -> str:
    if isinstance(of, type) and issubclass(of, enum.IntEnum):
        return f"{number} {of(number).name}"
    return str(number)
