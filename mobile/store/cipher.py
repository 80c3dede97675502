"""AES-256-GCM by field: table, column and row id are the associated data.

A value copied to another row, column or table doesn't open there. A sealed field is the number of
its data key (2 bytes), the IV (12 bytes), and the ciphertext with its tag.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mobile.store.errors import StoreDamaged

KEY_BYTES = 32
NUMBER_BYTES = 2
_IV_BYTES = 12
_IV_END = NUMBER_BYTES + _IV_BYTES


class KeyedCipher:
    """Seals under the newest data key, opens under whichever of them a field names."""

    def __init__(self, data_keys: Mapping[int, bytes]) -> None:
        self._ciphers = {number: AESGCM(key) for number, key in data_keys.items()}
        self.newest = max(data_keys)

    def seal(self, table: str, column: str, row: str, plain: bytes) -> bytes:
        """Return key number, IV and ciphertext of the field."""
        iv = os.urandom(_IV_BYTES)
        text = self._ciphers[self.newest].encrypt(iv, plain, _place(table, column, row))
        return number_bytes(self.newest) + iv + text

    def open(self, table: str, column: str, row: str, sealed: bytes) -> bytes:
        """Return the field's plain bytes; raise StoreDamaged where they don't open here."""
        return self.open_all(table, column, [(row, sealed)])[0]

    def open_all(
        self, table: str, column: str, fields: Iterable[tuple[str, bytes]]
    ) -> tuple[bytes, ...]:
        """Return the plain bytes of many fields of a column, each with its row's name; a year of
        records is some ten thousand.
        """
        opens = {number_bytes(number): each.decrypt for number, each in self._ciphers.items()}
        column_place = _place(table, column, "")
        try:
            return tuple(
                opens[sealed[:NUMBER_BYTES]](
                    sealed[NUMBER_BYTES:_IV_END], sealed[_IV_END:], column_place + row.encode()
                )
                for row, sealed in fields
            )
        except KeyError as problem:
            raise StoreDamaged(f"{table}.{column}", "names a key that isn't there") from problem
        except (InvalidTag, ValueError) as problem:
            raise StoreDamaged(f"{table}.{column}", "doesn't open") from problem

    def take(self, number: int, key: bytes) -> None:
        """Seal under this key from now on."""
        self._ciphers[number] = AESGCM(key)
        self.newest = number

    def forget_older(self) -> None:
        """Nothing is sealed under an older key any more."""
        self._ciphers = {self.newest: self._ciphers[self.newest]}


def number_bytes(number: int) -> bytes:
    """Return a data key's number as sealed fields begin with it."""
    return number.to_bytes(NUMBER_BYTES, "big")


def _place(table: str, column: str, row: str) -> bytes:
    return f"circlet/field/v1/{table}/{column}/{row}".encode()
