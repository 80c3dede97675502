"""Small factories that the phone's tests share."""

from __future__ import annotations

from mobile.platform.keystore import KeyName


class MemoryKeyStore:
    """A keystore that forgets at the end of the test."""

    def __init__(self) -> None:
        self.secrets: dict[KeyName, bytes] = {}

    @property
    def sentence(self) -> str:
        return "Keys are kept in memory."

    def read(self, name: KeyName) -> bytes | None:
        return self.secrets.get(name)

    def write(self, name: KeyName, secret: bytes) -> None:
        self.secrets[name] = secret

    def erase(self, name: KeyName) -> None:
        self.secrets.pop(name, None)
