"""Instants as a person would write them, and zones whose clocks do strange things."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",  # the clocks change by half an hour
    "Antarctica/Troll",  # by two
    "Pacific/Kiritimati",  # 14 hours ahead
    "Pacific/Pago_Pago",  # 11 behind
    "Pacific/Apia",  # left out a whole day
    "Africa/Casablanca",  # winter time in the month of fasting
    "Etc/UTC",
)


def at(text: str, zone: str = "Europe/Berlin", *, fold: int = 0) -> int:
    """Return the instant of ``2026-03-29 18:00``, in milliseconds."""
    wall = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return int(wall.timestamp()) * 1000


def wall(at_ms: int, zone: str = "Europe/Berlin") -> str:
    """Return what a clock on the wall shows."""
    return datetime.fromtimestamp(at_ms / 1000, tz=ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
