"""The language that the system is set to."""

from __future__ import annotations

from collections.abc import Mapping

from mobile.language.languages import ENGLISH, LANGUAGES

_NAMES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In the order in which POSIX asks them."""


def of_system(environment: Mapping[str, str]) -> str:
    """Return the code of the system's language where it's one of ours, else English."""
    said = next((environment[name] for name in _NAMES if environment.get(name)), "")
    code = said[:2].lower()
    return code if code in LANGUAGES else ENGLISH.code
