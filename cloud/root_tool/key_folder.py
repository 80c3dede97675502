"""Keys in a folder of files: the software in the place of an HSM (the port is `KeyStore`).

NAME.key is the private half (PKCS #8, protected by a password or not), NAME.pub the public one.
"""

from __future__ import annotations

from pathlib import Path

from cloud.root_tool import files
from cloud.root_tool.errors import RootToolError
from cloud.root_tool.passwords import Passwords
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, Signer, SoftwareKey

PRIVATE_OPENING = b"-----BEGIN"
_PROTECTED = b"-----BEGIN ENCRYPTED"


class KeyFolder:
    """The keys of one folder. New ones are encrypted where ``protect`` gives a password."""

    def __init__(
        self, folder: Path, passwords: Passwords | None = None, *, protect: bytes | None = None
    ) -> None:
        self._folder, self._protect = folder, protect
        self._passwords = passwords or Passwords()

    def create(self, name: str) -> Signer:
        """Make a fresh key under a name that is free."""
        key = SoftwareKey.generate()
        private = self._folder / f"{name}.key"
        files.write_new(private, key.to_pem(self._protect), mode=files.SECRET_MODE)
        files.write_public(private.with_suffix(".pub"), key.public_key)
        return key

    def open(self, name: str) -> Signer:
        """Return the signer of a name that there is."""
        path = self._folder / f"{name}.key"
        pem = files.read(path)
        password = self._passwords.of(path) if is_protected(pem) else None
        try:
            return SoftwareKey.from_pem(pem, password)
        except TrustError as problem:
            wrong = "the password is wrong, or " if password is not None else ""
            raise RootToolError("key", f"{path}: {wrong}{problem}") from problem

    def names(self) -> tuple[str, ...]:
        """Return the names of all keys, in order."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.key")))


def open_file(path: Path, passwords: Passwords) -> Signer:
    """Return the signer of one key file."""
    if path.suffix != ".key":
        raise RootToolError("key", f"{path}: a private key's file ends in .key")
    return KeyFolder(path.parent, passwords).open(path.stem)


def public_half(path: Path) -> PublicKey:
    """Return a private key file's public half; of a protected one, from the .pub beside it."""
    if is_protected(files.read(path)):
        return files.read_public(path.with_suffix(".pub"))
    return KeyFolder(path.parent).open(path.stem).public_key


def is_protected(pem: bytes) -> bool:
    """Return whether a key file asks for a password."""
    return pem.startswith(_PROTECTED)
