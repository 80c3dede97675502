"""How values of a record are spelled: the one form that deterministic CBOR leaves to each, as parts
of regular expressions. A doubtful spelling matches none of them.
"""

from __future__ import annotations

# The only spelling of an integer from 0 or 1 to MAXIMUM_INT: the shortest.
_LONGER = (
    rb"\x18[\x18-\xff]|\x19(?!\x00)[\x00-\xff]{2}|\x1a(?!\x00\x00)[\x00-\xff]{4}"
    rb"|\x1b(?!\x00{4})\x00[\x00-\x1f][\x00-\xff]{6}"
)
UINT = rb"([\x00-\x17]|" + _LONGER + rb")"
COUNTED = rb"([\x01-\x17]|" + _LONGER + rb")"
BOOL = rb"([\xf4\xf5])"
NO_ITEMS = rb"(\x80)"
ID = rb"\x50([\x00-\xff]{16})"
HASH = rb"\x58\x20([\x00-\xff]{32})"
CLOCK = rb"(?:\xf6|" + UINT + rb")"
"""An integer, or none."""

_SHORT = {bytes([value]): value for value in range(24)}
_from_bytes = int.from_bytes


def wholes(parts: tuple[bytes | None, ...]) -> list[int | None]:
    """Return the integers of what UINT, COUNTED or CLOCK found."""
    short = _SHORT
    return [
        None if part is None else short[part] if part in short else _from_bytes(part[1:], "big")
        for part in parts
    ]
