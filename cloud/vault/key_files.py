"""Patients' keys in files, wrapped by keys in files: the embedded default, for one machine.

The folder belongs outside the database and outside its backups (docs/keys.md). Every opening looks
at the file's own state, so that what one process destroys or rotates counts in all at once.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Collection
from functools import wraps
from pathlib import Path
from typing import NamedTuple, ParamSpec, TypeVar

from cloud.vault.errors import Damaged, KeyDestroyed, KeyFolderError, KeyMissing, KeyNotHeld
from cloud.vault.owners import Owner, Purpose
from cloud.vault.port import KEY_BYTES, Tell, tell_nobody
from cloud.vault.rotating import rotate
from cloud.vault.shelf import Shelf, shred, write_whole
from cloud.vault.wrapping import unwrap, wrap, wrapped_by

ALL = tuple(Purpose)
_TRIES = 3
P = ParamSpec("P")
R = TypeVar("R")
_State = tuple[int, int, int]


class _Opened(NamedTuple):
    """A key that was opened, the state of its file then, and where that and its tombstone lie."""

    state: _State
    key: bytes
    wrapped: str
    tombstone: str

    def still_holds(self) -> bool:
        """Whether the files say what they said; what they say now is for the long way."""
        try:
            return _state_of(self.wrapped) == self.state and not os.path.exists(self.tombstone)
        except FileNotFoundError:
            return False


def _in_words(method: Callable[P, R]) -> Callable[P, R]:
    """Let a method say what the operating system refused as a VaultError."""

    @wraps(method)
    def said(*given: P.args, **named: P.kwargs) -> R:
        try:
            return method(*given, **named)
        except OSError as problem:
            where = f"{problem.filename or 'folder of keys'}"
            raise KeyFolderError(f"{where}: {problem.strerror}.") from problem

    return said


class FileKeys:
    """The port over a folder; ``purposes`` are those that this process may use."""

    def __init__(self, folder: Path, purposes: Collection[Purpose] = ALL) -> None:
        self.folder, self.purposes = folder, frozenset(purposes)
        self._opened: dict[Owner, _Opened] = {}

    @_in_words
    def make(self, owner: Owner) -> bytes:
        """Return the owner's key, made now if there is none."""
        shelf = self._shelf(owner.clinic_id, owner.purpose)
        with shelf.locked():
            try:
                return self.open(owner)
            except KeyMissing:
                if shelf.wrapped(owner.patient_id).exists():
                    raise
            key = secrets.token_bytes(KEY_BYTES)
            wrapped = wrap(key, owner, *shelf.current())
            write_whole(shelf.wrapped(owner.patient_id), wrapped)
        return key

    @_in_words
    def open(self, owner: Owner) -> bytes:
        """Return the owner's key; raise KeyDestroyed, KeyMissing or Damaged."""
        known = self._opened.get(owner)
        if known is not None and known.still_holds():
            return known.key
        shelf = self._shelf(owner.clinic_id, owner.purpose)
        path = shelf.wrapped(owner.patient_id)
        for left in reversed(range(_TRIES)):
            try:
                state = _state_of(path)
                if shelf.tombstone(owner.patient_id).exists():
                    break
                data = path.read_bytes()
                key = unwrap(data, owner, shelf.wrapping_key(wrapped_by(data, owner)))
            except FileNotFoundError as problem:
                if shelf.tombstone(owner.patient_id).exists():
                    break
                raise KeyMissing(f"The {owner} is not in {shelf.folder}.") from problem
            except (KeyMissing, Damaged):
                # A rotation wrapped it anew between the two readings, and wrote over the old
                # wrapping key or took it away; or an erasure is writing over the file itself.
                if not left:
                    raise
                continue
            tombstone = str(shelf.tombstone(owner.patient_id))
            self._opened[owner] = _Opened(state, key, str(path), tombstone)
            return key
        self._opened.pop(owner, None)
        raise KeyDestroyed(f"The {owner} was destroyed.")

    @_in_words
    def destroy(self, owner: Owner) -> None:
        """Destroy the owner's key for good."""
        shelf = self._shelf(owner.clinic_id, owner.purpose)
        with shelf.locked():
            write_whole(shelf.tombstone(owner.patient_id), b"")
            shred(shelf.wrapped(owner.patient_id))
            for part in shelf.parts(owner.patient_id):
                shred(part)
        self._opened.pop(owner, None)

    @_in_words
    def rotate(self, clinic_id: str, purpose: Purpose, tell: Tell = tell_nobody) -> int:
        """Wrap the clinic's keys of one purpose under a fresh wrapping key; return how many."""
        shelf = self._shelf(clinic_id, purpose)
        with shelf.locked("rotation"):
            return rotate(shelf, lambda patient_id: Owner(clinic_id, patient_id, purpose), tell)

    def _shelf(self, clinic_id: str, purpose: Purpose) -> Shelf:
        if purpose not in self.purposes:
            raise KeyNotHeld(f"This process holds no {purpose} keys.")
        return Shelf(self.folder / purpose.value / clinic_id)


def _state_of(path: Path | str) -> _State:
    found = os.stat(path)
    return found.st_ino, found.st_mtime_ns, found.st_size
