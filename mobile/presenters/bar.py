"""The words of a page's frame: the bar of places, and the line above what is out of sight."""

from __future__ import annotations

from mobile.language import _
from mobile.presenters.pieces import Choice, Tab


def bar_places() -> tuple[Choice, ...]:
    """Return the four places with their words, in order."""
    return (
        Choice(Tab.TODAY, _("Today")),
        Choice(Tab.COURSE, _("Course")),
        Choice(Tab.CHECKINS, _("Check-ins")),
        Choice(Tab.HELP, _("Help")),
    )


def more_below() -> str:
    """Return what stands where a page goes on below its edge."""
    return _("More below")
