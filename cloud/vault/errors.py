"""What can be wrong with a patient's key, or with what it sealed."""

from __future__ import annotations

from cloud.errors import CloudError


class VaultError(CloudError):
    """Root: something of a patient can't be sealed or opened here.

    ``str()`` is for who runs the servers, and may name files; ``sentence`` is for everybody.
    """

    code = "vault"
    sentence = (
        "What is kept of this patient does not open: a key is missing or damaged. Tell whoever"
        " runs the server."
    )


class KeyDestroyed(VaultError):
    """The patient was erased: what this key sealed opens nowhere any more."""

    code = "erased"
    status = 410
    sentence = "This patient was erased."


class KeyMissing(VaultError):
    """There is no such key, and nobody destroyed it: the folder of keys is not whole."""

    code = "key_missing"
    status = 503


class KeyNotHeld(VaultError):
    """This process is not one that may use keys of this purpose."""

    code = "key_not_held"
    status = 503


class KeyFolderError(VaultError):
    """The folder of keys can't be read or written by this user, or its disk fails."""

    code = "key_folder"
    status = 503


class Damaged(VaultError):
    """A wrapped key or a sealed field was changed, cut short, or put in another's place."""

    code = "damaged"
    status = 503
