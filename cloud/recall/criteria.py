"""Which bands a recall means: a range of serials, a firmware, or both.

A lot is the range of serials that the maker names for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cloud.errors import Refused
from cloud.ledger.firmware import Firmware

_SERIAL = re.compile(r"(?P<series>.*?)(?P<number>\d+)")


@dataclass(frozen=True)
class Serials:
    """A range of serials of one series, both ends in it: `CB-0001` to `CB-0100`."""

    first: str
    last: str

    def __post_init__(self) -> None:
        (series, first), (other, last) = _parts(self.first), _parts(self.last)
        if series != other:
            raise Refused(f"{self.first} and {self.last} are of two series.", code="serials")
        if first > last:
            raise Refused(f"{self.first} comes after {self.last}.", code="serials")

    def has(self, serial: str) -> bool:
        """Whether a serial is in the range."""
        try:
            series, number = _parts(serial)
        except Refused:
            return False
        wanted, first = _parts(self.first)
        return series == wanted and first <= number <= _parts(self.last)[1]


@dataclass(frozen=True)
class Criteria:
    """What a band must be for the recall to mean it; at least one of the two.

    Raises:
        Refused: neither is given.
    """

    serials: Serials | None = None
    firmware: str | None = None

    def __post_init__(self) -> None:
        if self.serials is None and self.firmware is None:
            raise Refused("Name a range of serials, a firmware, or both.", code="criteria")

    def means(self, serial: str, firmware: Firmware | None) -> bool:
        """Whether a band is meant. One whose firmware nobody knows may run any: it is."""
        if self.serials is not None and not self.serials.has(serial):
            return False
        if self.firmware is None or firmware is None:
            return True
        return firmware.version == self.firmware


def _parts(serial: str) -> tuple[str, int]:
    found = _SERIAL.fullmatch(serial)
    if found is None:
        raise Refused(f"{serial!r} ends in no number.", code="serials")
    return found["series"], int(found["number"])
