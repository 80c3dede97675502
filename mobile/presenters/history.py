"""History and export: what this phone holds of the person, and the files that it makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mobile.language import _, n_
from mobile.presenters.page import Box, Count, Figure, Heading, PageView, Push, Rows, Words
from mobile.presenters.pieces import Notice, Row, Tone
from mobile.presenters.words import Now, day_and_time, first_capital

MOST_SHOWN = 60


class Kind(StrEnum):
    """What is made; the value is the button's name."""

    PAGE = "export-page"
    TABLE = "export-table"
    BUNDLE = "export-bundle"


@dataclass(frozen=True)
class PastSession:
    """A session in the list; newest first."""

    number: int
    ended_ms: int | None
    charged: int
    planned: int
    completed: bool


@dataclass(frozen=True)
class HistoryFacts:
    """What there is, and how far an export has come: ``saved`` names the file that was made."""

    now: Now
    sessions: Sequence[PastSession]
    checkins: int
    done: int | None = None
    count: int = 0
    saved: str | None = None
    problem: str | None = None


def history_page(facts: HistoryFacts) -> PageView:
    """Return the page; while a file is made it shows how far it is."""
    complete = sum(session.completed for session in facts.sessions)
    return PageView(
        name="history",
        title=_("History and export"),
        blocks=(
            *_outcome(facts),
            Figure(
                _("{count}").format(count=complete),
                n_("complete session", "complete sessions", complete),
            ),
            Heading(_("Take it with you")),
            *_ways_out(facts),
            *_list(facts),
        ),
        foot=(Push(_("Back"), "back"),),
        help_button=_("Emergency"),
        place="made" if facts.saved or facts.problem else "list",
    )


def _ways_out(facts: HistoryFacts) -> tuple[Count | Words | Rows, ...]:
    if facts.done is not None:
        return (
            Words(_("Your file is being made ..."), soft=True),
            Count(facts.done, max(1, facts.count)),
        )
    return (
        Rows(
            (
                Row(_("A page for the next visit"), _("PDF, to print or show"), Kind.PAGE),
                Row(_("A table"), _("CSV, for a spreadsheet"), Kind.TABLE),
                Row(_("For another clinic"), _("FHIR, for its computer"), Kind.BUNDLE),
            )
        ),
        Words(
            _(
                "The file isn't locked: whoever has it can read it. It holds your sessions and "
                "check-ins, not your notes and messages."
            ),
            soft=True,
            small=True,
        ),
    )


def _outcome(facts: HistoryFacts) -> tuple[Box, ...]:
    if facts.problem is not None:
        return (Box(Notice(_("The file isn't made"), facts.problem, Tone.WAIT)),)
    if facts.saved is not None:
        words = _("You find it here: {place}").format(place=facts.saved)
        return (Box(Notice(_("Your file is made"), words, Tone.OK)),)
    return ()


def _list(facts: HistoryFacts) -> tuple[Heading | Rows | Words, ...]:
    checkins = n_(
        "{count} check-in is on this phone.", "{count} check-ins are on this phone.", facts.checkins
    ).format(count=facts.checkins)
    if not facts.sessions:
        return (Words(_("No session yet."), soft=True), Words(checkins, soft=True))
    shown = facts.sessions[:MOST_SHOWN]
    rows = Rows(tuple(_row(facts.now, session) for session in shown))
    more = len(facts.sessions) - len(shown)
    rest = (
        (
            Words(
                n_(
                    "and {count} earlier one, in every file",
                    "and {count} earlier ones, in every file",
                    more,
                ).format(count=more),
                soft=True,
            ),
        )
        if more
        else ()
    )
    return (Heading(_("Your sessions")), rows, *rest, Words(checkins, soft=True))


def _row(now: Now, session: PastSession) -> Row:
    when = (
        _("hour unknown")
        if session.ended_ms is None
        else first_capital(day_and_time(now, session.ended_ms))
    )
    given = (
        _("complete")
        if session.completed
        else _("{given} of {count} pulses").format(given=session.charged, count=session.planned)
    )
    return Row(
        _("Session {number}").format(number=session.number),
        _("{when}, {given}").format(when=when, given=given),
    )
