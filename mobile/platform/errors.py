"""What can go wrong with the phone's keystore."""


class KeyStoreError(Exception):
    """Root of the keystore's errors; `code` is stable, `str()` is a sentence for the person."""

    code = "keystore"


class KeyStoreBroken(KeyStoreError):
    """The keystore is there but can't be read or written."""

    code = "keystore.broken"
