"""Sealing and opening fields of a patient: AES-256-GCM, with the field's own place bound to it."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from functools import cache, lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cloud.vault.errors import Damaged, KeyDestroyed, VaultError
from cloud.vault.owners import Owner, Purpose
from cloud.vault.port import KeyPort
from shared.wire import canonical

VERSION = 1
BLOCK_BYTES = 32
"""Plain bytes are filled up to a multiple of this, so that lengths say little."""
TOKEN_BYTES = 16
_NONCE_BYTES = 12
_END = b"\x80"
_OF_SEVEN = b"\x87"
"""How CBOR begins a list of seven."""
_HEADS_KEPT = 2048


@dataclass(frozen=True)
class Place:
    """Where a sealed field stands: owner of the key, table, primary key and column.

    It is associated data: a value that was moved to another row, column or patient does not open.
    """

    owner: Owner
    table: str
    row: tuple[str | bytes | int, ...]
    column: str

    @property
    def name(self) -> str:
        """The row's ids, for a log."""
        return "/".join(each.hex() if isinstance(each, bytes) else str(each) for each in self.row)

    def encode(self) -> bytes:
        """Return the place as bytes."""
        return _head(self.owner, self.table) + canonical.encode(list(self.row)) + _text(self.column)


class Vault:
    """Seals and opens with the keys that one process may use."""

    def __init__(self, keys: KeyPort) -> None:
        self.keys = keys

    def admit(self, clinic_id: str, patient_id: bytes) -> None:
        """Make the keys of a new patient, before anything of theirs is stored."""
        for purpose in Purpose:
            self.keys.make(Owner(clinic_id, patient_id, purpose))

    def erase(self, clinic_id: str, patient_id: bytes) -> None:
        """Destroy all keys of a patient, for good."""
        for purpose in Purpose:
            self.keys.destroy(Owner(clinic_id, patient_id, purpose))

    def is_erased(self, clinic_id: str, patient_id: bytes) -> bool:
        """Whether a key of the patient was destroyed; one that is only missing is no erasure."""
        for purpose in Purpose:
            try:
                self.keys.open(Owner(clinic_id, patient_id, purpose))
            except KeyDestroyed:
                return True
            except VaultError:
                continue
        return False

    def is_gone(self, clinic_id: str, patient_id: bytes) -> bool:
        """Whether every key of the patient is destroyed."""
        for purpose in Purpose:
            try:
                self.keys.open(Owner(clinic_id, patient_id, purpose))
            except KeyDestroyed:
                continue
            except VaultError:
                return False
            return False
        return True

    def check(self, clinic_id: str, patient_id: bytes) -> None:
        """Raise KeyDestroyed, KeyMissing or Damaged unless all keys of the patient open."""
        for purpose in Purpose:
            self.keys.open(Owner(clinic_id, patient_id, purpose))

    def seal(self, place: Place, plain: bytes) -> bytes:
        """Return the sealed bytes; raise VaultError without the owner's key."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        cipher = self._cipher(place.owner)
        return bytes([VERSION]) + nonce + cipher.encrypt(nonce, _filled(plain), place.encode())

    def open(self, place: Place, sealed: bytes) -> bytes:
        """Return the plain bytes; raise VaultError without the key, or in another place."""
        cipher = self._cipher(place.owner)
        nonce, data = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if sealed[:1] != bytes([VERSION]) or not data:
            raise Damaged(f"{place.table}.{place.column} is no sealed field.")
        try:
            return _emptied(cipher.decrypt(nonce, data, place.encode()))
        except InvalidTag as problem:
            raise Damaged(f"{place.table}.{place.column} does not open in its place.") from problem

    def token(self, owner: Owner, text: str) -> str:
        """Return a word that stands for ``text``; only the owner's key makes it again."""
        named = canonical.encode(["circlet/token/v1", owner.clinic_id, owner.patient_id, text])
        return hmac.digest(self.keys.open(owner), named, "sha256")[:TOKEN_BYTES].hex()

    def _cipher(self, owner: Owner) -> AESGCM:
        return AESGCM(self.keys.open(owner))


class Reading(Vault):
    """The vault of one reading transaction: it asks for each key once.

    A list opens ten values of each of its patients. Who is erased meanwhile is read as the
    transaction found them; from `end` on, every opening asks again.
    """

    def __init__(self, keys: KeyPort) -> None:
        super().__init__(keys)
        self._ciphers: dict[Owner, AESGCM] | None = {}

    def end(self) -> None:
        """Forget the keys: the transaction is over."""
        self._ciphers = None

    def _cipher(self, owner: Owner) -> AESGCM:
        if self._ciphers is None:
            return super()._cipher(owner)
        if owner not in self._ciphers:
            self._ciphers[owner] = super()._cipher(owner)
        return self._ciphers[owner]


@lru_cache(maxsize=_HEADS_KEPT)
def _head(owner: Owner, table: str) -> bytes:
    """The first five of a place's seven parts, as the beginning of their list."""
    named = ["circlet/field/v1", owner.purpose.value, owner.clinic_id, owner.patient_id, table]
    return _OF_SEVEN + canonical.encode(named)[1:]


@cache
def _text(text: str) -> bytes:
    return canonical.encode(text)


def _filled(plain: bytes) -> bytes:
    return plain + _END + bytes(-(len(plain) + 1) % BLOCK_BYTES)


def _emptied(filled: bytes) -> bytes:
    return filled.rstrip(b"\0")[: -len(_END)]
