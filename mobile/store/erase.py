"""Erase this phone: the keys first, so that all else is unreadable from there on, then the files.

A mark is put down before the first key goes: an erasure that was killed is finished at the next
start, and never leaves a store that asks for its lost key.
"""

from __future__ import annotations

from pathlib import Path

from mobile.glance.sealed import drop as drop_glance
from mobile.platform.keystore import KeyName, KeyStore
from mobile.store.database import FILE_NAME

_MARK = "erasing"


def erase(data: Path, keys: KeyStore) -> None:
    """Forget every key and delete every file of the store, those set aside too.

    The store must be closed. What isn't the store's (the window's settings, Bluetooth's own bonds)
    is the caller's.
    """
    (data / _MARK).touch()
    for name in KeyName:
        keys.erase(name)
    for path in sorted(data.glob(f"{FILE_NAME}*")):
        path.unlink()
    drop_glance(data)
    (data / _MARK).unlink()


def finish_erasing(data: Path, keys: KeyStore) -> None:
    """Finish what an erasure that was killed has begun."""
    if (data / _MARK).exists():
        erase(data, keys)
