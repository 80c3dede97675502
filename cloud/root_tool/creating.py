"""Makes a clinic's two roots: one to work with, one to lock away for the day the first is lost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cloud.root_tool import files
from cloud.root_tool.home import RECOVERY, ROOT, About, write_home
from cloud.root_tool.key_folder import KeyFolder
from shared.trust.keys import PublicKey


@dataclass(frozen=True)
class Places:
    """Where the roots go; the recovery root goes to a medium of its own where one is named."""

    home: Path
    recovery: Path | None = None


def create(places: Places, about: About, *, protect: bytes | None) -> tuple[PublicKey, PublicKey]:
    """Write both folders and return the public halves, clinic root first."""
    if places.recovery is not None:
        files.refuse_unless_empty(places.recovery)
    with files.new_folder(places.home) as home:
        root = KeyFolder(home, protect=protect).create(ROOT).public_key
        if places.recovery is None:
            recovery = KeyFolder(home, protect=protect).create(RECOVERY).public_key
        else:
            recovery = _apart(places.recovery, protect)
            files.write_public(home / f"{RECOVERY}.pub", recovery)
        write_home(home, about)
    return root, recovery


def _apart(folder: Path, protect: bytes | None) -> PublicKey:
    with files.new_folder(folder) as part:
        return KeyFolder(part, protect=protect).create(RECOVERY).public_key
