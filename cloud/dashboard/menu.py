"""The menu at the top of every page: what a member may open, the first of it in one line.

Who has a role or two sees all of it at once. With the roles of a whole clinic it would wrap at a
desk's width; then what is opened least often stands behind "More".
"""

from __future__ import annotations

from dataclasses import dataclass

from cloud.language import _, mark, told
from cloud.people.authority import Act
from cloud.people.service import Person

AT_ONCE = 7
"""As many as the role with the most has: none of them alone is cut short."""
BESIDE_MORE = 5
"""So many stand beside "More" where there are too many for one line."""
_PAGES = (
    ("today", "/", mark("Today"), Act.READ_LIST),
    ("alerts", "/alerts", mark("Alerts"), Act.OPEN_ALERT),
    ("sign-again", "/sign-again", mark("Sign again"), Act.READ_SIGN_AGAIN),
    ("response", "/response", mark("Response"), Act.READ_RESPONSE),
    ("clinic", "/clinic", mark("Clinic"), Act.READ_CLINIC),
    ("leave", "/leave", mark("Leave"), Act.OWN_LEAVE),
    ("teams", "/teams", mark("Teams"), Act.READ_TEAMS),
    ("staff", "/staff", mark("Staff"), Act.READ_STAFF),
    ("erasures", "/erasures", mark("Erasures"), Act.READ_ERASURES),
    ("audit", "/audit", mark("Audit"), Act.READ_AUDIT),
)
"""What is opened most often comes first."""


@dataclass(frozen=True)
class Entry:
    """A page by its name within the templates, its address and its word."""

    name: str
    path: str
    word: str


@dataclass(frozen=True)
class Menu:
    """What stands in the line, and what behind "More"."""

    shown: tuple[Entry, ...]
    more: tuple[Entry, ...]

    def word_of_more(self, here: str) -> str:
        """Return what opens the rest, with the page's own word where it is among it."""
        inside = next((each.word for each in self.more if each.name == here), None)
        return _("More") if inside is None else _("More: {page}").format(page=inside)


def menu_of(person: Person) -> Menu:
    """Return the menu of a member."""
    entries = tuple(
        Entry(name, path, told(word)) for name, path, word, act in _PAGES if person.may(act)
    )
    if len(entries) <= AT_ONCE:
        return Menu(entries, ())
    return Menu(entries[:BESIDE_MORE], entries[BESIDE_MORE:])
