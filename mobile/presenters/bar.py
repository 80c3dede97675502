"""The words of the bar of places."""

from __future__ import annotations

from mobile.language import _
from mobile.presenters.page import Tab
from mobile.presenters.pieces import Choice


def bar_places() -> tuple[Choice, ...]:
    """Return the four places with their words, in order."""
    return (
        Choice(Tab.TODAY, _("Today")),
        Choice(Tab.COURSE, _("Course")),
        Choice(Tab.CHECKINS, _("Check-ins")),
        Choice(Tab.HELP, _("Help")),
    )
