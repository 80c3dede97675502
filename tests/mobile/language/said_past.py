"""Prints what any sample of a page says past the catalogues, or what they don't hold.

``python -m tests.mobile.language.said_past``, in a process of its own.

Samples are made at import in the language spoken then, so the brackets have to be spoken first.
"""

from __future__ import annotations

from mobile.language import numbers, use_words
from scripts.words import template
from tests.mobile.language.bracketed import (
    BRACKETED,
    Brackets,
    Filling,
    outside_brackets,
    words_of,
)


class Noting(Brackets):
    """Says brackets, and keeps what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        return super().gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.asked.add(msgid1)
        return super().ngettext(msgid1, msgid2, n)

    def pgettext(self, context: str, message: str) -> str:
        self.asked.add(message)
        return super().pgettext(context, message)


def main() -> None:
    """One line for each text: the sample, and what was said; or a text that isn't the app's."""
    noting = Noting()
    numbers._Numbers = Filling  # type: ignore[assignment,misc]
    use_words(BRACKETED, noting)
    from tests.mobile.language.data import DATA
    from tests.mobile.screens.sheets.every import every_view

    for name, view in every_view().items():
        if name.startswith("kit-"):
            continue
        for text in words_of(view):
            past = outside_brackets(text, DATA)
            if past:
                print(f"{name}: {past!r} in {text!r}")
    held = {each.id if isinstance(each.id, str) else each.id[0] for each in template()}
    for text in sorted(noting.asked - held):
        print(f"no catalogue holds {text!r}")


if __name__ == "__main__":
    main()
