"""Secrets in the system's keyring, through the `keyring` library."""

from __future__ import annotations

import base64
import binascii
import hashlib
from pathlib import Path

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, PasswordDeleteError

from mobile.language import _, mark, told
from mobile.platform.errors import KeyStoreBroken
from mobile.platform.keystore import KeyName

_BROKEN = mark("This phone's keyring can't be reached. Unlock it and open the app again.")


class KeyringKeyStore:
    """One keyring entry for each secret, under a service name made from the data folder."""

    def __init__(self, data: Path, backend: KeyringBackend | None = None) -> None:
        self._backend = keyring.get_keyring() if backend is None else backend
        place = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:16]
        self._service = f"circlet-app/{place}"

    @property
    def sentence(self) -> str:
        return _("Keys are kept by this system's keyring ({name}).").format(name=self._backend.name)

    def read(self, name: KeyName) -> bytes | None:
        try:
            text = self._backend.get_password(self._service, name)
        except KeyringError as problem:
            raise KeyStoreBroken(told(_BROKEN)) from problem
        if text is None:
            return None
        try:
            return base64.b64decode(text, validate=True)
        except binascii.Error as problem:
            raise KeyStoreBroken(
                _("The keyring's entry {name} isn't one of this app's.").format(name=name)
            ) from problem

    def write(self, name: KeyName, secret: bytes) -> None:
        try:
            self._backend.set_password(self._service, name, base64.b64encode(secret).decode())
        except KeyringError as problem:
            raise KeyStoreBroken(told(_BROKEN)) from problem

    def erase(self, name: KeyName) -> None:
        try:
            self._backend.delete_password(self._service, name)
        except PasswordDeleteError:
            return
        except KeyringError as problem:
            raise KeyStoreBroken(told(_BROKEN)) from problem
