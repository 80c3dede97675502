"""The glance's file: AES-256-GCM under a key that only the phone's keystore has.

Its length is a whole number of steps, so that it doesn't tell what is inside.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mobile import files
from mobile.glance.leaves import Glance
from mobile.glance.written import NotWrittenHere, read, write
from mobile.platform.errors import KeyStoreError
from mobile.platform.keystore import KeyName, KeyStore

log = logging.getLogger(__name__)

STEP_BYTES = 16_384
"""A week's views in the longest language take less than two (own figure)."""
_KEY_BYTES, _IV_BYTES = 32, 12
_PLACE = b"circlet/glance/v1"


def keep(data: Path, keys: KeyStore, glance: Glance) -> None:
    """Keep it in place of the last one; raise OSError or KeyStoreError."""
    key = keys.read(KeyName.GLANCE)
    if key is None:
        key = os.urandom(_KEY_BYTES)
        keys.write(KeyName.GLANCE, key)
    plain = write(glance)
    plain += b" " * (-len(plain) % STEP_BYTES)
    iv = os.urandom(_IV_BYTES)
    new = data / f"{files.GLANCE}.new"
    new.write_bytes(iv + AESGCM(key).encrypt(iv, plain, _PLACE))
    new.replace(data / files.GLANCE)


def kept(data: Path, keys: KeyStore) -> Glance | None:
    """Return what was kept; None where there's nothing, or nothing that opens."""
    try:
        sealed = (data / files.GLANCE).read_bytes()
        key = keys.read(KeyName.GLANCE)
        if key is None:
            return None
        return read(AESGCM(key).decrypt(sealed[:_IV_BYTES], sealed[_IV_BYTES:], _PLACE))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, InvalidTag, KeyStoreError, NotWrittenHere) as problem:
        log.info("the last glance at the day isn't shown: %r", problem)
        return None


def drop(data: Path) -> None:
    """Forget it; nothing happens where there is none."""
    for path in data.glob(f"{files.GLANCE}*"):
        path.unlink()
