"""Private keys from files: each process loads its own, by name, and says which it holds."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from fnmatch import fnmatch
from pathlib import Path

from cloud.errors import SetupError
from cloud.settings import Settings
from cloud.vault.owners import Purpose
from shared.trust.errors import TrustError
from shared.trust.keys import SoftwareKey


class KeyRing:
    """The named keys of one process; a name that was not loaded is not there."""

    def __init__(self, keys: dict[str, SoftwareKey]) -> None:
        self._keys = dict(keys)

    @classmethod
    def load(cls, settings: Settings, names: tuple[str, ...]) -> KeyRing:
        """Load these keys of the identity folder."""
        return cls({name: load_key(settings.key_file(name)) for name in names})

    @classmethod
    def of_process(
        cls, settings: Settings, names: tuple[str, ...], purposes: Collection[Purpose]
    ) -> KeyRing:
        """Load a process's keys; raise SetupError where it could read any that aren't its own.

        A demonstration has all keys in one folder, and who sets ``one_folder`` says so.
        """
        if not (settings.one_folder or _is_demonstration(settings)):
            for path in _readable(settings, names, purposes):
                raise SetupError(
                    f"{path}: this process must not read that key: give it a folder of its own"
                    " keys (docs/keys.md), or set CIRCLET_CLOUD_ONE_FOLDER"
                )
        return cls.load(settings, tuple(name for name in names if "*" not in name))

    @property
    def names(self) -> tuple[str, ...]:
        """Which keys this process holds."""
        return tuple(sorted(self._keys))

    def __getitem__(self, name: str) -> SoftwareKey:
        try:
            return self._keys[name]
        except KeyError as problem:
            raise SetupError(f"this process does not hold the {name} key") from problem


def _readable(
    settings: Settings, names: tuple[str, ...], purposes: Collection[Purpose]
) -> Iterator[Path]:
    """Yield what this process could read and has no business with."""
    for path in sorted(settings.key_file("any").parent.glob("*.key")):
        own = any(fnmatch(path.stem, name) for name in names)
        if not own and os.access(path, os.R_OK):
            yield path
    for purpose in Purpose:
        folder = settings.vault_folder / purpose.value
        if purpose not in purposes and folder.exists() and os.access(folder, os.R_OK):
            yield folder


def _is_demonstration(settings: Settings) -> bool:
    if settings.identity is None:
        return False
    try:
        about = json.loads((settings.identity / "clinic.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(about, dict) and about.get("demo") is True


def load_key(path: Path) -> SoftwareKey:
    """Return the key of one PEM file; raise SetupError with its path otherwise."""
    try:
        return SoftwareKey.from_pem(path.read_bytes())
    except (OSError, TrustError) as problem:
        raise SetupError(f"{path}: {problem}") from problem
