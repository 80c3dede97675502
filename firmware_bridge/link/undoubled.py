"""Takes away the copies that some Bluetooth stacks add to each notification.

bleak 3.1.0 on BlueZ delivers every value twice, then three times, after reconnections. No two
values in a row of ours are the same unless they are such copies: requests and records are
numbered, and a status that says the same again says nothing.
"""

from collections.abc import Callable

Take = Callable[[bytes], None]


class Undoubled:
    """Passes each value on once."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._last: bytes | None = None

    def __call__(self, value: bytes) -> None:
        if value != self._last:
            self._last = value
            self._take(value)
