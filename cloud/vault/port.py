"""What keeps patients' keys: files on one machine (`cloud.vault.key_files`), or an HSM.

The interface that docs/keys.md documents. `tests/cloud/vault/conformance.py` holds every
implementation to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from cloud.vault.owners import Owner, Purpose

KEY_BYTES = 32
Tell = Callable[[str], None]
"""Takes the name of a step that was just done."""


def tell_nobody(_step: str) -> None:
    """Take a step's name and keep it to oneself."""


class KeyPort(Protocol):
    """Makes, opens and destroys patients' keys, each wrapped by the clinic's own.

    Safe in several threads and processes at once. Every method raises KeyNotHeld for a purpose that
    this process may not use.
    """

    def make(self, owner: Owner) -> bytes:
        """Return the owner's key of KEY_BYTES, made now if there is none.

        It is on stable storage before this returns. Raise KeyDestroyed once it was destroyed.
        """

    def open(self, owner: Owner) -> bytes:
        """Return the owner's key; raise KeyDestroyed, KeyMissing or Damaged."""

    def destroy(self, owner: Owner) -> None:
        """Destroy the owner's key for good, also one that was never made; once more is no error.

        From then on neither `open` nor `make` gives one to this owner, in any process.
        """

    def rotate(self, clinic_id: str, purpose: Purpose, tell: Tell = tell_nobody) -> int:
        """Wrap the clinic's keys of one purpose under a fresh wrapping key; return how many.

        Killed at any moment and called again, it ends that one and does a whole one. The wrapping
        keys of before are destroyed at the end. Keys open all the while.
        """
