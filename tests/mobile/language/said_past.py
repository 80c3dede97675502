"""Prints what any sample of a page says past the catalogues: ``python -m`` in a process of its own.

Samples are made at import in the language spoken then, so the brackets have to be spoken first.
"""

from __future__ import annotations

from mobile.language import numbers, use_words
from tests.mobile.language.bracketed import (
    BRACKETED,
    Brackets,
    Filling,
    outside_brackets,
    words_of,
)


def main() -> None:
    """One line for each text: the sample, and what was said."""
    numbers._Numbers = Filling  # type: ignore[assignment,misc]
    use_words(BRACKETED, Brackets())
    from tests.mobile.language.data import DATA
    from tests.mobile.screens.sheets.every import every_view

    for name, view in every_view().items():
        if name.startswith("kit-"):
            continue
        for text in words_of(view):
            past = outside_brackets(text, DATA)
            if past:
                print(f"{name}: {past!r} in {text!r}")


if __name__ == "__main__":
    main()
