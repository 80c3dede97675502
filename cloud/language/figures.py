"""Numbers, days and zones as the language spoken writes them."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date, get_timezone_name
from babel.numbers import format_decimal

from cloud.language.speaking import current, p_


def number(value: int | float) -> str:
    """Return a number with its thousands apart."""
    return _number(value, current().locale)


def day(value: date, pattern: str | None = None) -> str:
    """Return a day that can't be misread: weekday, day, month as a word, year.

    ``pattern`` is another one, in the letters of Unicode's locale data.
    """
    return _day(value, pattern or p_("pattern of a day", "EEE d MMM y"), current().locale)


def zone(at: datetime) -> str:
    """Return the short name of the zone that an aware time is in; its offset where it has none."""
    locale = current().locale
    key = (str(at.tzinfo), at.tzname(), locale)
    if key not in _zones:
        _zones[key] = _zone(at, locale)
    return _zones[key]


@lru_cache(maxsize=4096)
def _number(value: int | float, locale: str) -> str:
    return format_decimal(value, locale=locale)


@lru_cache(maxsize=4096)
def _day(value: date, pattern: str, locale: str) -> str:
    return format_date(value, pattern, locale=locale)


_zones: dict[tuple[str, str | None, str], str] = {}
"""Names found before, by zone and half of the year: there are few, and a page asks often."""


def _zone(at: datetime, locale: str) -> str:
    name = get_timezone_name(at, "short", locale=locale)
    return f"UTC{name[:3]}:{name[3:]}" if name[0] in "+-" else name
