"""MCUmgr's messages as the band reads and writes them: bounded, definite lengths only.

The codec is `smp`'s; before it reads, the bytes are walked, for it makes room for whatever a length
claims. Not for what a request does: see `server`.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, TypeVar

import cbor2
from smp.exceptions import SMPException
from smp.header import OP, CommandId, GroupId, Version
from smp.message import Request, Response

from shared.firmware.refusals import UpdateRefusal
from shared.wire.canonical import require_backed
from shared.wire.errors import WireError

HEADER = struct.Struct("!BBHHBB")
"""Version and operation, flags, length, group, sequence, command."""

BUFFER_BYTES = 2048
"""The longest request that the band takes, header included (own figure)."""

EUNKNOWN = 1

R = TypeVar("R", bound=Request)


class Unreadable(Exception):
    """A message that isn't what its header says."""


@dataclass(frozen=True)
class Head:
    """The header of a message, whatever group it names."""

    operation: int
    version: int
    length: int
    group: int
    sequence: int
    command: int


def head_of(message: bytes) -> Head:
    """Return the header; raise Unreadable where there is none."""
    if len(message) < HEADER.size:
        raise Unreadable
    first, _, length, group, sequence, command = HEADER.unpack_from(message)
    return Head(first & 7, first >> 3 & 3, length, group, sequence, command)


def verifications_of(message: bytes) -> int:
    """How many signatures a request has the band check: its own and its key's, at a mark."""
    head = head_of(message)
    marks = (OP.WRITE, GroupId.IMAGE_MANAGEMENT, CommandId.ImageManagement.STATE)
    return 2 if (head.operation, head.group, head.command) == marks else 0


class Parts:
    """Puts a message together from values; what fits nowhere is let go."""

    def __init__(self) -> None:
        self._begun = b""

    def feed(self, value: bytes) -> bytes | None:
        """Return the message that this value completes; raise Unreadable where it can't be any."""
        begun, self._begun = self._begun + value, b""
        length = HEADER.size + head_of(begun).length
        if length > BUFFER_BYTES or length < len(begun):
            raise Unreadable
        if length == len(begun):
            return begun
        self._begun = begun
        return None

    def reset(self) -> None:
        """What was begun is never completed."""
        self._begun = b""


def read(kind: type[R], message: bytes) -> R:
    """Return the request; raise Unreadable for anything else."""
    try:
        require_backed(message[HEADER.size :])
        return kind.loads(message)
    except (WireError, SMPException, ValueError, TypeError, cbor2.CBORDecodeError) as problem:
        raise Unreadable from problem


def answer(head: Head, kind: type[Response], **fields: Any) -> bytes:
    """Return the answer to a request that was taken."""
    made = kind(version=Version(head.version), sequence=head.sequence, **fields)
    return made.BYTES


def refusal(head: Head, why: UpdateRefusal) -> bytes:
    """Return the answer to a request that was not, in the spelling of the request's version."""
    said: dict[str, Any] = {"rc": why.rc, "rsn": why.word}
    if why.group is not None:
        said["rc"] = EUNKNOWN
        if head.version == Version.V2:
            said = {"err": {"group": why.group, "rc": why.rc}}
    body: bytes = cbor2.dumps(said)
    operation = OP.READ_RSP if head.operation == OP.READ else OP.WRITE_RSP
    first = operation | head.version << 3
    return HEADER.pack(first, 0, len(body), head.group, head.sequence, head.command) + body
