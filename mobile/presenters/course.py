"""My course: a calendar that counts no streaks, what was missed, and where it leads."""

from __future__ import annotations

from datetime import date

from mobile.language import _, n_
from mobile.presenters.calendar_words import month_of, on_day, several, short_weekdays
from mobile.presenters.course_facts import CourseFacts, MakeUp
from mobile.presenters.page import (
    Block,
    Box,
    Calendar,
    Count,
    DayCell,
    Group,
    Heading,
    LongRows,
    Mark,
    PageView,
    Push,
    Rows,
    Tab,
    Week,
    Words,
)
from mobile.presenters.pieces import Notice, Row, Tone
from mobile.presenters.words import Now, day_and_time, first_capital
from shared.dose.course_days import CourseDay, Outlook

MAKE_UP = "make-up"
"""The press that begins the rest of the last session."""
WEEK_DAYS = 7
MOST_WEEKS = 8
"""Weeks on one page; a longer course shows those around today."""
MOST_NAMED = 5
"""Missed days that are named one by one."""


def course_view(facts: CourseFacts) -> PageView:
    """Return the course at a glance."""
    return PageView(
        name="course",
        title=_("My course"),
        subtitle=_subtitle(facts),
        blocks=(*_course_blocks(facts), Rows(_ways_on(facts))),
        tab=Tab.COURSE,
        help_button=_("Emergency"),
    )


def _subtitle(facts: CourseFacts) -> str:
    if facts.prescription is None:
        return _("Your plan comes from your clinic")
    return n_(
        "{done} of {count} session done", "{done} of {count} sessions done", facts.planned
    ).format(done=len(facts.sittings), count=facts.planned)


def _course_blocks(facts: CourseFacts) -> tuple[Block, ...]:
    look = facts.outlook
    if look is None:
        words = _("Once your clinic has signed a plan, its days stand here.")
        return (Words(words, soft=True),)
    return (
        Count(len(facts.sittings), facts.planned),
        *_missed_box(facts, look),
        calendar_of(facts.now, look, today=facts.today),
    )


def _missed_box(facts: CourseFacts, look: Outlook) -> tuple[Block, ...]:
    if facts.make_up is not None:
        notice = Notice(
            _("A part of your last session is left"),
            make_up_words(facts.now, facts.make_up),
            Tone.OK,
        )
        return (Box(notice, "missed-sessions"), Push(_("Make them up now"), MAKE_UP))
    if not look.missed and not look.outlasts_the_prescription:
        return ()
    title = n_("{count} session was missed", "{count} sessions were missed", look.missed).format(
        count=look.missed
    )
    body = _("Nothing is lost. Touch here to see what moves and what can be made up.")
    if not look.missed:
        title, body = _("Your plan ends early"), _("Touch here to see what to do.")
    return (Box(Notice(title, body, Tone.WAIT), "missed-sessions"),)


def _ways_on(facts: CourseFacts) -> tuple[Row, ...]:
    count = len(facts.sittings)
    sessions = n_("{count} session", "{count} sessions", count).format(count=count)
    return (
        *_end_row(facts),
        Row(_("How it went"), _("Charts of your course"), "charts"),
        Row(_("All sessions"), sessions if count else _("None yet"), "session-history"),
        Row(_("After the course"), _("Before and after, and what then"), "course-end"),
    )


def _end_row(facts: CourseFacts) -> tuple[Row, ...]:
    look = facts.outlook
    if look is None:
        return ()
    if look.left == 0:
        return (Row(_("Last session"), _("Done")),)
    if look.end is None:
        return (Row(_("Last session"), _("Your clinic says when")),)
    return (Row(_("Last session"), _("about {day}").format(day=on_day(facts.now, look.end))),)


# The calendar


def calendar_of(now: Now, look: Outlook, *, today: int) -> Calendar:
    """Return whole weeks from Monday on, at most eight, those around today."""
    marks = {one.day: mark_of(one, today=today) for one in look.days}
    first = _monday(min([*marks, today]))
    last = _monday(max([*marks, today])) + WEEK_DAYS - 1
    first, last = _around(first, last, today)
    weeks = tuple(
        _week(range(monday, monday + WEEK_DAYS), marks, today=today, first=monday == first)
        for monday in range(first, last, WEEK_DAYS)
    )
    return Calendar(
        weekdays=short_weekdays(),
        weeks=weeks,
        legend=_legend(set(marks.values())),
        words=_calendar_words(now, look),
    )


def mark_of(one: CourseDay, *, today: int) -> Mark:
    """Return a day's mark: what was given before what was missed before what is planned."""
    if one.given:
        return Mark.DONE if all(g.completed for g in one.given) else Mark.PARTIAL
    if one.missed:
        return Mark.MISSED
    return Mark.PLANNED if one.planned and one.day >= today else Mark.NONE


def _monday(ordinal: int) -> int:
    return ordinal - date.fromordinal(ordinal).weekday()


