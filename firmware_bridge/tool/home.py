"""What an engineer's computer keeps between two commands: the paired band and the radio's bonds.

One folder, by default below XDG_STATE_HOME; several folders stand for several phones. The system's
own bonds, where its Bluetooth is used, are the system's to keep.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from firmware_bridge.tool.errors import FileUnusable, NotPairedYet

BAND_FILE = "band.json"
CERTIFICATE_FILE = "device.cert"


def default_folder() -> Path:
    """Where the state is kept when nothing else is said."""
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local/state") / "circlet-device"


class Home:
    """The folder of one engineer's phone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def radio(self) -> Path:
        """Address and bonds on the virtual radio."""
        return self.folder / "radio"

    @property
    def band(self) -> str:
        """The paired band's address; NotPairedYet where there is none."""
        address = self.known_band
        if address is None:
            raise NotPairedYet(self.folder)
        return address

    @property
    def known_band(self) -> str | None:
        """The paired band's address, if any."""
        path = self.folder / BAND_FILE
        if not path.exists():
            return None
        try:
            return str(json.loads(path.read_text())["address"])
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise FileUnusable(path, "doesn't name a band's address") from problem

    def keep_band(self, address: str) -> None:
        """Remember whom this computer is paired with."""
        self._write(BAND_FILE, json.dumps({"address": address}).encode() + b"\n")

    @property
    def certificate(self) -> bytes | None:
        """The maker's certificate of the paired band, where it was given once."""
        path = self.folder / CERTIFICATE_FILE
        return path.read_bytes() if path.exists() else None

    def keep_certificate(self, certificate: bytes) -> None:
        """Remember the maker's certificate."""
        self._write(CERTIFICATE_FILE, certificate)

    def _write(self, name: str, content: bytes) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            temporary = self.folder / f"{name}.new"
            temporary.write_bytes(content)
            temporary.replace(self.folder / name)
        except OSError as problem:
            raise FileUnusable(self.folder, problem.strerror or "can't be written") from problem
