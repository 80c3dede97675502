"""The code of the clinic's letter as a hand types it: forgiven where it's clear, told where not.

``clinic-XXXX-XXXX-XXXX``: the clinic's own name, then three groups of four. Spaces, small letters,
other dashes or none, and O, I, L for 0 and 1 are no mistakes. Whether it opens anything, the clinic
says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mobile.language import _, n_

GROUPS, GROUP_LETTERS = 3, 4
LETTERS = GROUPS * GROUP_LETTERS
_DASHES = re.compile(r"[\u2010-\u2015\u2212_./]")
_MISREAD = str.maketrans("OIL", "011")
_SECRET = re.compile(r"[0-9A-HJKMNP-TV-Z]+")


@dataclass(frozen=True)
class LetterCode:
    """What is sent, or what is wrong with what was typed: one of them is None."""

    code: str | None
    problem: str | None = None


def read_letter_code(typed: str) -> LetterCode:
    """Return the code in the form that the clinic gave it, or what is wrong with it."""
    text = _DASHES.sub("-", "".join(typed.split())).strip("-")
    if not text:
        return _wrong(_("Type the code from your clinic's letter."))
    clinic, secret = _split(text)
    if not clinic:
        return _wrong(
            _("The beginning is missing: the code starts with your clinic's name, then a dash.")
        )
    secret = secret.upper().translate(_MISREAD)
    strange = next((letter for letter in secret if not _SECRET.fullmatch(letter)), None)
    if strange is not None:
        return _wrong(
            _("There's no {letter} in these codes. Please look at the letter again.").format(
                letter=strange
            )
        )
    if len(secret) != LETTERS:
        return _wrong(_length_words(len(secret)))
    groups = (secret[at : at + GROUP_LETTERS] for at in range(0, LETTERS, GROUP_LETTERS))
    return LetterCode("-".join((_clinic(clinic, typed), *groups)))


def _split(text: str) -> tuple[str, str]:
    """The clinic's name may have dashes of its own: the last groups are the secret."""
    parts = text.split("-")
    if len(parts) == 1:
        return text[:-LETTERS], text[-LETTERS:]
    if len(parts[-1]) >= LETTERS:
        return "-".join(parts[:-1]), parts[-1]
    return "-".join(parts[:-GROUPS]), "".join(parts[-GROUPS:])


def _clinic(clinic: str, typed: str) -> str:
    """A whole line in capitals is the keyboard's doing, not the clinic's name."""
    return clinic.lower() if typed.isupper() else clinic


def _length_words(count: int) -> str:
    if count < LETTERS:
        missing = LETTERS - count
        return n_(
            "{count} sign is missing: after the clinic's name come three groups of four.",
            "{count} signs are missing: after the clinic's name come three groups of four.",
            missing,
        ).format(count=missing)
    return n_(
        "{count} sign is too much: after the clinic's name come three groups of four.",
        "{count} signs are too much: after the clinic's name come three groups of four.",
        count - LETTERS,
    ).format(count=count - LETTERS)


def _wrong(problem: str) -> LetterCode:
    return LetterCode(None, problem)
