"""Sentences that the database keeps in English, said in the language spoken when they are shown.

What a rule found is stored as its English sentence, so that a row has no language and its reader
may have any. A sentence is found by its pattern (`cloud.language.stored_sentences`); what stands in
its braces is said in turn where it's one of ours, and else stays as it was written. A sentence
that no pattern fits stays English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from cloud.language.languages import ENGLISH
from cloud.language.speaking import current, told
from cloud.language.stored_sentences import SENTENCES

_BRACES = re.compile(r"\{(\w+)\}")
_LETTER = re.compile(r"[^\W\d_]")
_BETWEEN = re.compile(r"(?<=[.!?]) ")


def stored(text: str) -> str:
    """Return a stored text in the language spoken, whole or sentence by sentence."""
    if not text or current() is ENGLISH:
        return text
    exact = told(text)
    if exact != text:
        return exact
    sentences = _BETWEEN.split(text)
    said = [_say(each) for each in sentences]
    if None in said:
        whole = _say(text)
        if whole is not None:
            return whole
    return " ".join(each or plain for each, plain in zip(said, sentences, strict=True))


def fitting(text: str) -> str | None:
    """Return the sentence of ours that a text is made of, None where there is none."""
    found = _found(text)
    return None if found is None else found[0]


def _say(text: str) -> str | None:
    if not _LETTER.search(text):
        return None
    exact = told(text)
    if exact != text:
        return exact
    found = _found(text)
    if found is None:
        return None
    sentence, filled = found
    return told(sentence).format(**{name: _say(value) or value for name, value in filled.items()})


def _found(text: str) -> tuple[str, dict[str, str]] | None:
    patterns = _patterns()
    for each in (*patterns.get(_first_word(text), ()), *patterns[""]):
        if text.startswith(each.pieces[0]) and text.endswith(each.pieces[-1]):
            if not all(piece in text for piece in each.pieces):
                continue
            match = each.pattern.fullmatch(text)
            if match is not None:
                return each.sentence, match.groupdict()
    return None


@dataclass(frozen=True)
class _Sentence:
    """A sentence of ours, with what stands in it whatever is filled in."""

    pieces: tuple[str, ...]
    pattern: re.Pattern[str]
    sentence: str


def _first_word(text: str) -> str:
    word, blank, _ = text.partition(" ")
    return word if blank else ""


@cache
def _patterns() -> dict[str, tuple[_Sentence, ...]]:
    """Each sentence by its first word, or by none where something is filled in there."""
    made: dict[str, list[_Sentence]] = {"": []}
    for sentence in sorted(SENTENCES, key=len, reverse=True):
        pieces = _BRACES.split(sentence)
        pattern = "".join(
            f"(?P<{piece}>.+?)" if number % 2 else re.escape(piece)
            for number, piece in enumerate(pieces)
        )
        compiled = _Sentence(tuple(pieces[::2]), re.compile(pattern, re.DOTALL), sentence)
        made.setdefault(_first_word(pieces[0]), []).append(compiled)
    return {word: tuple(found) for word, found in made.items()}
