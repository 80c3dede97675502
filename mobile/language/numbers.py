"""Figures as a language writes them, and sentences that write the numbers they are given so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Any

from mobile.language.languages import LATIN_DIGITS, Language
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
        text = str(super().format_field(value, format_spec))
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return figures(text, self._language)
        return self._in_one_piece(text) if self._language.is_mirrored else text

    def _in_one_piece(self, text: str) -> str:
        """A name or a telephone number within words of another direction."""
        if not text or reads_from_the_right(text):
            return text
        return f"{ISOLATE}{text}{END_OF_ISOLATE}"

    def check_unused_args(
        self, used_args: set[int | str], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> None:
        """A translation may leave out what its language doesn't say."""


class Sentence(str):
    """Words in the language spoken; ``format`` writes ``int`` and ``float`` in its figures.

    A ``str`` that is filled in keeps its figures: codes, telephone numbers and names. Within words
    that read from the right it stands between marks that keep it in one piece.
    """

    _language: Language

    def __new__(cls, text: str, language: Language) -> Sentence:
        sentence = super().__new__(cls, text)
        sentence._language = language
        return sentence

    def __getnewargs__(self) -> tuple[str, Language]:  # type: ignore[override]
        """So that a view can be copied as any value is."""
        return str(self), self._language

    def format(self, *args: object, **values: object) -> str:
        """Fill in the placeholders; ``KeyError`` names one that was given no value."""
        return _Numbers(self._language).vformat(str(self), args, values)
