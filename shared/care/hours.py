"""When the clinic is open, by its own clock: the days with 23 and with 25 hours as well.

A card whose zone isn't known here counts as closed, without a next opening: then nobody is told
an hour that may be wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.care.card import MINUTES_A_DAY, ClinicCard, OpenHours

LOOK_AHEAD_DAYS = 70
"""Longer than any row of closed days that a card can hold."""


class Whom(Enum):
    """Who answers at a number."""

    CLINIC = "clinic"
    ON_CALL = "on-call"
    EMERGENCY = "emergency"


@dataclass(frozen=True)
class Reach:
    """Whom to call at an instant. ``until_ms`` is when that changes, where it's known."""

    whom: Whom
    number: str
    until_ms: int | None


@dataclass(frozen=True)
class _Span:
    begin_ms: int
    end_ms: int


def is_open(card: ClinicCard, wall_ms: int) -> bool:
    """Return whether somebody answers the day number at this instant."""
    return _span_at(card, wall_ms) is not None


def next_opening(card: ClinicCard, wall_ms: int) -> int | None:
    """Return the first instant, now or later, at which it's open; None where none is known."""
    for span in _spans(card, wall_ms):
        if wall_ms < span.end_ms:
            return max(span.begin_ms, wall_ms)
    return None


def closes_at(card: ClinicCard, wall_ms: int) -> int | None:
    """Return the instant at which it closes; None where it's closed at this one.

    Spans that meet, over midnight as well, are one.
    """
    end_ms: int | None = None
    for span in _spans(card, wall_ms):
        if span.begin_ms <= (wall_ms if end_ms is None else end_ms) < span.end_ms:
            end_ms = span.end_ms
    return end_ms


def reach(card: ClinicCard, wall_ms: int) -> Reach:
    """Return whom to call now: the clinic, else whoever is on call, else the emergency number."""
    closes_ms = closes_at(card, wall_ms)
    if closes_ms is not None:
        return Reach(Whom.CLINIC, card.day_number, closes_ms)
    opens_ms = next_opening(card, wall_ms)
    if card.on_call_number:
        return Reach(Whom.ON_CALL, card.on_call_number, opens_ms)
    return Reach(Whom.EMERGENCY, card.emergency_number, opens_ms)


def zone_of(card: ClinicCard) -> ZoneInfo | None:
    """Return the clinic's time zone, or None where this machine doesn't know it."""
    try:
        return ZoneInfo(card.zone)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _span_at(card: ClinicCard, wall_ms: int) -> _Span | None:
    for span in _spans(card, wall_ms):
        if span.begin_ms <= wall_ms < span.end_ms:
            return span
        if span.begin_ms > wall_ms:
            return None
    return None


def _spans(card: ClinicCard, wall_ms: int) -> Iterator[_Span]:
    """Yield the open spans from the day before an instant on, in order."""
    zone = zone_of(card)
    if zone is None or not card.hours:
        return
    today = datetime.fromtimestamp(wall_ms / 1000, tz=zone).date()
    hours = sorted(card.hours, key=lambda each: each.from_min)
    for ahead in range(-1, LOOK_AHEAD_DAYS):
        day = today + timedelta(days=ahead)
        if day.isoformat() in card.closed_days:
            continue
        for each in hours:
            if each.weekday == day.weekday():
                yield _span(day, each, zone)


def _span(day: date, hours: OpenHours, zone: ZoneInfo) -> _Span:
    # An hour that comes twice opens at its first and closes at its second coming.
    return _Span(
        _instant(day, hours.from_min, zone, fold=0), _instant(day, hours.to_min, zone, fold=1)
    )


def _instant(day: date, minute: int, zone: ZoneInfo, *, fold: int) -> int:
    if minute == MINUTES_A_DAY:
        day, minute = day + timedelta(days=1), 0
    at = datetime.combine(day, time(minute // 60, minute % 60, fold=fold), tzinfo=zone)
    return round(at.astimezone(UTC).timestamp()) * 1000
