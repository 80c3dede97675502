"""A language that nobody speaks: each text stands in brackets, so that one said past it shows.

What is filled into a text must have been looked up too: it comes out of the brackets otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from gettext import NullTranslations
from string import Formatter
from typing import Any

from mobile.language import Language

BRACKETED = Language("xx", "Bracketed")
NAMES = {
    *("action", "button_action", "chosen", "drawing", "field", "group", "id", "name"),
    *("place", "red_flag_action", "tab", "tone"),
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


class Filling(Formatter):
    """Fills in as the app does, but what wasn't looked up stands between brackets turned round."""

    def __init__(self, _language: Language) -> None:
        super().__init__()

    def format_field(self, value: Any, format_spec: str) -> str:
        text = str(super().format_field(value, format_spec))
        return f"]{text}[" if isinstance(value, str) and "[" not in text else text

    def check_unused_args(self, *_: object) -> None:
        """As in the app."""


def words_of(value: object) -> Iterator[str]:
    """Everything in a view that a person reads."""
    if isinstance(value, Enum):
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, list, frozenset)):
        for each in value:
            yield from words_of(each)
    elif is_dataclass(value):
        for each in fields(value):
            if each.name not in NAMES:
                yield from words_of(getattr(value, each.name))


def outside_brackets(text: str, data: Collection[str] = ()) -> str:
    """What was said without being looked up, data left out."""
    depth, pieces = 0, [""]
    for letter in text:
        if letter in "[]":
            depth += 1 if letter == "[" else -1
            pieces.append("")
        elif not depth:
            pieces[-1] += letter
    said = (piece.replace("\u00a0", " ").strip() for piece in pieces)
    return "".join(piece for piece in said if piece not in data).strip()
