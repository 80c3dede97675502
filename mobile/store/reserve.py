"""Room put by on the phone, so that what holds the band can be kept when all other room is gone.

It's a file of noise beside the store: deleting it makes room for a few pages. Another app may take
that room first, so that it's a chance and no promise.
"""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from mobile.store.database import FILE_NAME

RESERVE_BYTES = 128 * 1024
"""About thirty pages: a withdrawal takes under ten, its write-ahead log and index included."""
_LEAST_FREE_BYTES = 8 * RESERVE_BYTES
"""With less than this left the store itself needs the room."""


class Reserve:
    """The file of one data folder."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._path = data / f"{FILE_NAME}.reserve"

    def put_by(self) -> None:
        """Take the room, unless it's there or there's too little; then a later start tries it."""
        if self._path.exists() or shutil.disk_usage(self._data).free < _LEAST_FREE_BYTES:
            return
        new = self._path.with_suffix(".new")
        try:
            with new.open("wb") as file:
                file.write(secrets.token_bytes(RESERVE_BYTES))
                file.flush()
                os.fsync(file.fileno())
            new.rename(self._path)
        except OSError:
            new.unlink(missing_ok=True)

    def spend(self) -> bool:
        """Give the room back to the phone; return whether there was any."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True
