"""How a check says that the band did something else, and the comparisons that checks share."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from firmware_bridge.link import DeviceRefused
from shared.wire.operations import StatusCode


class Deviation(Exception):
    """The band did something else than its specification says."""

    def __init__(self, expected: str, got: str) -> None:
        super().__init__(f"expected {expected}; got {got}")
        self.expected, self.got = expected, got


class LeftOff(Exception):
    """A check found that it can't be run here, and why."""


def expect(holds: object, expected: str, got: object) -> None:
    """Raise a Deviation unless it holds."""
    if not holds:
        raise Deviation(expected, f"{got}")


def same(got: Any, wanted: Any, what: str) -> None:
    """Raise a Deviation unless both are equal."""
    if got != wanted:
        raise Deviation(f"{what} {_shown(wanted)}", _shown(got))


async def refused(asking: Awaitable[Any], status: StatusCode, *codes: str) -> DeviceRefused:
    """The refusal with this status, and one of these codes where any are named."""
    wanted = " or ".join(codes) if codes else "any code"
    expected = f"a refusal {status.name} ({wanted})"
    try:
        await asking
    except DeviceRefused as refusal:
        got = f"{refusal.status.name} ({refusal.reason})"
        expect(refusal.status is status, expected, got)
        expect(not codes or refusal.reason in codes, expected, got)
        return refusal
    raise Deviation(expected, "OK")


def _shown(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else f"{value}"
