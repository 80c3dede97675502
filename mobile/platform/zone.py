"""The zone port: in which time zone the phone is now. It changes while the app sleeps."""

from __future__ import annotations

from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

UTC_NAME = "Etc/UTC"


class SystemZone(Protocol):
    """Asked anew each time."""

    def name(self) -> str:
        """Return the zone's IANA name; ``Etc/UTC`` where the system doesn't tell."""


def zone_of(name: str) -> ZoneInfo:
    """Return the zone of a name; UTC for a name that this phone's tables don't know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(UTC_NAME)
