"""What a part can refuse or find broken: one small tree, each with a stable code.

Not the device's reasons for a lock: those are made of what the parts report, by the firmware.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from firmware_bridge.emulator.firmware.ports import PartFailure


class PartError(PartFailure):
    """A hardware part can't do what was asked of it."""

    code = "part"


class PowerCut(Exception):
    """The power went in the middle of something; nobody on the device catches this."""


class StorageFailed(PartError):
    """The file behind a part can't be written."""

    code = "storage_failed"


@contextmanager
def storage(part: str) -> Iterator[None]:
    """Turn what the operating system refuses into the part's failure."""
    try:
        yield
    except OSError as problem:
        raise StorageFailed(f"{part}: {problem.strerror or problem}") from problem


class FlashFull(PartError):
    """The log has no room for the entry."""

    code = "flash_full"

    def __init__(self, needed_bytes: int, room_bytes: int) -> None:
        super().__init__(f"the log needs {needed_bytes} bytes and has room for {room_bytes}")
        self.needed_bytes = needed_bytes
        self.room_bytes = room_bytes


class NotErased(PartError):
    """A program would have to turn a zero into a one: the cells aren't erased."""

    code = "not_erased"

    def __init__(self, area: str, offset: int) -> None:
        super().__init__(f"{area} at {offset}: the cells are not erased")
        self.area = area
        self.offset = offset


class BlockWorn(PartError):
    """A block was erased as often as it stands."""

    code = "block_worn"

    def __init__(self, area: str, block: int, limit_erases: int) -> None:
        super().__init__(f"{area}: block {block} was erased {limit_erases} times, the limit")
        self.area = area
        self.block = block
        self.limit_erases = limit_erases


class BlockBad(PartError):
    """A block takes nothing any more."""

    code = "block_bad"

    def __init__(self, area: str, block: int) -> None:
        super().__init__(f"{area}: block {block} is bad")
        self.area = area
        self.block = block


class EntryTooLong(PartError):
    """One entry or page is longer than the flash takes at once."""

    code = "entry_too_long"

    def __init__(self, length_bytes: int, limit_bytes: int) -> None:
        super().__init__(f"{length_bytes} bytes at once, the limit is {limit_bytes}")
        self.length_bytes = length_bytes
        self.limit_bytes = limit_bytes


class PageBroken(PartError):
    """Both slots of a page exist and neither reads."""

    code = "page_broken"

    def __init__(self, name: str) -> None:
        super().__init__(f"page {name!r}: both slots are damaged")
        self.name = name


class BadPageName(ValueError):
    """A page's name is not a short lower-case word."""

    code = "bad_page_name"

    def __init__(self, name: str) -> None:
        super().__init__(f"page name {name!r}: 1 to 32 of a-z, 0-9 and '-'")
        self.name = name


class CounterBroken(PartError):
    """The monotonic counter's cell does not read as a count, or refuses to advance."""

    code = "counter_broken"


class IdentityBroken(PartError):
    """The identity folder lacks a file or one of them does not read."""

    code = "identity_broken"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path


class PartBroken(PartError):
    """A part was broken on purpose: it answers nothing any more."""

    code = "part_broken"

    def __init__(self, part: str) -> None:
        super().__init__(f"{part}: does not answer")
        self.part = part
