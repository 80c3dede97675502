"""Secrets in a file beside the data, for machines without a keyring.

Weaker than a keystore, and it says so: who copies the whole data folder has the key as well.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from pathlib import Path

from mobile.language import _
from mobile.platform.errors import KeyStoreBroken
from mobile.platform.keystore import KeyName

FILE_NAME = "keys.json"
_OWNER_ONLY = 0o600


class FileKeyStore:
    """One JSON file, readable by its owner only, replaced whole at each change."""

    def __init__(self, data: Path) -> None:
        self._path = data / FILE_NAME

    @property
    def sentence(self) -> str:
        return _(
            "This system has no keyring, so the keys are kept in a file beside the data "
            "({name}, readable by its owner only). Whoever copies the whole folder can read the "
            "data."
        ).format(name=self._path.name)

    def read(self, name: KeyName) -> bytes | None:
        text = self._load().get(name)
        if text is None:
            return None
        try:
            return base64.b64decode(text, validate=True)
        except binascii.Error as problem:
            raise self._broken(f"holds no readable {name}") from problem

    def write(self, name: KeyName, secret: bytes) -> None:
        entries = self._load()
        entries[name] = base64.b64encode(secret).decode()
        self._save(entries)

    def erase(self, name: KeyName) -> None:
        entries = self._load()
        if entries.pop(name, None) is None:
            return
        if entries:
            self._save(entries)
            return
        try:
            self._path.unlink()
            _sync_folder(self._path.parent)
        except OSError as problem:
            raise self._broken("can't be deleted") from problem

    def _load(self) -> dict[str, str]:
        try:
            entries = json.loads(self._path.read_text())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as problem:
            raise self._broken("can't be read") from problem
        if not isinstance(entries, dict) or not all(isinstance(v, str) for v in entries.values()):
            raise self._broken("isn't one of this app's")
        return entries

    def _save(self, entries: dict[str, str]) -> None:
        new = self._path.with_suffix(".new")
        try:
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
            with os.fdopen(descriptor, "w") as file:
                json.dump(entries, file)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
            _sync_folder(self._path.parent)
        except OSError as problem:
            raise self._broken("can't be written") from problem

    def _broken(self, problem: str) -> KeyStoreBroken:
        return KeyStoreBroken(
            _("The key file {name} can't be used ({problem}).").format(
                name=self._path.name, problem=problem
            )
        )


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
