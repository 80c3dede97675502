"""The app lock's PIN: a slow hash of it, and how long the next try has to wait.

A wrong try is written down before the PIN is looked at, so that a kill doesn't win a try. Nothing
is ever wiped: the store's key doesn't hang on the PIN, which only hides the screen.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
from dataclasses import asdict, dataclass, replace

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from mobile.store import Store

log = logging.getLogger(__name__)

_SETTING = "app-lock"
_SALT_BYTES, _HASH_BYTES = 16, 32
_COST, _BLOCK, _LANES = 2**15, 8, 1
"""32 MiB and about 0.1 s a try (own figures, for a phone of some years)."""
FREE_TRIES = 3
WAITS_MS = (30_000, 60_000, 300_000, 900_000)
"""After the third wrong try, the fourth, and so on; the last one stays (own figures)."""


@dataclass(frozen=True)
class Pin:
    """The kept hash, the wrong tries in a row, and from when the next one counts."""

    salt: str
    hash: str
    wrong: int = 0
    next_ms: int = 0

    def wait_ms(self, now_ms: int) -> int:
        """Return how long to wait; a clock that was set back makes it no longer than its step."""
        return max(0, min(self.next_ms - now_ms, _step_ms(self.wrong)))


def kept(store: Store) -> Pin | None:
    """Return the PIN's record, or None where the lock is off."""
    data = store.settings.get(_SETTING)
    return Pin(**json.loads(data)) if data else None


def forget(store: Store) -> None:
    """Switch the lock off."""
    store.settings.put(_SETTING, b"")


async def choose(store: Store, digits: str) -> None:
    """Keep a new PIN; it takes a moment, beside the loop."""
    salt = os.urandom(_SALT_BYTES)
    hashed = await asyncio.to_thread(_slow(salt).derive, digits.encode())
    _keep(store, Pin(_text(salt), _text(hashed)))


async def is_right(store: Store, digits: str, *, now_ms: int) -> bool:
    """Try a PIN. While a wait lasts no try counts, and none is right."""
    pin = kept(store)
    if pin is None:
        return True
    if pin.wait_ms(now_ms):
        return False
    wrong = pin.wrong + 1
    _keep(store, replace(pin, wrong=wrong, next_ms=now_ms + _step_ms(wrong)))
    try:
        await asyncio.to_thread(
            _slow(base64.b64decode(pin.salt)).verify, digits.encode(), base64.b64decode(pin.hash)
        )
    except InvalidKey:
        log.info("a wrong PIN, %d in a row", wrong)
        return False
    _keep(store, replace(pin, wrong=0, next_ms=0))
    return True


def _step_ms(wrong: int) -> int:
    if wrong < FREE_TRIES:
        return 0
    return WAITS_MS[min(wrong - FREE_TRIES, len(WAITS_MS) - 1)]


def _slow(salt: bytes) -> Scrypt:
    return Scrypt(salt=salt, length=_HASH_BYTES, n=_COST, r=_BLOCK, p=_LANES)


def _keep(store: Store, pin: Pin) -> None:
    store.settings.put(_SETTING, json.dumps(asdict(pin)).encode())


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
