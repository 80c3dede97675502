"""A device's ledger as a file that anybody can check: header, records, signed heads.

docs/verifying.md is its specification. Two spellings of the same lines: JSON lines for reading, a
CBOR sequence (RFC 8742) for machines. Only the lines; what they prove is the verifier's to say.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from shared.trust.statements import HASH_BYTES, ID_BYTES
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.fields import wire

FORMAT = "circlet-ledger"
VERSION = 1
STATEMENT_BYTES_MAX = 2048
LINE_BYTES_MAX = 2 * STATEMENT_BYTES_MAX + 512
"""Longest line as JSON: a header with the largest certificate, in hexadecimal."""

_JSON_LINE = re.compile(rb'\s*\{\s*"([a-z]+)"\s*:\s*"((?:[0-9a-f]{2})*)"\s*\}\s*')
_PAIR, _BYTES, _ONE_BYTE_LENGTH, _TWO_BYTES_LENGTH = 0x82, 0x40, 0x58, 0x59


class Spelling(StrEnum):
    """How a file is written."""

    JSON = "jsonl"
    CBOR = "cbor"


class LineKind(IntEnum):
    """What a line holds; the number stands for it in CBOR, its name in small letters in JSON."""

    HEADER = 0
    RECORD = 1
    HEAD = 2
    RECEIPT = 3
    TRANSFER = 4
    CERTIFICATE = 5
    START = 6


@dataclass(frozen=True)
class Line:
    """One line: its kind and its bytes, as the device or the signer made them."""

    kind: LineKind
    data: bytes


@dataclass(frozen=True)
class Header:
    """The first line: whose ledger this is, and the maker's certificate of the device's key."""

    device_id: bytes = wire(1, length=ID_BYTES)
    epoch: bytes = wire(2, length=ID_BYTES)
    certificate: bytes = wire(3, minimum=1, maximum=STATEMENT_BYTES_MAX)
    format: str = wire(4, maximum=32, default=FORMAT)
    version: int = wire(5, default=VERSION)

    def __post_init__(self) -> None:
        if self.format != FORMAT:
            raise WireError("format", f"is {self.format!r:.40}, not {FORMAT}")
        if self.version != VERSION:
            raise WireError("version", f"is {self.version}, and only {VERSION} is known")


@dataclass(frozen=True)
class Start:
    """Where a ledger begins whose older records were overwritten: the chain's hash there.

    Nobody signs it: a signed head behind it proves it together with the records between.
    """

    number: int = wire(1, minimum=1)
    hash: bytes = wire(2, length=HASH_BYTES)

    @property
    def line(self) -> Line:
        """The line that holds it."""
        return Line(LineKind.START, fields.pack(self))


def encode(line: Line | Header, spelling: Spelling) -> bytes:
    """Return the bytes of one line, its end included."""
    if isinstance(line, Header):
        return _json_header(line) if spelling is Spelling.JSON else _pair(_packed(line))
    return _json(line) if spelling is Spelling.JSON else _pair(line)


def spelling_of(opening: bytes) -> Spelling:
    """Return how a file is written, by its first two bytes."""
    if opening == bytes((_PAIR, LineKind.HEADER)):
        return Spelling.CBOR
    if opening[:1] == b"{":
        return Spelling.JSON
    raise WireError("file", "begins neither as JSON lines nor as CBOR of this format")


def parse_header(text: bytes) -> Header:
    """Return the header of a JSON line; raise WireError for anything else."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise WireError("header", "is not JSON") from problem
    names = {"format", "version", "device_id", "epoch", "certificate"}
    if not isinstance(value, dict) or set(value) != names:
        raise WireError("header", f"is not an object of {', '.join(sorted(names))}")
    for name in ("device_id", "epoch", "certificate"):
        value[name] = _unhex(name, value[name])
    header = dict(zip((1, 2, 3, 4, 5), (value[n] for n in _HEADER_NAMES), strict=True))
    return fields.from_map(Header, header)


_HEADER_NAMES = ("device_id", "epoch", "certificate", "format", "version")


def parse_line(text: bytes) -> Line:
    """Return what a JSON line behind the header holds; raise WireError for anything else."""
    match = _JSON_LINE.fullmatch(text)
    if match is None:
        raise WireError("line", "is not one name with hexadecimal digits")
    kind = _KINDS.get(match[1])
    if kind is None:
        raise WireError("line", f"{match[1].decode():.20} is no kind of line")
    return Line(kind, bytes.fromhex(match[2].decode()))


def length_of_length(opening: bytes) -> int:
    """Return how many bytes of length follow the three that open a CBOR line."""
    if len(opening) != 3 or opening[0] != _PAIR or opening[1] > max(LineKind):
        raise WireError("line", "is not a pair of a known kind and bytes")
    if _BYTES <= opening[2] < _ONE_BYTE_LENGTH:
        return 0
    if opening[2] not in (_ONE_BYTE_LENGTH, _TWO_BYTES_LENGTH):
        raise WireError("line", "is not a pair of a known kind and bytes")
    return opening[2] - _ONE_BYTE_LENGTH + 1


def content_length(opening: bytes, length: bytes) -> int:
    """Return how many bytes a CBOR line holds; raise WireError above the maximum."""
    size = int.from_bytes(length, "big") if length else opening[2] - _BYTES
    if (len(length) == 1 and size < 24) or (len(length) == 2 and size < 256):
        raise WireError("line", "is not in its deterministic form")
    if size > LINE_BYTES_MAX:
        raise WireError("line", f"has {size} bytes, at most {LINE_BYTES_MAX}")
    return size


_KINDS = {kind.name.lower().encode(): kind for kind in LineKind if kind is not LineKind.HEADER}


def _unhex(name: str, value: object) -> bytes:
    if not isinstance(value, str) or not re.fullmatch(r"(?:[0-9a-f]{2})*", value):
        raise WireError(name, "is not in hexadecimal digits, small letters")
    return bytes.fromhex(value)


def _json_header(header: Header) -> bytes:
    value = {
        "format": header.format,
        "version": header.version,
        "device_id": header.device_id.hex(),
        "epoch": header.epoch.hex(),
        "certificate": header.certificate.hex(),
    }
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def _json(line: Line) -> bytes:
    return b'{"%s":"%s"}\n' % (line.kind.name.lower().encode(), line.data.hex().encode())


def _packed(header: Header) -> Line:
    return Line(LineKind.HEADER, fields.pack(header))


def _pair(line: Line) -> bytes:
    size = len(line.data)
    if size < 24:
        length = bytes((_BYTES + size,))
    elif size < 256:
        length = bytes((_ONE_BYTE_LENGTH, size))
    else:
        length = bytes((_TWO_BYTES_LENGTH,)) + size.to_bytes(2, "big")
    return bytes((_PAIR, line.kind)) + length + line.data
