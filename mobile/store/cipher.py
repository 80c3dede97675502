"""AES-256-GCM by field: table, column and row id are the associated data.

A value copied to another row, column or table doesn't open there.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)

from mobile.platform.keystore import KeyName, KeyStore
from mobile.store.errors import KeyLost, StoreBroken

KEY_BYTES = 32
_IV_BYTES = 12


class FieldCipher:
    """Seals and opens single fields under the data key."""

    def __init__(self, data_key: bytes) -> None:
        self._aead = AESGCM(data_key)

    def seal(self, table: str, column: str, row: str, plain: bytes) -> bytes:
        """Return IV and ciphertext of the field."""
        iv = os.urandom(_IV_BYTES)
        return iv + self._aead.encrypt(iv, plain, _place(table, column, row))

    def open(self, table: str, column: str, row: str, sealed: bytes) -> bytes:
        """Return the field's plain bytes; raise StoreBroken where they don't open here."""
        iv, text = sealed[:_IV_BYTES], sealed[_IV_BYTES:]
        try:
            return self._aead.decrypt(iv, text, _place(table, column, row))
        except (InvalidTag, ValueError) as problem:
            raise StoreBroken(f"{table}.{column}", "doesn't open") from problem


def new_wrapped_key(keys: KeyStore) -> bytes:
    """Make a data key and return it wrapped under a new key of the keystore (RFC 3394)."""
    wrapping = os.urandom(KEY_BYTES)
    keys.write(KeyName.WRAPPING, wrapping)
    return aes_key_wrap(wrapping, os.urandom(KEY_BYTES))


def unwrap(keys: KeyStore, wrapped: bytes) -> FieldCipher:
    """Return the cipher of a wrapped data key; raise KeyLost where the keystore hasn't its key."""
    wrapping = keys.read(KeyName.WRAPPING)
    if wrapping is None:
        raise KeyLost
    try:
        return FieldCipher(aes_key_unwrap(wrapping, wrapped))
    except (InvalidUnwrap, ValueError) as problem:
        raise KeyLost from problem


def _place(table: str, column: str, row: str) -> bytes:
    return f"circlet/field/v1/{table}/{column}/{row}".encode()
