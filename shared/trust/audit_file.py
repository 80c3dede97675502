"""A clinic's audit log as a file that anybody can check: JSON lines, each in its one spelling.

A header, the audit keys' certificates, all the clinic's revocations, the lines in order with each
signed head behind the line that it signs, and an end that counts the lines. docs/audit.md is its
specification.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from shared.trust.audit_chain import AuditLine
from shared.trust.statements import HASH_BYTES, ID_BYTES
from shared.wire.errors import WireError

FORMAT, VERSION = "circlet-audit", 1
LINE_BYTES_MAX = 1_000_000
"""A line about the list names each patient on it: 20,000 of them have room (own figure)."""
EVENT, HEAD, CERTIFICATE, END, HEADER = "event", "head", "certificate", "end", "audit"
REVOCATION = "revocation"
_EVENT_PARTS = ("number", "at_ms", "actor", "action", "subject", "route", "patients", "hash")


@dataclass(frozen=True)
class Header:
    """Whose log this is; the root that it names is the file's claim, to be compared."""

    clinic_id: str
    root_key: bytes


@dataclass(frozen=True)
class Event:
    """A line of the log, and the hash that the server had for it."""

    line: AuditLine
    hash: bytes


@dataclass(frozen=True)
class Head:
    """A signed head's envelope."""

    envelope: bytes


@dataclass(frozen=True)
class KeyCertificate:
    """A certificate's envelope."""

    envelope: bytes


@dataclass(frozen=True)
class KeyRevocation:
    """A revocation's envelope."""

    envelope: bytes


@dataclass(frozen=True)
class End:
    """The file's last line: how many events it has."""

    events: int


Content = Header | Event | Head | KeyCertificate | KeyRevocation | End


def header(clinic_id: str, root_key: bytes) -> bytes:
    """Return the first line."""
    said = {"format": FORMAT, "version": VERSION, "clinic": clinic_id, "root": root_key.hex()}
    return _line(HEADER, said)


def event(line: AuditLine, hash_: bytes) -> bytes:
    """Return the line of an event."""
    patients = [each.hex() for each in line.patients]
    values = (line.number, line.at_ms, line.actor, line.action, line.subject, line.route)
    return _line(EVENT, dict(zip(_EVENT_PARTS, (*values, patients, hash_.hex()), strict=True)))


def head(envelope: bytes) -> bytes:
    """Return the line of a signed head."""
    return _line(HEAD, envelope.hex())


def certificate(envelope: bytes) -> bytes:
    """Return the line of a certificate."""
    return _line(CERTIFICATE, envelope.hex())


def revocation(envelope: bytes) -> bytes:
    """Return the line of a revocation."""
    return _line(REVOCATION, envelope.hex())


def end(events: int) -> bytes:
    """Return the last line."""
    return _line(END, events)


def parse(text: bytes) -> Content:
    """Return what a line holds; raise WireError unless it is a line in its one spelling."""
    if len(text) > LINE_BYTES_MAX:
        raise WireError("line", f"has more than {LINE_BYTES_MAX} bytes")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise WireError("line", "is not JSON") from problem
    if not isinstance(value, dict) or len(value) != 1:
        raise WireError("line", "is not an object with one member")
    ((kind, said),) = value.items()
    if _line(kind, said) != text:
        raise WireError("line", "is not in its one spelling, or is cut off")
    return _content(kind, said)


def _content(kind: str, said: Any) -> Content:
    if kind == HEADER:
        return _header(said)
    if kind == EVENT:
        return _event(said)
    if kind == HEAD:
        return Head(_unhex(kind, said))
    if kind == CERTIFICATE:
        return KeyCertificate(_unhex(kind, said))
    if kind == REVOCATION:
        return KeyRevocation(_unhex(kind, said))
    if kind == END:
        return End(_count(kind, said))
    raise WireError("line", f"holds {kind!r:.40}, which there is not")


def _header(said: Any) -> Header:
    names = {"format", "version", "clinic", "root"}
    if not isinstance(said, dict) or set(said) != names or not isinstance(said["clinic"], str):
        raise WireError("header", f"is not an object of {', '.join(sorted(names))}")
    if (said["format"], said["version"]) != (FORMAT, VERSION):
        raise WireError("format", f"is not {FORMAT} of version {VERSION}")
    return Header(said["clinic"], _unhex("root", said["root"]))


def _event(said: Any) -> Event:
    if not isinstance(said, dict) or tuple(said) != _EVENT_PARTS:
        raise WireError("event", f"is not an object of {', '.join(_EVENT_PARTS)}")
    for name in ("actor", "action", "subject", "route"):
        if not isinstance(said[name], str):
            raise WireError(name, "is no text")
    if not isinstance(said["patients"], list):
        raise WireError("patients", "is no list")
    line = AuditLine(
        _count("number", said["number"]),
        _count("at_ms", said["at_ms"]),
        said["actor"],
        said["action"],
        said["subject"],
        said["route"],
        tuple(_unhex("patients", each, ID_BYTES) for each in said["patients"]),
    )
    return Event(line, _unhex("hash", said["hash"], HASH_BYTES))


def _count(name: str, value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**63:
        raise WireError(name, "is no count")
    return value


def _unhex(name: str, value: Any, length: int | None = None) -> bytes:
    try:
        data = bytes.fromhex(value)
    except (TypeError, ValueError) as problem:
        raise WireError(name, "is not hexadecimal") from problem
    if length is not None and len(data) != length:
        raise WireError(name, f"has {len(data)} bytes instead of {length}")
    return data


def _line(kind: str, said: object) -> bytes:
    text = json.dumps({kind: said}, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError as problem:
        raise WireError("line", "holds text that is not Unicode") from problem
