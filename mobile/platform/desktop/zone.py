"""The desktop's time zone: TZ, else where ``/etc/localtime`` leads."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import ZoneInfo

from mobile.platform.zone import UTC_NAME

_LOCALTIME = Path("/etc/localtime")
_TABLES = "zoneinfo/"


class DesktopZone:
    """Read anew each time: a laptop travels too."""

    def __init__(self, localtime: Path = _LOCALTIME) -> None:
        self._localtime = localtime

    def name(self) -> str:
        for name in (os.environ.get("TZ", ""), self._linked()):
            if _is_known(name):
                return name
        return UTC_NAME

    def _linked(self) -> str:
        return str(self._localtime.resolve()).partition(_TABLES)[2]


def _is_known(name: str) -> bool:
    try:
        return bool(name) and ZoneInfo(name) is not None
    except (ValueError, OSError, LookupError):
        return False
