"""Where a person finds a file that the app has made: the system's folder for downloads."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

_LINE = re.compile(r'^XDG_DOWNLOAD_DIR="(\$HOME)?(/[^"]*)"', re.MULTILINE)


def downloads(home: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder: Android's shared one, the desktop's own, else ``Downloads`` at home.

    Android lets an app put files of its own there without a permission from version 11 on.
    """
    shared = environment.get("EXTERNAL_STORAGE")
    if shared and "ANDROID_ROOT" in environment:
        return Path(shared) / "Download"
    configured = Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "user-dirs.dirs"
    try:
        found = _LINE.search(configured.read_text(encoding="utf-8"))
    except OSError:
        found = None
    if found is None:
        return home / "Downloads"
    return Path(f"{home}{found[2]}" if found[1] else found[2])
