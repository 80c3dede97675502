"""About this app: what it is, which version, and whose work it stands on."""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import _
from mobile.presenters.page import Heading, PageView, Push, Rows, Tab, Words
from mobile.presenters.pieces import Row


@dataclass(frozen=True)
class Work:
    """Somebody else's work in this app."""

    name: str
    version: str
    licence: str


@dataclass(frozen=True)
class AboutFacts:
    """Versions of app, lessons and questions, and the works it stands on."""

    app_version: str
    screening_version: int
    works: tuple[Work, ...]


def about_page(facts: AboutFacts) -> PageView:
    """Return version and purpose."""
    return PageView(
        name="about",
        title=_("About this app"),
        subtitle="Circlet",
        blocks=(
            Words(
                _(
                    "Circlet shows your treatment plan, gets the band ready and keeps the record. "
                    "The band itself decides whether a session may begin."
                )
            ),
            Words(
                _("Not a medical device; for demonstration only. It's not for use on people."),
                soft=True,
            ),
            Rows(
                (
                    Row(_("App"), facts.app_version),
                    Row(
                        _("Safety questions"),
                        _("Version {number}").format(number=facts.screening_version),
                    ),
                    Row(_("Licences"), _("Whose work is in it"), "licences"),
                )
            ),
        ),
        foot=(Push(_("Back"), "back"),),
        tab=Tab.HELP,
        help_button=_("Emergency"),
    )


def licences_page(facts: AboutFacts) -> PageView:
    """Return the list of works with their licences."""
    return PageView(
        name="licences",
        title=_("Licences"),
        blocks=(
            Words(
                _("This app is free software under the MIT licence. It stands on the work of:"),
                soft=True,
            ),
            Heading(_("Typeface")),
            Rows((Row("Atkinson Hyperlegible Next", "SIL Open Font License 1.1"),)),
            Heading(_("Software")),
            Rows(tuple(Row(work.name, f"{work.version}, {work.licence}") for work in facts.works)),
        ),
        foot=(Push(_("Back"), "back"),),
        help_button=_("Emergency"),
        place="licences",
    )
