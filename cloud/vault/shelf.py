"""The folder of one clinic's keys of one purpose: names, and writes that are whole or not there.

PURPOSE/CLINIC/current                 the id of the wrapping key that new keys get
PURPOSE/CLINIC/rotating                the id of the next one, while a rotation runs
PURPOSE/CLINIC/wrapping/ID.key         a wrapping key
PURPOSE/CLINIC/patients/ID.wrapped     a patient's key, wrapped
PURPOSE/CLINIC/patients/ID.destroyed   empty: this patient's key was destroyed
"""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cloud.vault.errors import Damaged, KeyMissing
from cloud.vault.port import KEY_BYTES
from cloud.vault.wrapping import WRAPPING_ID_BYTES

_FOLDER_MODE, _FILE_MODE = 0o700, 0o600
_SHARED_FOLDER_MODE, _SHARED_FILE_MODE = 0o750, 0o640
_GROUP_READS = 0o040
_PART = ".part"


class Shelf:
    """Files of one clinic and one purpose."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wrapping, self.patients = folder / "wrapping", folder / "patients"

    @contextmanager
    def locked(self, name: str = "lock") -> Iterator[None]:
        """Hold the shelf against every other process that changes it."""
        for folder in (self.folder, self.wrapping, self.patients):
            _make_folder(folder)
        descriptor = os.open(self.folder / name, os.O_RDWR | os.O_CREAT, _FILE_MODE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def wrapped(self, patient_id: bytes) -> Path:
        """Where a patient's wrapped key lies."""
        return self.patients / f"{patient_id.hex()}.wrapped"

    def tombstone(self, patient_id: bytes) -> Path:
        """What lies there once it was destroyed."""
        return self.patients / f"{patient_id.hex()}.destroyed"

    def parts(self, patient_id: bytes) -> list[Path]:
        """Return what is left of writing this patient's key where that was killed."""
        return sorted(self.patients.glob(f"{patient_id.hex()}.wrapped.*{_PART}"))

    def all_wrapped(self) -> list[bytes]:
        """Return the ids of the patients with a key, in order."""
        return sorted(bytes.fromhex(path.stem) for path in self.patients.glob("*.wrapped"))

    def named(self, pointer: str) -> bytes | None:
        """Return the wrapping key's id that ``current`` or ``rotating`` names."""
        try:
            text = (self.folder / pointer).read_text("ascii").strip()
        except FileNotFoundError:
            return None
        try:
            found = bytes.fromhex(text)
        except ValueError:
            found = b""
        if len(found) != WRAPPING_ID_BYTES:
            raise Damaged(f"{self.folder / pointer} names no wrapping key.")
        return found

    def name(self, pointer: str, wrapping_id: bytes) -> None:
        """Let ``current`` or ``rotating`` name this wrapping key."""
        write_whole(self.folder / pointer, wrapping_id.hex().encode())

    def wrapping_key(self, wrapping_id: bytes) -> bytes:
        """Return a wrapping key; raise KeyMissing or Damaged."""
        path = self.wrapping_file(wrapping_id)
        try:
            key = path.read_bytes()
        except FileNotFoundError as problem:
            raise KeyMissing(f"{path} is not there.") from problem
        if len(key) != KEY_BYTES:
            raise Damaged(f"{path} has not {KEY_BYTES} bytes.")
        return key

    def wrapping_file(self, wrapping_id: bytes) -> Path:
        """Where a wrapping key lies."""
        return self.wrapping / f"{wrapping_id.hex()}.key"

    def current(self) -> tuple[bytes, bytes]:
        """Return id and key for wrapping, made if the shelf is new; call it while locked."""
        wrapping_id = self.named("current")
        if wrapping_id is None:
            if self.all_wrapped():
                raise KeyMissing(f"{self.folder / 'current'} is not there.")
            wrapping_id = secrets.token_bytes(WRAPPING_ID_BYTES)
            self.make_wrapping_key(wrapping_id)
            self.name("current", wrapping_id)
        return wrapping_id, self.wrapping_key(wrapping_id)

    def make_wrapping_key(self, wrapping_id: bytes) -> None:
        """Write a fresh wrapping key of this id."""
        write_whole(self.wrapping_file(wrapping_id), secrets.token_bytes(KEY_BYTES))


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is there whole, on stable storage, or not at all."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}{_PART}")
    shared = path.parent.stat().st_mode & _GROUP_READS
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
    try:
        os.fchmod(descriptor, _SHARED_FILE_MODE if shared else _FILE_MODE)
        os.write(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    part.replace(path)
    sync_folder(path.parent)


def _make_folder(folder: Path) -> None:
    """Make a folder for its user alone; a group that reads the one around it reads this too."""
    if folder.exists():
        return
    if not folder.parent.exists():
        _make_folder(folder.parent)
    shared = folder.parent.stat().st_mode & (_GROUP_READS | stat.S_ISGID)
    is_shared = shared == _GROUP_READS | stat.S_ISGID
    with suppress(FileExistsError):
        folder.mkdir(mode=_SHARED_FOLDER_MODE if is_shared else _FOLDER_MODE)
        # The bit comes from the folder around, as a service may not set it (RestrictSUIDSGID);
        # only a command whose umask took the group's rights away has to.
        if is_shared and not folder.stat().st_mode & _GROUP_READS:
            folder.chmod(_SHARED_FOLDER_MODE | stat.S_ISGID)


def shred(path: Path) -> None:
    """Write over a file and remove it; a copy that the disk itself made elsewhere may remain."""
    try:
        descriptor = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return
    try:
        os.write(descriptor, secrets.token_bytes(os.fstat(descriptor).st_size))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Put a folder's names on stable storage."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
