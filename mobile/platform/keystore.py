"""The keystore port: a few named secrets that never stand in the database.

Not a place for health values. On a phone the app key and the request key will stay inside the
platform's keystore; here they're software keys whose bytes the store keeps.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from mobile.language import _
from mobile.platform.errors import KeyStoreBroken

if TYPE_CHECKING:
    from shared.trust.keys import SoftwareKey


class KeyName(StrEnum):
    """Every secret that the app keeps."""

    WRAPPING = "wrapping-key"
    NEXT_WRAPPING = "next-wrapping-key"
    SET_ASIDE_WRAPPING = "set-aside-wrapping-key"
    APP = "app-key"
    REQUEST = "request-key"
    GLANCE = "glance-key"


class KeyStore(Protocol):
    """Named secrets. Reading one that isn't there gives None, never an empty key."""

    @property
    def sentence(self) -> str:
        """What keeps the keys, in words for the person and the engineer."""

    def read(self, name: KeyName) -> bytes | None:
        """Return the secret, or None where none was written; raise KeyStoreBroken."""

    def write(self, name: KeyName, secret: bytes) -> None:
        """Keep the secret in place of the last one; raise KeyStoreBroken."""

    def erase(self, name: KeyName) -> None:
        """Forget the secret, if there is one."""


def signer(keys: KeyStore, name: KeyName) -> SoftwareKey | None:
    """Return the signing key of that name, or None where it was never made or is lost."""
    from shared.trust.errors import TrustError  # late: a start shows its first view without
    from shared.trust.keys import SoftwareKey

    pem = keys.read(name)
    if pem is None:
        return None
    try:
        return SoftwareKey.from_pem(pem)
    except TrustError as problem:
        raise KeyStoreBroken(
            _("The {name} in this phone's keystore can't be read.").format(name=name)
        ) from problem


def create_signer(keys: KeyStore, name: KeyName) -> SoftwareKey:
    """Make a fresh signing key of that name; an older one of the name is gone."""
    from shared.trust.keys import SoftwareKey

    key = SoftwareKey.generate()
    keys.write(name, key.to_pem())
    return key
