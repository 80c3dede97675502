"""The clinic's opening hours in words: open until when, or when it opens."""

from __future__ import annotations

from mobile.language import _
from mobile.presenters.words import Now, clock_time, day_and_time
from shared.care.card import ClinicCard
from shared.care.hours import closes_at, next_opening


def open_words(card: ClinicCard, now: Now) -> str:
    """Return whether somebody answers now, and until or from when; empty where nobody knows."""
    closes_ms = closes_at(card, now.wall_ms)
    if closes_ms is not None:
        return _("Open until {time}").format(time=clock_time(now, closes_ms))
    opens_ms = next_opening(card, now.wall_ms)
    if opens_ms is None:
        return ""
    return _("Closed, opens {when}").format(when=day_and_time(now, opens_ms))
