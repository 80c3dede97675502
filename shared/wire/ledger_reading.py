"""Reads a ledger file line by line, in memory that doesn't grow with the file.

What isn't readable behind the header is told as a stretch of damage, not raised: the rest is still
looked at where the spelling allows it (JSON lines have ends, a CBOR sequence has none). Opening
files, and what the lines prove, is for whoever reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from shared.wire import fields, ledger_file
from shared.wire.errors import WireError
from shared.wire.ledger_file import Header, Line, LineKind, Spelling

CBOR_OPENING_BYTES = 3


@dataclass(frozen=True)
class Damaged:
    """A stretch of the file that is no line."""

    problem: str


@dataclass(frozen=True)
class Placed:
    """What stands at a place of the file: a line's number, or a byte's in CBOR."""

    place: str
    content: Line | Damaged


@dataclass(frozen=True)
class LedgerFile:
    """An open file: its header, and the lines behind it, to be read once."""

    header: Header
    spelling: Spelling
    lines: Iterator[Placed]


def begin(file: BinaryIO) -> LedgerFile:
    """Read the header of a file that can be sought in; raise WireError where there is none."""
    spelling = ledger_file.spelling_of(file.read(2))
    file.seek(0)
    if spelling is Spelling.CBOR:
        first = _cbor_line(file)
        header = fields.unpack(Header, first.data if first else b"")
        return LedgerFile(header, spelling, _cbor_lines(file))
    header = ledger_file.parse_header(_json_text(file))
    return LedgerFile(header, spelling, _json_lines(file))


def _json_lines(file: BinaryIO) -> Iterator[Placed]:
    number = 1
    while True:
        number += 1
        try:
            text = _json_text(file)
            if not text:
                return
            yield Placed(f"line {number}", ledger_file.parse_line(text))
        except WireError as problem:
            yield Placed(f"line {number}", Damaged(str(problem)))


def _json_text(file: BinaryIO) -> bytes:
    text = file.readline(ledger_file.LINE_BYTES_MAX + 1)
    if len(text) <= ledger_file.LINE_BYTES_MAX:
        return text
    while text and not text.endswith(b"\n"):
        text = file.readline(ledger_file.LINE_BYTES_MAX)
    raise WireError("line", f"has more than {ledger_file.LINE_BYTES_MAX} bytes")


def _cbor_lines(file: BinaryIO) -> Iterator[Placed]:
    while True:
        place = f"byte {file.tell()}"
        try:
            line = _cbor_line(file)
        except WireError as problem:
            yield Placed(place, Damaged(f"{problem}; nothing behind it is read"))
            return
        if line is None:
            return
        yield Placed(place, line)


def _cbor_line(file: BinaryIO) -> Line | None:
    opening = file.read(CBOR_OPENING_BYTES)
    if not opening:
        return None
    length = _exactly(file, ledger_file.length_of_length(opening))
    data = _exactly(file, ledger_file.content_length(opening, length))
    return Line(LineKind(opening[1]), data)


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise WireError("line", "ends before its bytes do")
    return data
