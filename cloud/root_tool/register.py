"""The register: every number that the root gave out, in a file that only grows.

Bands take revocations and rotations by consecutive numbers, so that none can be held back
unnoticed. A number given twice, to other bytes, would split the clinic's bands. Each line holds
the statement itself: the register alone can bring back every file that was written.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cloud.root_tool import files
from cloud.root_tool.errors import RootToolError
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.statements import Revocation, RevocationKind, RootRotation
from shared.wire import fields

Numbered = Revocation | RootRotation
_KINDS: tuple[type[Any], ...] = (Revocation, RootRotation)


@dataclass(frozen=True)
class Line:
    """One numbered statement and its signed bytes."""

    statement: Numbered
    envelope: bytes


@dataclass(frozen=True)
class Register:
    """The lines of a register's file, in order."""

    path: Path
    lines: tuple[Line, ...] = ()

    @classmethod
    def begin(cls, path: Path, lines: tuple[Line, ...] = ()) -> Register:
        """Write a register that is not there yet."""
        files.write_new(path, b"".join(_encode(line.envelope) for line in lines))
        return cls(path, lines)

    @classmethod
    def load(cls, path: Path) -> Register:
        """Read a register; refuse one with a gap, a number twice or a torn end."""
        data = files.read(path)
        if data and not data.endswith(b"\n"):
            raise RootToolError("register", f"{path}: its last line is torn; restore a copy")
        register = cls(path)
        for place, text in enumerate(data.splitlines(), 1):
            register = register._with(_decode(text, f"{path}, line {place}"))
        return register

    def next_number(self, kind: type[Numbered]) -> int:
        """Return the number that comes next for this kind of statement."""
        return sum(isinstance(line.statement, kind) for line in self.lines) + 1

    def rotation(self) -> RootRotation | None:
        """Return the newest rotation of the roots."""
        found = (line.statement for line in reversed(self.lines))
        return next((each for each in found if isinstance(each, RootRotation)), None)

    def revocation_of(self, key_id: bytes) -> Line | None:
        """Return the line that weighs most against a key: compromised before left."""
        found: Line | None = None
        for line in self.lines:
            if isinstance(line.statement, Revocation) and line.statement.key_id == key_id:
                compromised = line.statement.kind is RevocationKind.COMPROMISED
                found = line if found is None or compromised else found
        return found

    def with_next(self, envelope: bytes) -> Register:
        """Return the register as it will be; refuse what is not the next of its kind."""
        return self._with(_decode(_encode(envelope), str(self.path)))

    def append(self, envelope: bytes) -> Register:
        """Add a statement with the next number of its kind; on the disk when this returns."""
        grown = self.with_next(envelope)
        with self.path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if Register.load(self.path).lines != self.lines:
                raise RootToolError("register", f"{self.path} was changed meanwhile; try again")
            file.write(_encode(envelope))
            file.flush()
            os.fsync(file.fileno())
        return grown

    def _with(self, line: Line) -> Register:
        kind, number = type(line.statement), line.statement.number
        if number != self.next_number(kind):
            raise RootToolError(
                "number",
                f"{self.path}: {kind.__name__.lower()} {number} is not the next one, "
                f"{self.next_number(kind)}; no number is given twice or left out",
            )
        return Register(self.path, (*self.lines, line))


def _encode(envelope: bytes) -> bytes:
    number = read_numbered(envelope).number
    signed = {
        "type": sign1.peek(envelope).type,
        "number": number,
        "statement": base64.urlsafe_b64encode(envelope).decode(),
    }
    return json.dumps(signed).encode() + b"\n"


def _decode(text: bytes, where: str) -> Line:
    refused = RootToolError("register", f"{where}: is no line of a register")
    try:
        envelope = base64.urlsafe_b64decode(json.loads(text)["statement"])
        line = Line(read_numbered(envelope), envelope)
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise refused from problem
    if _encode(envelope).rstrip() != text.rstrip():
        raise refused
    return line


def read_numbered(envelope: bytes) -> Numbered:
    """Return what a numbered statement says, its signature unchecked; raise ValueError."""
    signed = sign1.peek(envelope)
    for kind in _KINDS:
        if signed.type == kind.TYPE:
            statement: Numbered = fields.from_map(kind, signed.body)
            return statement
    raise TrustError("type", f"{signed.type:.40} has no place in a register")
