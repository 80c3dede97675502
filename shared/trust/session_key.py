"""The key of one armed session, agreed by the arm request and its answer (R10).

ECDH over ephemeral P-256 keys, HKDF-SHA-256 over both signed messages; commands carry a rising
counter and a truncated HMAC. The key lives in memory and dies with close, reboot or hand-over.
"""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey
from shared.wire import canonical

MAC_BYTES = 16


def derive(own: SoftwareKey, other: PublicKey, arm: bytes, answer: bytes) -> bytes:
    """Return the 32-byte key that both sides derive from the two signed messages."""
    info = b"circlet/session/v1" + hashlib.sha256(arm).digest() + hashlib.sha256(answer).digest()
    return HKDF(hashes.SHA256(), 32, salt=None, info=info).derive(own.agree(other))


def mac(key: bytes, *, operation: int, session_id: bytes, counter: int, value: int) -> bytes:
    """Return the MAC of one command; ``value`` is its percentage, or the number of the pause that
    it ends, and else 0."""
    message = canonical.encode([operation, session_id, counter, value])
    return hmac.digest(key, message, "sha256")[:MAC_BYTES]


class CommandWriter:
    """The app's side: counts up and signs."""

    def __init__(self, key: bytes, session_id: bytes) -> None:
        self._key, self._session_id, self._counter = key, session_id, 0

    def seal(self, operation: int, value: int = 0) -> tuple[int, bytes]:
        """Return counter and MAC for the next command."""
        self._counter += 1
        made = mac(
            self._key,
            operation=operation,
            session_id=self._session_id,
            counter=self._counter,
            value=value,
        )
        return self._counter, made


class CommandReader:
    """The device's side: a counter not above the last is a replay."""

    def __init__(self, key: bytes, session_id: bytes) -> None:
        self._key, self._session_id, self._last = key, session_id, 0

    def check(self, operation: int, counter: int, received: bytes, value: int = 0) -> None:
        """Raise TrustError for a wrong MAC or a counter used before."""
        wanted = mac(
            self._key,
            operation=operation,
            session_id=self._session_id,
            counter=counter,
            value=value,
        )
        if not hmac.compare_digest(wanted, received):
            raise TrustError("mac", "the command is not by the app that armed")
        if counter <= self._last:
            raise TrustError("replay", "the command was seen before")
        self._last = counter
