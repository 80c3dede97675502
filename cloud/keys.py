"""Private keys from files: each process loads its own, by name, and says which it holds."""

from __future__ import annotations

from pathlib import Path

from cloud.errors import SetupError
from cloud.settings import Settings
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

    @property
    def names(self) -> tuple[str, ...]:
        """Which keys this process holds."""
        return tuple(sorted(self._keys))

    def __getitem__(self, name: str) -> SoftwareKey:
        try:
            return self._keys[name]
        except KeyError as problem:
            raise SetupError(f"this process does not hold the {name} key") from problem


def load_key(path: Path) -> SoftwareKey:
    """Return the key of one PEM file; raise SetupError with its path otherwise."""
    try:
        return SoftwareKey.from_pem(path.read_bytes())
    except (OSError, TrustError) as problem:
        raise SetupError(f"{path}: {problem}") from problem
