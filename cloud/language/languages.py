"""The languages of the pages, by their code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """A language's code, its name in itself, and the locale that writes its figures and days."""

    code: str
    name: str
    locale: str


ENGLISH = Language("en", "English", "en_GB")
GERMAN = Language("de", "Deutsch", "de")
LANGUAGES = {each.code: each for each in (ENGLISH, GERMAN)}
