"""Which keystore this machine gets: its keyring, or the file where there is none.

The choice stays: keys that once went to the file are looked for there, also after a keyring has
been installed.
"""

from __future__ import annotations

import logging
from pathlib import Path

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from mobile.platform.file_store import FILE_NAME, FileKeyStore
from mobile.platform.keyring_store import KeyringKeyStore
from mobile.platform.keystore import KeyStore

log = logging.getLogger(__name__)

_PROBE = ("circlet-app/probe", "probe")


def open_keystore(data: Path, backend: KeyringBackend | None = None) -> KeyStore:
    """Return the keystore for the data folder, and log the sentence that says what it is."""
    found = keyring.get_keyring() if backend is None else backend
    keys: KeyStore
    if (data / FILE_NAME).exists() or not _answers(found):
        keys = FileKeyStore(data)
    else:
        keys = KeyringKeyStore(data, found)
    log.warning("%s", keys.sentence)
    return keys


def _answers(backend: KeyringBackend) -> bool:
    try:
        backend.get_password(*_PROBE)
    except (KeyringError, RuntimeError) as problem:
        log.info("no keyring here: %s", problem)
        return False
    return True
