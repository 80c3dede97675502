"""Check-ins at a glance: what is due, what comes later, and what was done."""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import _, n_, p_, told
from mobile.presenters.page import Block, Heading, PageView, Rows, Tab, Words
from mobile.presenters.pieces import Row
from mobile.presenters.words import Now, day, day_and_time, first_capital, minutes

DAY_MS = 86_400_000
OPEN = "open:"
"""Before an instrument's id: the press that begins it."""


@dataclass(frozen=True)
class Wanted:
    """A check-in that the clinic wants: how often, when it was last done, whether it's begun."""

    id: str
    title: str
    every_days: int
    minutes: int
    last_wall_ms: int | None = None
    begun: bool = False


def days_left(now: Now, wanted: Wanted) -> int:
    """Return in how many days of the person's calendar it's due; 0 or less is due now.

    One in the future was answered under a wrong clock: it says nothing of when the next is due.
    """
    if wanted.last_wall_ms is None or wanted.last_wall_ms > now.wall_ms + DAY_MS:
        return 0
    since = now.here.date() - now.local(wanted.last_wall_ms).date()
    return wanted.every_days - since.days


def is_due(now: Now, wanted: Wanted) -> bool:
    """Return whether it's due today. The day counts, not the hour: no one needs to wait for it."""
    return days_left(now, wanted) <= 0


def due_of(now: Now, wanted: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
    """Return what is due; what was begun first."""
    due = [one for one in wanted if is_due(now, one) or one.begun]
    return tuple(sorted(due, key=lambda one: not one.begun))


def checkins_words(now: Now, wanted: tuple[Wanted, ...]) -> str:
    """Return what the day's page says of check-ins: ``Due today, 2 minutes``."""
    due = due_of(now, wanted)
    if any(one.begun for one in due):
        return _("Begun, not sent yet")
    if due:
        return _("Due today, {minutes}").format(minutes=minutes(sum(one.minutes for one in due)))
    if not wanted:
        return _("None asked for")
    soonest = min(days_left(now, one) for one in wanted)
    return _("Nothing due, next {day}").format(day=day(now, now.wall_ms + soonest * DAY_MS))


def checkins_view(now: Now, wanted: tuple[Wanted, ...], *, done: int) -> PageView:
    """Return the page of check-ins; ``done`` counts those that this phone keeps."""
    due = due_of(now, wanted)
    later = sorted((one for one in wanted if one not in due), key=lambda one: days_left(now, one))
    return PageView(
        name="check-ins",
        title=_("Check-ins"),
        subtitle=_subtitle(len(due), len(wanted)),
        blocks=(
            *_section(_("Now"), tuple(_due_row(one) for one in due)),
            *_section(_("Later"), tuple(_later_row(now, one) for one in later)),
            *_section(_("More"), _more_rows(done)),
            Words(
                _(
                    "You may answer at any time of the day. Nobody counts days in a row here, and "
                    "a check-in left out is no failure."
                ),
                soft=True,
                small=True,
            ),
        ),
        tab=Tab.CHECKINS,
        help_button=_("Emergency"),
    )


def _subtitle(due: int, wanted: int) -> str:
    if not wanted:
        return _("Your clinic asks for none just now")
    if not due:
        return _("Nothing is due today")
    return n_("{count} is due today", "{count} are due today", due).format(count=due)


def _section(title: str, rows: tuple[Row, ...]) -> tuple[Block, ...]:
    return (Heading(title), Rows(rows)) if rows else ()


def _due_row(wanted: Wanted) -> Row:
    length = minutes(wanted.minutes)
    if wanted.begun:
        words = _("Begun, not sent yet")
    elif wanted.last_wall_ms is None:
        words = _("For the first time, {minutes}").format(minutes=length)
    else:
        words = _("Due today, {minutes}").format(minutes=length)
    return Row(told(wanted.title), words, f"{OPEN}{wanted.id}")


def _later_row(now: Now, wanted: Wanted) -> Row:
    next_ms = now.wall_ms + days_left(now, wanted) * DAY_MS
    last_ms = wanted.last_wall_ms or now.wall_ms
    words = p_("check-in", "Done {last}, next {day}").format(
        last=day_and_time(now, last_ms), day=day(now, next_ms)
    )
    return Row(told(wanted.title), first_capital(words), f"{OPEN}{wanted.id}")


def _more_rows(done: int) -> tuple[Row, ...]:
    kept = n_("{count} answered", "{count} answered", done).format(count=done)
    return (
        Row(_("Your answers so far"), kept if done else _("None yet"), "checkin-history"),
        Row(_("How it went"), _("Charts of your course"), "charts"),
        Row(_("When thoughts get dark"), _("Your safety plan"), "safety-plan"),
    )
