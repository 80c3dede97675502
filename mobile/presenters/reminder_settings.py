"""What the person wants of reminders: which, at which hour, how quiet, how much they say."""

from __future__ import annotations

from dataclasses import replace

from mobile.language import _, p_
from mobile.presenters.page import Choices, Heading, PageView, Push, Words
from mobile.presenters.pieces import Choice
from mobile.reminders import ReminderSettings

WHICH, HOUR, QUIET, SAYS = "which", "hour", "quiet", "says"
HOURS = (9 * 60, 12 * 60, 18 * 60, 20 * 60)
QUIETS = ((21 * 60, 8 * 60), (22 * 60, 7 * 60), (0, 0))
"""From and to, in minutes of the day; equal ones are never quiet (own figures)."""
_HOUR_MIN = 60
PLAIN, SPOKEN_OUT = "plain", "says-what"


def reminders_page(settings: ReminderSettings) -> PageView:
    """Return the page; everything on it holds at once."""
    return PageView(
        name="reminder-settings",
        title=_("Reminders"),
        blocks=(
            Heading(_("Remind me of")),
            Choices(_kinds(), _chosen(settings), WHICH, many=True),
            Heading(_("At about")),
            Choices(
                tuple(Choice(str(at), _hour(at)) for at in HOURS),
                frozenset({str(settings.at_minute)}),
                HOUR,
            ),
            Heading(_("Quiet time")),
            Choices(
                tuple(Choice(f"{begin}-{end}", _quiet(begin, end)) for begin, end in QUIETS),
                frozenset({f"{settings.quiet_from_minute}-{settings.quiet_to_minute}"}),
                QUIET,
            ),
            Heading(_("On a locked screen")),
            Choices(
                (
                    Choice(PLAIN, _("Only that something is due")),
                    Choice(SPOKEN_OUT, _("Also what is due")),
                ),
                frozenset({SPOKEN_OUT if settings.says_what else PLAIN}),
                SAYS,
            ),
            Words(_("Others may see a locked screen."), soft=True, small=True),
        ),
        foot=(Push(_("Back"), "back"),),
        help_button=_("Emergency"),
    )


def changed(settings: ReminderSettings, choice: str, group: str) -> ReminderSettings:
    """Return the settings after a touch; what isn't offered changes nothing."""
    match group:
        case "which" if choice in _names():
            return replace(settings, **{choice: not getattr(settings, choice)})
        case "hour" if choice in {str(at) for at in HOURS}:
            return replace(settings, at_minute=int(choice))
        case "quiet":
            for begin, end in QUIETS:
                if choice == f"{begin}-{end}":
                    return replace(settings, quiet_from_minute=begin, quiet_to_minute=end)
        case "says":
            return replace(settings, says_what=choice == SPOKEN_OUT)
    return settings


def _names() -> frozenset[str]:
    return frozenset(choice.id for choice in _kinds())


def _kinds() -> tuple[Choice, ...]:
    return (
        Choice("session", _("The next session")),
        Choice("checkin", _("A check-in")),
        Choice("questions", _("Questions after a session")),
        Choice("clearance", _("The clinic's permission runs out")),
        Choice("charge", _("Charging the band")),
    )


def _chosen(settings: ReminderSettings) -> frozenset[str]:
    return frozenset(name for name in _names() if getattr(settings, name))


def _hour(minute: int) -> str:
    return p_("time", "{hour:02d}:{minute:02d}").format(
        hour=minute // _HOUR_MIN, minute=minute % _HOUR_MIN
    )


def _quiet(begin: int, end: int) -> str:
    if begin == end:
        return _("Never quiet")
    return _("From {begin} to {end}").format(begin=_hour(begin), end=_hour(end))
