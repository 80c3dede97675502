"""A clinic's audit log as a chain: what a line's hash covers, and the head that the clinic signs.

The server writes lines by this, and the verifier of an exported log judges them by it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import ClassVar

from shared.trust.statements import HASH_BYTES
from shared.wire import canonical
from shared.wire.fields import wire


@dataclass(frozen=True)
class AuditLine:
    """Who did what: ids alone, never names. ``at_ms`` is Unix time in milliseconds.

    ``route`` is the page or command by which it was done, ``patients`` are the pseudonyms of those
    whom it was about, in order.
    """

    number: int
    at_ms: int
    actor: str
    action: str
    subject: str
    route: str = ""
    patients: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class AuditHead:
    """The clinic's audit key signs where the log stands. Audience: the clinic."""

    TYPE: ClassVar[str] = "circlet/audit-head/v1"

    number: int = wire(1, minimum=1)
    hash: bytes = wire(2, length=HASH_BYTES)
    signed_s: int = wire(3)


def beginning(clinic_id: str) -> bytes:
    """Return what stands in place of a hash before a clinic's first line."""
    return clinic_id.encode()


def hash_of(before: bytes, line: AuditLine) -> bytes:
    """Return the SHA-256 over the hash before and all that the line says."""
    said: list[object] = [line.number, line.at_ms, line.actor, line.action, line.subject]
    if line.route or line.patients:  # lines of before these were written have five parts
        said += [line.route, list(line.patients)]
    return hashlib.sha256(before + canonical.encode(said)).digest()
