"""The vault of a process, by the operator's settings."""

from __future__ import annotations

import os
from collections.abc import Collection

from cloud.errors import SetupError
from cloud.settings import Settings
from cloud.vault.key_files import ALL, FileKeys
from cloud.vault.owners import Purpose
from cloud.vault.vault import Vault


def open_vault(settings: Settings, purposes: Collection[Purpose] = ALL) -> Vault:
    """Return the vault with the keys of these purposes; raise SetupError where no folder is set."""
    return Vault(FileKeys(settings.vault_folder, purposes))


def vault_if_set(settings: Settings) -> Vault | None:
    """Return the vault for a command that may have no need of it."""
    if settings.vault is None and settings.identity is None:
        return None
    return command_vault(settings)


def command_vault(settings: Settings) -> Vault:
    """Return the vault for a command; raise SetupError for another user than the folder's: what
    that one makes the processes could not read."""
    folder = settings.vault_folder
    for path in (folder, *(folder / purpose.value for purpose in Purpose)):
        if path.exists() and path.stat().st_uid != os.geteuid():
            raise SetupError(f"{path}: run this command as the user who owns this folder")
    return open_vault(settings)
