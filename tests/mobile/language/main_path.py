"""The screens of the main path, and what each of them says that its language has no words for.

The main path is what a person meets from the clinic's letter to the end of a session, with every
way to help: no word of it may be in another language than the rest. A name stands for the samples
called so, and for those whose names go on after a dash.

``python -m tests.mobile.language.main_path ar`` prints each text of it that has no translation, in
a process of its own: samples are made at import, in the language spoken then.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from gettext import GNUTranslations, NullTranslations

from mobile.language import LANGUAGES, use_words
from scripts.words import compiled_of
from tests.mobile.language.bracketed import words_of

MAIN_PATH = (
    *("welcome", "letter-link", "sharing", "consent", "consents"),
    *("find-band", "compare", "hold-the-button", "press-once-more", "system-dialog", "settle"),
    *("lessons", "lesson", "practice"),
    *("today", "screening", "seat", "ready", "sitting", "session", "between"),
    *("after", "red-flag", "help", "emergency-card", "safety-plan"),
    *("check-ins", "check-in"),
    *("app-lock", "app-locked", "new-pin", "pin-forgotten"),
    *("settings", "setting", "reminder-settings", "broken"),
)
BEGIN, END = "\u27e6", "\u27e7"
"""Around a text that has no translation."""


class Missing(NullTranslations):
    """Says what a catalogue lacks between marks."""

    def gettext(self, message: str) -> str:
        return f"{BEGIN}{message}{END}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"{BEGIN}{msgid1 if n == 1 else msgid2}{END}"

    def pgettext(self, context: str, message: str) -> str:
        return f"{BEGIN}{message}{END}"


def is_on_main_path(sample: str) -> bool:
    """Whether a sample is one of a screen on the main path."""
    return any(sample == name or sample.startswith(f"{name}-") for name in MAIN_PATH)


def speak_with_marks(code: str, without: str | None = None) -> None:
    """Speak a language, with marks around what it lacks; ``without`` one text that it has."""
    with compiled_of(code).open("rb") as file:
        words = GNUTranslations(file)
    if without is not None:
        held: dict[object, str] = words._catalog  # type: ignore[attr-defined]
        del held[without]
    words.add_fallback(Missing())
    use_words(LANGUAGES[code], words)


def untranslated_in(texts: Iterable[str]) -> Iterator[str]:
    """Yield the texts of a screen that have words without a translation in them."""
    return (text for text in texts if BEGIN in text)


def main() -> None:
    """Print a line for each text without a translation, and for each name without a screen."""
    speak_with_marks(sys.argv[1])
    from tests.mobile.screens.sheets.every import every_view

    views = {name: view for name, view in every_view().items() if is_on_main_path(name)}
    for name, view in views.items():
        for text in untranslated_in(words_of(view)):
            print(f"{name}: {text}")
    for name in MAIN_PATH:
        if not any(each == name or each.startswith(f"{name}-") for each in views):
            print(f"{name}: no sample")


if __name__ == "__main__":
    main()
