"""Arabic letters in the forms they take beside each other: alone, at the start, within, at the end.

Kivy draws one picture for each character, so the joined forms are written as characters of their
own (Unicode's Arabic Presentation Forms-B), which the app's Arabic font has. Vowel signs are left
out: no text of ours has them, and the font hasn't either.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_FORMS_B = range(0xFE80, 0xFEFD)
_LENGTHENING = "\u0640"
_ALONE, _FIRST, _WITHIN, _LAST = "isolated", "initial", "medial", "final"


def _presentation_forms() -> dict[str, dict[str, str]]:
    """Letter, or lam with alef, to form to character, from Unicode's own decompositions."""
    forms: dict[str, dict[str, str]] = {}
    for code in _FORMS_B:
        tag, *letters = unicodedata.decomposition(chr(code)).split()
        whole = "".join(chr(int(letter, 16)) for letter in letters)
        forms.setdefault(whole, {})[tag.strip("<>")] = chr(code)
    return forms


_FORMS = _presentation_forms()


def joined(text: str) -> str:
    """Return the text with each Arabic letter in the form that its neighbours ask for."""
    parts = list(_parts(text))
    return "".join(
        _form(
            part,
            after_joining=at > 0 and _joins_next(parts[at - 1]),
            before_joining=at + 1 < len(parts) and _joins_last(parts[at + 1]),
        )
        for at, part in enumerate(parts)
    )


def _parts(text: str) -> Iterator[str]:
    """Letters, with lam and alef as one; vowel signs left out."""
    letters = [each for each in text if not _is_vowel_sign(each)]
    at = 0
    while at < len(letters):
        pair = "".join(letters[at : at + 2])
        part = pair if len(pair) == 2 and pair in _FORMS else letters[at]
        yield part
        at += len(part)


def _is_vowel_sign(letter: str) -> bool:
    return "\u064b" <= letter <= "\u065f" or letter == "\u0670"


def _joins_next(part: str) -> bool:
    return part == _LENGTHENING or _FIRST in _FORMS.get(part, {})


def _joins_last(part: str) -> bool:
    return part == _LENGTHENING or _LAST in _FORMS.get(part, {})


def _form(part: str, *, after_joining: bool, before_joining: bool) -> str:
    forms = _FORMS.get(part)
    if forms is None:
        return part
    last = after_joining and _LAST in forms
    first = before_joining and _FIRST in forms
    wanted = _WITHIN if last and first else _LAST if last else _FIRST if first else _ALONE
    return forms.get(wanted, part)
