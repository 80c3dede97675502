"""The Help tab: a way to a person first, then everything that is set or read now and then."""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import _
from mobile.presenters.page import PageView, Rows, Tab, Words
from mobile.presenters.pieces import Row
from mobile.presenters.reach import dial_action


@dataclass(frozen=True)
class HelpFacts:
    """Whom to call and when they're there. ``known`` are the names of the places that exist."""

    clinic_name: str
    day_number: str
    open_words: str
    known: frozenset[str]
    unread: int = 0
    lessons_due: bool = False


def help_page(facts: HelpFacts) -> PageView:
    """Return the page; a row whose place isn't there is left out."""
    call = Row(
        _("Call your clinic"),
        f"{facts.day_number}\n{facts.open_words}".strip(),
        dial_action(facts.day_number),
    )
    people = (
        Row(_("Messages"), _messages(facts.unread), "messages"),
        Row(_("Safety plan"), _("For thoughts of ending your life"), "safety-plan"),
        Row(_("Emergency card"), _("For whoever helps you"), "emergency-card"),
    )
    journeys = (
        Row(_("Travel"), _("What to look at before you leave"), "travel"),
        Row(_("Lost phone"), _("What to do, and whom to tell"), "lost-phone"),
        Row(_("New or second phone"), _("How it takes over"), "new-phone"),
        Row(_("Another clinic"), _("What moves with you"), "change-of-clinic"),
        Row(_("Another band"), _("When your clinic gives you one"), "another-band"),
        Row(_("The band goes back"), _("When the course is over"), "return-band"),
    )
    own = (
        Row(_("The short lessons"), _lessons(facts), "lessons"),
        Row(_("Practice without a pulse"), _("With the band near"), "practice"),
        Row(_("History and export"), _("For your next visit, or for you"), "history"),
        Row(_("Settings"), _("Text, language, lock and more"), "settings"),
        Row(_("About this app"), _("Version and licences"), "about"),
    )
    return PageView(
        name="help-page",
        title=_("Help"),
        subtitle=facts.clinic_name,
        blocks=(
            Rows((call, *_known(people, facts.known))),
            *_rows(own, facts.known),
            *_rows(journeys, facts.known),
            Words(
                _("In an emergency touch Emergency above. The band's button always ends it."),
                soft=True,
                small=True,
            ),
        ),
        tab=Tab.HELP,
        help_button=_("Emergency"),
    )


def _rows(rows: tuple[Row, ...], known: frozenset[str]) -> tuple[Rows, ...]:
    there = _known(rows, known)
    return (Rows(there),) if there else ()


def _known(rows: tuple[Row, ...], known: frozenset[str]) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.action in known)


def _messages(unread: int) -> str:
    return _("Something new") if unread else _("Not read at night")


def _lessons(facts: HelpFacts) -> str:
    return _("Your clinic asks for them") if facts.lessons_due else _("Read again")
