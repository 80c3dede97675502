"""Secrets under a key of the Android Keystore, which never leaves it (AES-256-GCM).

The file beside the data holds ciphertext only: copied to another phone, it opens nowhere. The
secret's name is the associated data, so that one can't be put in another's place. The key is
usable with the phone locked: a session goes on with the screen off.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from pathlib import Path
from typing import Any

from mobile.language import _
from mobile.platform.android.bridge import Bridge
from mobile.platform.errors import KeyStoreBroken
from mobile.platform.keystore import KeyName

NEEDS: tuple[str, ...] = ()
FILE_NAME = "secrets.json"
ALIAS = "circlet-secrets"
_PROVIDER, _CIPHER = "AndroidKeyStore", "AES/GCM/NoPadding"
_ENCRYPT, _DECRYPT = 1, 2
_KEY_BITS, _TAG_BITS, _IV_BYTES = 256, 128, 12


class AndroidKeyStore:
    """One entry in the file for each secret: IV and ciphertext."""

    def __init__(self, data: Path, bridge: Bridge) -> None:
        self._path = data / FILE_NAME
        self._java = bridge.java
        self._error = bridge.java_error

    @property
    def sentence(self) -> str:
        return _("Keys are kept by this phone's own keystore.")

    def read(self, name: KeyName) -> bytes | None:
        sealed = self._load().get(name)
        if sealed is None:
            return None
        try:
            return self._open(name, base64.b64decode(sealed, validate=True))
        except (binascii.Error, self._error) as problem:
            raise self._broken() from problem

    def write(self, name: KeyName, secret: bytes) -> None:
        entries = self._load()
        try:
            entries[name] = base64.b64encode(self._seal(name, secret)).decode()
        except self._error as problem:
            raise self._broken() from problem
        self._save(entries)

    def erase(self, name: KeyName) -> None:
        entries = self._load()
        if entries.pop(name, None) is not None:
            self._save(entries)

    def _seal(self, name: KeyName, secret: bytes) -> bytes:
        cipher = self._java("javax.crypto.Cipher").getInstance(_CIPHER)
        cipher.init(_ENCRYPT, self._key())
        cipher.updateAAD(name.encode())
        return _unsigned(cipher.getIV()) + _unsigned(cipher.doFinal(secret))

    def _open(self, name: KeyName, sealed: bytes) -> bytes:
        iv, text = sealed[:_IV_BYTES], sealed[_IV_BYTES:]
        cipher = self._java("javax.crypto.Cipher").getInstance(_CIPHER)
        spec = self._java("javax.crypto.spec.GCMParameterSpec")(_TAG_BITS, iv)
        cipher.init(_DECRYPT, self._key(), spec)
        cipher.updateAAD(name.encode())
        return _unsigned(cipher.doFinal(text))

    def _key(self) -> Any:
        keys = self._java("java.security.KeyStore").getInstance(_PROVIDER)
        keys.load(None)
        if keys.containsAlias(ALIAS):
            return keys.getKey(ALIAS, None)
        return self._new_key()

    def _new_key(self) -> Any:
        builder = self._java("android.security.keystore.KeyGenParameterSpec$Builder")
        spec = (
            builder(ALIAS, _ENCRYPT | _DECRYPT)
            .setBlockModes(["GCM"])
            .setEncryptionPaddings(["NoPadding"])
            .setKeySize(_KEY_BITS)
            .build()
        )
        maker = self._java("javax.crypto.KeyGenerator").getInstance("AES", _PROVIDER)
        maker.init(spec)
        return maker.generateKey()

    def _load(self) -> dict[str, str]:
        try:
            entries = json.loads(self._path.read_text())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as problem:
            raise self._broken() from problem
        if not isinstance(entries, dict) or not all(isinstance(v, str) for v in entries.values()):
            raise self._broken()
        return entries

    def _save(self, entries: dict[str, str]) -> None:
        new = self._path.with_suffix(".new")
        try:
            with new.open("w") as file:
                json.dump(entries, file)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as problem:
            raise self._broken() from problem

    def _broken(self) -> KeyStoreBroken:
        return KeyStoreBroken(_("This phone's keystore can't be used. Restart the phone."))


def _unsigned(data: Any) -> bytes:
    """Java's bytes are signed; pyjnius hands them over as they are."""
    return bytes(byte & 0xFF for byte in data)
