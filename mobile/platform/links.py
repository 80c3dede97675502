"""The links port: the link of the clinic's letter, opened from the phone's own camera app.

Two forms mean the same: ``circlet:enrol?clinic=HOST&code=CODE`` and
``https://HOST/enrol#code=CODE``, whose part behind # no server ever sees. What is in a link is
typed for the person, never acted on by itself: the birth date and the button stay theirs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, urlsplit

SCHEME = "circlet"
LONGEST_LINK = 500
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{3,63}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:\d{1,5})?")


@dataclass(frozen=True)
class LetterLink:
    """A clinic's ingest host (with its port, where it has one) and the one-time code."""

    clinic: str
    code: str


class Links(Protocol):
    """Links that the system hands to this app. The callback comes from a thread of its own."""

    def watch(self, opened: Callable[[str], None]) -> None:
        """Call with each link; with the one that started the app first."""


def letter_link(link: str) -> LetterLink | None:
    """Return what the link of a letter says; None for anything else, however it looks."""
    if len(link) > LONGEST_LINK:
        return None
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    clinic, code = _said(parts)
    if _HOST.fullmatch(clinic) is None or _CODE.fullmatch(code) is None:
        return None
    return LetterLink(clinic, code)


def _said(parts: SplitResult) -> tuple[str, str]:
    if parts.scheme == SCHEME and parts.path == "enrol" and not parts.netloc:
        values = parse_qs(parts.query)
        return _only(values, "clinic").lower(), _only(values, "code")
    if parts.scheme == "https" and parts.path == "/enrol" and not parts.username:
        return parts.netloc.lower(), _only(parse_qs(parts.fragment), "code")
    return "", ""


def _only(values: dict[str, list[str]], name: str) -> str:
    """Return the value of a name that stands there once."""
    found = values.get(name, [])
    return found[0] if len(found) == 1 else ""
