"""The languages to choose from, each by its own name: who can't read this screen finds hers."""

from __future__ import annotations

from mobile.language import LANGUAGES
from mobile.presenters.pieces import Choice

_BUTTON = "speak-"


def languages() -> tuple[Choice, ...]:
    """Return a button for each language; touching it says `Press(its id)`."""
    return tuple(Choice(_BUTTON + code, each.name) for code, each in LANGUAGES.items())


def language_of(button: str) -> str | None:
    """Return the language that a button names, or None where it's another button."""
    code = button.removeprefix(_BUTTON)
    return code if button.startswith(_BUTTON) and code in LANGUAGES else None
