"""A file that this machine can write and not read: sealed to a key that is kept elsewhere.

A fresh key of the file is sealed by HPKE to the backup key's public half; the content follows in
pieces of AES-256-GCM, each under its number, the last one marked. So pieces can't be left out,
swapped or cut off without its being seen, and a file of any size needs the memory of one piece.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cloud.errors import CloudError
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.sealing import open_sealed, seal

MAGIC = b"circlet-backup/1\n"
PIECE_BYTES = 1024 * 1024
_CONTEXT = b"circlet/backup/v1"
_TAG_BYTES, _LENGTH_BYTES, _SEALED_BYTES_MAX = 16, 2, 1024


class Unreadable(CloudError):
    """Not a backup, not for this key, changed or cut off."""

    code = "backup"


class SealedWriter:
    """Writes to ``file`` what is given; only `close` makes it whole."""

    def __init__(self, file: BinaryIO, to: PublicKey) -> None:
        key = secrets.token_bytes(32)
        sealed = seal(key, to=to, context=_CONTEXT)
        self._file, self._cipher, self._number = file, AESGCM(key), 0
        self._head = MAGIC + len(sealed).to_bytes(_LENGTH_BYTES, "big") + sealed
        self._rest = bytearray()
        file.write(self._head)

    def write(self, data: bytes) -> None:
        """Add bytes."""
        self._rest += data
        while len(self._rest) > PIECE_BYTES:
            self._piece(bytes(self._rest[:PIECE_BYTES]), last=False)
            del self._rest[:PIECE_BYTES]

    def close(self) -> None:
        """Write the last piece."""
        self._piece(bytes(self._rest), last=True)

    def _piece(self, plain: bytes, *, last: bool) -> None:
        nonce = _nonce(self._number, last=last)
        self._file.write(self._cipher.encrypt(nonce, plain, self._head))
        self._number += 1


def read_sealed(file: BinaryIO, key: SoftwareKey) -> Iterator[bytes]:
    """Yield the content in pieces; raise Unreadable before a byte of a piece that doesn't hold.

    The last piece comes last: who acts on the content waits until all of it was yielded.
    """
    head = file.read(len(MAGIC) + _LENGTH_BYTES)
    if not head.startswith(MAGIC) or len(head) < len(MAGIC) + _LENGTH_BYTES:
        raise Unreadable("this is no backup of circlet-cloud")
    length = int.from_bytes(head[len(MAGIC) :], "big")
    if length > _SEALED_BYTES_MAX:
        raise Unreadable(f"the backup's key has {length} bytes, at most {_SEALED_BYTES_MAX}")
    sealed = file.read(length)
    try:
        cipher = AESGCM(open_sealed(sealed, key=key, context=_CONTEXT))
    except TrustError as problem:
        raise Unreadable(f"the backup does not open: {problem}") from problem
    yield from _pieces(file, cipher, head + sealed)


def _pieces(file: BinaryIO, cipher: AESGCM, head: bytes) -> Iterator[bytes]:
    number, piece = 0, file.read(PIECE_BYTES + _TAG_BYTES)
    while True:
        following = file.read(PIECE_BYTES + _TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), piece, head)
        except InvalidTag as problem:
            raise Unreadable(f"piece {number + 1} was changed, or the file was cut off") from (
                problem
            )
        if not following:
            return
        number, piece = number + 1, following


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
