"""The language spoken now, and the functions that say something in it.

One language a process: the engine sets it, and views made afterwards speak it. Nothing is
translated at import, or it would stay in the language of the start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from gettext import NullTranslations, translation
from pathlib import Path

from mobile.language.languages import ENGLISH, LANGUAGES, Language
from mobile.language.numbers import Sentence

LOCALES = Path(__file__).resolve().parents[1] / "locales"
DOMAIN = "circlet"


@dataclass(frozen=True)
class _Spoken:
    """A language with its words. Put in place as one value, so that no thread sees half of it."""

    language: Language
    words: NullTranslations


_spoken = _Spoken(ENGLISH, NullTranslations())


def use(code: str) -> Language:
    """Speak a language from now on. ``ValueError`` names a code that isn't one of ours.

    A language without a compiled catalogue, and a sentence that the catalogue lacks, is English.
    """
    if code not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(sorted(LANGUAGES))}, not {code!r}")
    return use_words(LANGUAGES[code], _catalogue(code))


def use_words(language: Language, words: NullTranslations) -> Language:
    """Speak a language from now on with words from elsewhere than our catalogues."""
    global _spoken
    _spoken = _Spoken(language, words)
    return language


def current() -> Language:
    """Return the language that is spoken."""
    return _spoken.language


def _(text: str) -> str:
    """Return a text of ours in the language spoken. The text is a literal, so that it is found."""
    return _say(text, lambda words: words.gettext(text))


def n_(one: str, many: str, number: int) -> str:
    """Return the form for a number: ``n_("one pulse", "{count} pulses", count)``.

    The number isn't filled in: call ``.format(count=count)`` on the answer.
    """
    english = one if number == 1 else many
    return _say(english, lambda words: words.ngettext(one, many, number))


def p_(context: str, text: str) -> str:
    """Return a text whose translation depends on where it stands, which the context says."""
    return _say(text, lambda words: words.pgettext(context, text))


def mark(text: str) -> str:
    """Return the text itself: in a table, to be found by `make words` and said by `told` later."""
    return text


def told(text: str) -> str:
    """Return a text that stands elsewhere (`mark`ed, or one of `shared`) in the language spoken."""
    return _say(text, lambda words: words.gettext(text) if text else "")


def _say(english: str, find: Callable[[NullTranslations], str]) -> str:
    """A `Sentence`, whose `format` writes numbers as the language of its words does."""
    spoken = _spoken
    words = find(spoken.words)
    language = ENGLISH if isinstance(words, _Untranslated) else spoken.language
    return Sentence(words, language, english)


class _Untranslated(str):
    """English, for want of words in the language spoken."""


class _English(NullTranslations):
    """What a catalogue lacks."""

    def gettext(self, message: str) -> str:
        return _Untranslated(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return _Untranslated(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return _Untranslated(message)


def _catalogue(code: str) -> NullTranslations:
    words = translation(DOMAIN, LOCALES, languages=[code], fallback=True)
    words.add_fallback(_English())
    return words
