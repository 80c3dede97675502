"""The way-out port: a number to dial, a page to open, words to hand on. Leaves the app, records
nothing."""

from __future__ import annotations

import re
from typing import Protocol
from urllib.parse import urlsplit

from mobile.platform.errors import NotOpened

_NUMBER = re.compile(r"\+?\d{2,15}")
_SPELLING = re.compile(r"[\s()/.\-\u2013]")
_SCHEMES = {"https", "mailto"}


class WaysOut(Protocol):
    """Hands over to the system. Raises NotOpened with what the person can do instead."""

    async def dial(self, number: str) -> None:
        """Show the number in the telephone's own keypad; the person presses call."""

    async def open(self, address: str) -> None:
        """Open an https or mailto address where the system opens such."""

    async def hand_on(self, text: str) -> None:
        """Offer words to the person's other apps, where they choose whom it goes to."""


def dialled(number: str) -> str:
    """Return the ``tel:`` address of a written number; raise NotOpened where it's none."""
    digits = _SPELLING.sub("", number)
    if _NUMBER.fullmatch(digits) is None:
        raise NotOpened(number)
    return f"tel:{digits}"


def checked(address: str) -> str:
    """Return an address that may be opened; raise NotOpened for any other."""
    parts = urlsplit(address)
    if parts.scheme not in _SCHEMES or not (parts.netloc or parts.scheme == "mailto"):
        raise NotOpened(address)
    return address
