"""Passwords of protected key files: from a file, or asked for at the terminal, never an argument.

The key file's own encryption is what the library has for PKCS #8 (PBKDF2 with AES-256), so the
password's length has to do most of the work.
"""

from __future__ import annotations

import getpass
import sys
from dataclasses import dataclass
from pathlib import Path

from cloud.root_tool import files
from cloud.root_tool.errors import RootToolError

LEAST_CHARACTERS = 12
"""Own figure."""


@dataclass(frozen=True)
class Passwords:
    """Where passwords come from: ``file`` if there is one, else the person at the terminal."""

    file: Path | None = None

    def of(self, what: Path) -> bytes:
        """Return the password of a protected file that is there."""
        return self._from_file() if self.file else _ask(f"Password of {what}: ")

    def new(self) -> bytes:
        """Return the password for new key files, typed twice."""
        password = self._from_file() if self.file else _ask("Password for the new keys: ")
        if len(password) < LEAST_CHARACTERS:
            raise RootToolError("password", f"a password has at least {LEAST_CHARACTERS} bytes")
        if not self.file and _ask("The same again: ") != password:
            raise RootToolError("password", "the two passwords differ")
        return password

    def _from_file(self) -> bytes:
        assert self.file is not None
        return files.read(self.file).rstrip(b"\r\n")


def _ask(prompt: str) -> bytes:
    if not sys.stdin.isatty():
        raise RootToolError("password", "there is no terminal to ask at: give --password-file")
    return getpass.getpass(prompt).encode()
