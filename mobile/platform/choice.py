"""Which adapters this machine gets: Android's, or the desktop's with its keyring or key file.

A desktop's choice of keystore stays: keys that once went to the file are looked for there, also
after a keyring has been installed. Imports are late: a phone has no keyring library.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from mobile.platform.file_store import FILE_NAME, FileKeyStore
from mobile.platform.keystore import KeyStore

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

    from mobile.platform.phone import Phone

log = logging.getLogger(__name__)

_PROBE = ("circlet-app/probe", "probe")
_SET_ON_ANDROID = "P4A_BOOTSTRAP"
"""python-for-android sets it in every app that it builds."""


def on_android() -> bool:
    """Whether this runs in an Android app."""
    return _SET_ON_ANDROID in os.environ


def open_phone(link: str | None = None) -> Phone:
    """Return what the system under the app provides; on the main thread, before the engine.

    ``link`` is the one that a desktop started the app with.
    """
    if on_android():
        from mobile.platform.android import open_android_phone

        return open_android_phone()
    from mobile.platform.desktop import open_desktop_phone

    return open_desktop_phone(link)


def keys_of(data: Path) -> KeyStore:
    """Return the keystore for the data folder, and nothing else of the system."""
    if on_android():
        from mobile.platform.android.bridge import open_bridge
        from mobile.platform.android.keystore import AndroidKeyStore

        return AndroidKeyStore(data, open_bridge())
    return _desktop_keys(data, None)


def open_keystore(data: Path, backend: KeyringBackend | None = None) -> KeyStore:
    """Return a desktop's keystore for the data folder, and log the sentence that says what it is.

    Without a keyring library, or with one that doesn't answer, it is the file.
    """
    keys = _desktop_keys(data, backend)
    log.warning("%s", keys.sentence)
    return keys


def _desktop_keys(data: Path, backend: KeyringBackend | None) -> KeyStore:
    keys = FileKeyStore(data) if (data / FILE_NAME).exists() else _keyring(data, backend)
    return keys or FileKeyStore(data)


def _keyring(data: Path, backend: KeyringBackend | None) -> KeyStore | None:
    try:
        import keyring

        from mobile.platform.keyring_store import KeyringKeyStore
    except ImportError as problem:
        log.info("no keyring library here: %s", problem)
        return None
    found = keyring.get_keyring() if backend is None else backend
    return KeyringKeyStore(data, found) if _answers(found) else None


def _answers(backend: KeyringBackend) -> bool:
    from keyring.errors import KeyringError

    try:
        backend.get_password(*_PROBE)
    except (KeyringError, RuntimeError) as problem:
        log.info("no keyring here: %s", problem)
        return False
    return True
