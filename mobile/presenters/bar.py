"""The words of the bar of places."""

from __future__ import annotations

from mobile.presenters.page import Tab
from mobile.presenters.pieces import Choice


def bar_places() -> tuple[Choice, ...]:
    """Return the four places with their words, in order."""
    return (
        Choice(Tab.TODAY, "Today"),
        Choice(Tab.COURSE, "Course"),
        Choice(Tab.CHECKINS, "Check-ins"),
        Choice(Tab.HELP, "Help"),
    )
