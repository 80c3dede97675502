"""Figures as a language writes them, and sentences that write the numbers they are given so.

Words know what they say in English, too: a sentence for which a catalogue has no translation is
English whole, with English days and lengths in it, however those were said a moment before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from string import Formatter
from typing import Any, Self

from mobile.language.languages import ENGLISH, LATIN_DIGITS, Language
from mobile.language.ordering import END_OF_ISOLATE, ISOLATE, reads_from_the_right


def figures(text: str, language: Language) -> str:
    """Return Latin figures and marks of a number (``1,234.5``) as the language writes them."""
    theirs = language.digits + language.decimal_mark + language.group_mark
    return text.translate(str.maketrans(LATIN_DIGITS + ".,", theirs))


class _Numbers(Formatter):
    """Formats as `str.format` does, but numbers in the figures of a language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        said = english_of(value) if isinstance(value, str) and self._is_english else value
        text = str(super().format_field(said, format_spec))
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return figures(text, self._language)
        return self._in_one_piece(text)

    @property
    def _is_english(self) -> bool:
        return self._language.code == ENGLISH.code

    def _in_one_piece(self, text: str) -> str:
        """A name or a telephone number within words of another direction."""
        if not text or reads_from_the_right(text) is self._language.is_mirrored:
            return text
        return f"{ISOLATE}{text}{END_OF_ISOLATE}"

    def check_unused_args(
        self, used_args: set[int | str], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> None:
        """A translation may leave out what its language doesn't say."""


class Said(str):
    """Words in the language spoken; ``english`` is what they say in English."""

    english: str

    def __new__(cls, text: str, english: str) -> Self:
        said = super().__new__(cls, text)
        said.english = english
        return said

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """So that a view can be copied as any value is."""
        return str(self), self.english


class Sentence(Said):
    """Words in the language spoken; ``format`` writes ``int`` and ``float`` in its figures.

    A ``str`` that is filled in keeps its figures: codes, telephone numbers and names. Within words
    of another direction it stands between marks that keep it in one piece. Where the words are
    English, for want of others, what was said in the language spoken is filled in in English.
    """

    _language: Language

    def __new__(cls, text: str, language: Language, english: str = "") -> Self:
        sentence = super().__new__(cls, text, english or text)
        sentence._language = language
        return sentence

    def __getnewargs__(self) -> tuple[str, Language, str]:  # type: ignore[override]
        return str(self), self._language, self.english

    def format(self, *args: object, **values: object) -> str:
        """Fill in the placeholders; ``KeyError`` names one that was given no value."""
        said = _Numbers(self._language).vformat(str(self), args, values)
        if self._language.code == ENGLISH.code:
            return said
        return Said(said, _Numbers(ENGLISH).vformat(self.english, args, values))

    def join(self, words: Iterable[str], /) -> str:
        """Put these words between others."""
        parts = list(words)
        english = self.english.join(english_of(each) for each in parts)
        return Said(str(self).join(parts), english)


def english_of(words: str) -> str:
    """Return what words say in English; words that aren't ours stay as they are."""
    return words.english if isinstance(words, Said) else words


def changed(words: str, change: Callable[[str], str]) -> str:
    """Return words after a change that keeps what they say, in English too."""
    return Said(change(str(words)), change(english_of(words)))