def _around(first: int, last: int, today: int) -> tuple[int, int]:
    most = MOST_WEEKS * WEEK_DAYS
    if last - first + 1 <= most:
        return first, last
    begin = max(first, min(_monday(today) - most // 2, last + 1 - most))
    return begin, begin + most - 1


def _week(days: range, marks: dict[int, Mark], *, today: int, first: bool) -> Week:
    turns = [day for day in days if date.fromordinal(day).day == 1]
    label = month_of(turns[0]) if turns else month_of(days[0]) if first else ""
    return Week(
        tuple(
            DayCell(
                _("{number}").format(number=date.fromordinal(day).day),
                marks.get(day, Mark.NONE),
                today=day == today,
            )
            for day in days
        ),
        label,
    )


def _legend(shown: set[Mark]) -> tuple[tuple[Mark, str], ...]:
    words = (
        (Mark.DONE, _("Session done")),
        (Mark.PARTIAL, _("A part of it given")),
        (Mark.MISSED, _("Missed; it moves to the end")),
        (Mark.PLANNED, _("A session fits here")),
    )
    return tuple((mark, word) for mark, word in words if mark in shown)


def _calendar_words(now: Now, look: Outlook) -> str:
    done = sum(len(one.given) for one in look.days)
    parts = [n_("{count} session given", "{count} sessions given", done).format(count=done)]
    if look.missed:
        parts.append(n_("{count} missed", "{count} missed", look.missed).format(count=look.missed))
    parts.append(n_("{count} to come", "{count} to come", look.left).format(count=look.left))
    coming = [one.day for one in look.days if one.planned]
    said = several(parts)
    if not coming:
        return _("{what}.").format(what=said)
    return _("{what}. The next one fits {day}.").format(what=said, day=on_day(now, coming[0]))


# What was missed


def missed_view(facts: CourseFacts, *, can_write: bool) -> PageView:
    """Return what was missed, the new end, and what can be made up, all on one page."""
    look = facts.outlook
    return PageView(
        name="missed-sessions",
        title=_("Missed sessions"),
        subtitle=_("Nothing is lost, and nobody is to blame"),
        blocks=(
            *(() if look is None else _what_moves(facts, look)),
            Group((Heading(_("What can be made up")), *_make_up(facts))),
            *(() if look is None else _clinics_part(facts, look, can_write=can_write)),
        ),
        foot=(Push(_("Back"), "back"),),
        help_button=_("Emergency"),
    )


def _what_moves(facts: CourseFacts, look: Outlook) -> tuple[Block, ...]:
    days = [one.day for one in look.days if one.missed]
    count = n_("{count} session was missed", "{count} sessions were missed", look.missed).format(
        count=look.missed
    )
    blocks: list[Block] = [Heading(count if look.missed else _("None was missed"))]
    if days:
        named = [on_day(facts.now, day) for day in days[-MOST_NAMED:]]
        words = (
            _("Missed on {days}.") if len(days) <= MOST_NAMED else _("The last of them on {days}.")
        )
        blocks.append(Words(words.format(days=several(named)), soft=True))
    blocks += _new_end(facts, look)
    return (Group(tuple(blocks)),)


def _new_end(facts: CourseFacts, look: Outlook) -> list[Block]:
    if look.end is None:
        return []
    end = on_day(facts.now, look.end)
    if not look.days_later:
        return [Words(_("Your course still ends about {day}.").format(day=end))]
    later = n_("{count} day later", "{count} days later", look.days_later).format(
        count=look.days_later
    )
    return [
        Words(
            _("They move to the end: your course now ends about {day}, {later}.").format(
                day=end, later=later
            )
        )
    ]


def _make_up(facts: CourseFacts) -> tuple[Block, ...]:
    if facts.make_up is None:
        return (
            Words(
                _(
                    "A missed session isn't made up on top of another: two too close together are "
                    "no help, and the band doesn't allow it. It is simply given later."
                )
            ),
        )
    return (
        Words(make_up_words(facts.now, facts.make_up)),
        Push(_("Make them up now"), MAKE_UP),
    )


def make_up_words(now: Now, make_up: MakeUp) -> str:
    """Return what is left of the last session and until when it may be given."""
    left = n_(
        "{count} pulse of your last session is left.",
        "{count} pulses of your last session are left.",
        make_up.pulses,
    ).format(count=make_up.pulses)
    if make_up.until_ms is None:
        return left
    until = _("You can have them until {when}.").format(when=day_and_time(now, make_up.until_ms))
    return _("{first} {second}").format(first=left, second=until)


def _clinics_part(facts: CourseFacts, look: Outlook, *, can_write: bool) -> tuple[Block, ...]:
    if not look.outlasts_the_prescription:
        return ()
    notice = Notice(
        _("Your clinic has to sign a longer plan"),
        _(
            "Your plan holds until {day}, and {count} sessions are left. Tell your clinic; the "
            "rest goes by itself."
        ).format(day=on_day(facts.now, look.valid_until), count=look.left),
        Tone.WAIT,
    )
    write = (Push(_("Write to your clinic"), "messages"),) if can_write else ()
    return (Box(notice), *write)


# All sessions


def sessions_view(facts: CourseFacts) -> PageView:
    """Return every session, the newest first."""
    rows = tuple(
        Row(
            _("Session {number}: {given} of {planned}").format(
                number=number, given=one.given, planned=one.planned_pulses
            ),
            first_capital(day_and_time(facts.now, one.at_ms)),
        )
        for number, one in reversed(list(enumerate(facts.sittings, start=1)))
    )
    return PageView(
        name="session-history",
        title=_("All sessions"),
        subtitle=_("Pulses given, of those prescribed"),
        blocks=(LongRows(rows),) if rows else (Words(_("None yet."), soft=True),),
        foot=(Push(_("Back"), "back"),),
        help_button=_("Emergency"),
    )
