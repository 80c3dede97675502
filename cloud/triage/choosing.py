"""Which patients a page of the list shows: by where they stand, whose task they are, and by name.

The choice stands in the address, so that it can be kept, shared and gone back to. A choice that
isn't one of ours is the usual one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from cloud.patients.triage import COURSE
from cloud.people.service import Person
from cloud.triage.standing import PLACES, PUT_OFF, Standing

OPEN, ALL = "open", "all"
SHOWN = (OPEN, *PLACES, ALL)
ANYBODY, MINE, NOBODYS = "", "me", "nobody"
SEARCH_MAX = 80
PAGE = 20
"""Patients on one page: who needs somebody is among the first (own choice)."""


@dataclass(frozen=True)
class Choice:
    """What a page shows; ``whose`` is MINE, NOBODYS, a member's id in hexadecimal, or ANYBODY."""

    shown: str = OPEN
    whose: str = ANYBODY
    search: str = ""
    page: int = 1

    @property
    def query(self) -> str:
        """The choice as an address has it."""
        return self._query(self.page)

    def _query(self, page: int) -> str:
        named = {
            "show": self.shown if self.shown != OPEN else "",
            "whose": self.whose,
            "search": self.search,
            "page": str(page) if page > 1 else "",
        }
        return urlencode({name: value for name, value in named.items() if value})

    @property
    def address(self) -> str:
        """The page with this choice."""
        return f"/?{self.query}" if self.query else "/"

    def showing(self, shown: str) -> Choice:
        """Return the same choice of others."""
        return replace(self, shown=shown, page=1)

    def of(self, whose: str) -> Choice:
        """Return the same choice of somebody else's tasks."""
        return replace(self, whose=whose, page=1)

    def at(self, page: int) -> Choice:
        """Return another page of the same choice."""
        return replace(self, page=page)


def choice_of(show: str, whose: str, search: str, page: str) -> Choice:
    """Return the choice that an address names; what it can't name is left out."""
    words = " ".join(search.split())[:SEARCH_MAX]
    # Whoever searches means everybody, unless they say otherwise.
    usual = ALL if words else OPEN
    number = int(page) if page.isdecimal() and len(page) < 5 else 1
    known = whose in (MINE, NOBODYS) or (len(whose) == 32 and whose.isalnum() and whose.isascii())
    return Choice(
        show if show in SHOWN else usual, whose if known else ANYBODY, words, max(1, number)
    )


def chosen(found: Sequence[Standing], choice: Choice, person: Person) -> list[Standing]:
    """Return those whom the choice shows, but for what is searched by name, in their order."""
    return [
        each for each in found if _stands(each, choice.shown) and _is_of(each, choice.whose, person)
    ]


def matches(name: str, search: str) -> bool:
    """Return whether a name has every word that is searched."""
    folded = name.casefold()
    return all(word in folded for word in search.casefold().split())


def _stands(each: Standing, shown: str) -> bool:
    if shown == OPEN:
        return each.place not in (PUT_OFF, COURSE)
    return shown in (ALL, each.place)


def _is_of(each: Standing, whose: str, person: Person) -> bool:
    if whose == ANYBODY:
        return True
    if whose == NOBODYS:
        return each.assigned_to is None
    wanted = person.staff_id.hex() if whose == MINE else whose
    return each.assigned_to is not None and each.assigned_to.hex() == wanted
