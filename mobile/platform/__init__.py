"""What the phone's system provides, behind ports; nothing here decides anything.

- Ports: `keystore` (and the keys that the app keeps), `notices`, `alarms`, `speech`, `cues`,
  `biometrics`, `privacy`, `ways_out`, `links`, `zone`. `phone`: all of them in one hand.
- `choice`: which adapters this machine gets. `android`, `desktop`: the adapters.
  `absent`: what a desktop lacks. `silent`: a phone that has nothing.
- `keyring_store`, `file_store`: a desktop's keystores. `errors`: what can go wrong.
"""

from typing import TYPE_CHECKING

from mobile.platform.choice import open_keystore, open_phone
from mobile.platform.errors import (
    KeyStoreBroken,
    KeyStoreError,
    NoticeNotShown,
    NotOpened,
    PlatformError,
)
from mobile.platform.file_store import FileKeyStore
from mobile.platform.keystore import KeyName, KeyStore, create_signer, signer

if TYPE_CHECKING:
    from mobile.platform.phone import Phone

__all__ = [
    "FileKeyStore",
    "KeyName",
    "KeyStore",
    "KeyStoreBroken",
    "KeyStoreError",
    "NotOpened",
    "NoticeNotShown",
    "Phone",
    "PlatformError",
    "create_signer",
    "open_keystore",
    "open_phone",
    "signer",
]


def __getattr__(name: str) -> object:
    """All the ports are many modules: a start shows its first view without them."""
    if name != "Phone":
        raise AttributeError(name)
    from mobile.platform.phone import Phone

    return Phone
