"""A language that nobody speaks: each text stands in brackets, so that one said past it shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from gettext import NullTranslations

from mobile.language import Language

BRACKETED = Language("xx", "Bracketed")
NAMES = {
    *("action", "button_action", "chosen", "field", "flow", "group", "id", "name", "place"),
    *("red_flag_action", "tab", "tone"),
}
"""Fields of views that are for the app, not for a person."""


class Brackets(NullTranslations):
    """Says each text in brackets, with the form for a number that English has."""

    def gettext(self, message: str) -> str:
        return f"[{message}]"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"[{msgid1 if n == 1 else msgid2}]"

    def pgettext(self, context: str, message: str) -> str:
        return f"[{message}]"


def words_of(value: object) -> Iterator[str]:
    """Everything in a view that a person reads."""
    if isinstance(value, str) and not isinstance(value, Enum):
        yield value
    elif isinstance(value, (tuple, list, frozenset)):
        for each in value:
            yield from words_of(each)
    elif is_dataclass(value):
        for each in fields(value):
            if each.name not in NAMES:
                yield from words_of(getattr(value, each.name))


def outside_brackets(text: str) -> str:
    """What was said without being looked up."""
    depth, left = 0, []
    for letter in text:
        depth += {"[": 1, "]": -1}.get(letter, 0)
        if not depth and letter not in "[]":
            left.append(letter)
    return "".join(left).strip()
