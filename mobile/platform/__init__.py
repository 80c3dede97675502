"""What the phone's system provides, behind ports: the keystore first.

- `keystore`: the `KeyStore` port, and the keys that the app keeps in one.
- `keyring_store`: the system's keyring. `file_store`: a file, for machines without a keyring.
- `choice`: which of the two this machine gets, and the sentence that says so.
"""

from mobile.platform.choice import open_keystore
from mobile.platform.errors import KeyStoreBroken, KeyStoreError
from mobile.platform.file_store import FileKeyStore
from mobile.platform.keyring_store import KeyringKeyStore
from mobile.platform.keystore import KeyName, KeyStore, create_signer, signer

__all__ = [
    "FileKeyStore",
    "KeyName",
    "KeyStore",
    "KeyStoreBroken",
    "KeyStoreError",
    "KeyringKeyStore",
    "create_signer",
    "open_keystore",
    "signer",
]
