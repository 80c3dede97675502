"""What the app is started with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from mobile.presenters.appearance import Appearance

DEFAULT_INGEST = "http://127.0.0.1:8400"
DEFAULT_SYNC_EVERY_MS = 60_000


@dataclass(frozen=True)
class Options:
    """Where everything is. Without `radio` the system's own Bluetooth, without `clock` its time.

    Addresses are `HOST:PORT`; `ingest` is a base URL, trusted by the system's authorities or, where
    it's named, by the one in the file `authority`; `zone` is the person's, else the system's.
    `exports` is where files for the person go, else the system's downloads. `usual` is the look,
    and `language` is spoken, until the person chooses another.
    """

    data: Path
    radio: str | None = None
    clock: str | None = None
    ingest: str = DEFAULT_INGEST
    authority: Path | None = None
    zone: tzinfo | None = None
    sync_every_ms: int = DEFAULT_SYNC_EVERY_MS
    language: str = "en"
    exports: Path | None = None
    usual: Appearance = field(default_factory=Appearance)
