"""A language that nobody speaks: each text stands in brackets, so that one said past it shows."""

from __future__ import annotations

import re
from gettext import NullTranslations
from html.parser import HTMLParser

BEGIN, END = "\u27e6", "\u27e7"
READ = {"alt", "aria-label", "placeholder", "title"}
"""Attributes that a person reads or hears."""
SILENT = {"script", "style"}
WORD = re.compile(r"[^\W\d_]{2,}")


class Brackets(NullTranslations):
    """Says each text in brackets, with the form for a number that English has."""

    def gettext(self, message: str) -> str:
        return f"{BEGIN}{message}{END}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        # A pattern of days is read by a program.
        return message if context.startswith("pattern") else self.gettext(message)


class Read(HTMLParser):
    """Everything of a page that a person reads, in its order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        self.texts += [value for name, value in attrs if name in READ and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)


def outside(page: str) -> list[str]:
    """The words of a page that stand in no brackets."""
    depth, found = 0, []
    for text in Read(page).texts:
        kept = ""
        for letter in text:
            depth += (letter == BEGIN) - (letter == END)
            kept += letter if depth == 0 else " "
        found += WORD.findall(kept)
        found += ["]"] if depth < 0 else []
    return found
