"""A firmware core whose every call is written down, with what it answered.

It changes nothing of what is called or answered. What only looks and changes nothing (display,
state, records) isn't written down; status and telemetry are, for they leave the band.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from firmware_bridge.emulator.face.core import FirmwareCore
from firmware_bridge.emulator.firmware.outside import Display, LinkSecurity
from firmware_bridge.emulator.recording.pen import Pen
from firmware_bridge.emulator.recording.steps import Kind
from shared.wire.fields import pack
from shared.wire.status import DeviceState, Status, Telemetry

T = TypeVar("T")


class RecordedCore:
    """One boot's firmware."""

    def __init__(self, core: FirmwareCore, pen: Pen) -> None:
        self._core = core
        self._pen = pen
        self.firmware_version = core.firmware_version

    # What changes the firmware

    def boot(self) -> None:
        """Begin, as after power-on."""
        self._call("boot", self._core.boot)

    def advance(self, elapsed_ms: int) -> None:
        """Do everything that is due up to that instant since the boot."""
        self._call("advance", lambda: self._core.advance(elapsed_ms), elapsed_ms)

    def button(self, pressed: bool) -> None:
        """Take a press or a release."""
        self._call("button", lambda: self._core.button(pressed), pressed)

    def connected(self, link: LinkSecurity) -> None:
        """Learn of a secure link."""
        self._call("connected", lambda: self._core.connected(link), *link_words(link))

    def disconnected(self) -> None:
        """Learn that the link is gone."""
        self._call("disconnected", self._core.disconnected)

    def control(self, request: bytes, link: LinkSecurity) -> bytes:
        """Answer one control-point request."""
        given = (request.hex(), *link_words(link))
        return self._call("control", lambda: self._core.control(request, link), *given)

    def blob_part(self, value: bytes, link: LinkSecurity) -> bytes | None:
        """Take one part of a blob; return what there is to say of it."""
        given = (value.hex(), *link_words(link))
        return self._call("blob_part", lambda: self._core.blob_part(value, link), *given)

    def show_number(self, number: int | None) -> None:
        """Show a number to compare, or take it off the display."""
        self._call("show_number", lambda: self._core.show_number(number), number)

    def begin_update(self) -> None:
        """Take another firmware."""
        self._call("begin_update", self._core.begin_update)

    def end_update(self) -> None:
        """The other firmware is in its slot, or was given up."""
        self._call("end_update", self._core.end_update)

    # What leaves the band

    def status(self) -> Status:
        """Say what the device is doing."""
        return self._call("status", self._core.status)

    def telemetry(self) -> Telemetry:
        """One sample for the session's log."""
        return self._call("telemetry", self._core.telemetry)

    # What only looks

    @property
    def on_status(self) -> Callable[[], None]:
        """Called when the status is another."""
        return self._core.on_status

    @on_status.setter
    def on_status(self, told: Callable[[], None]) -> None:
        self._core.on_status = told

    @property
    def on_forget_bonds(self) -> Callable[[], None]:
        """Called when every bond is to be forgotten."""
        return self._core.on_forget_bonds

    @on_forget_bonds.setter
    def on_forget_bonds(self, told: Callable[[], None]) -> None:
        self._core.on_forget_bonds = told

    @property
    def state(self) -> DeviceState:
        """What the device is doing, in a word."""
        return self._core.state

    @property
    def pairing_open(self) -> bool:
        """Whether a new phone may bond now."""
        return self._core.pairing_open

    @property
    def display(self) -> Display:
        """What the band shows."""
        return self._core.display

    def record_range(self) -> tuple[int, int]:
        """First and last record number held."""
        return self._core.record_range()

    def record(self, number: int) -> bytes:
        """One ledger record."""
        return self._core.record(number)

    def hash_at(self, number: int) -> bytes:
        """The chain's hash at a record held, or at the one before the first."""
        return self._core.hash_at(number)

    # Writing down

    def _call(self, name: str, act: Callable[[], T], *given: Any) -> T:
        """Call, and write down what came of it; what is called in its midst is a part of it."""
        if self._pen.busy:
            return act()
        before = self._core.record_range()[1]
        self._pen.begin()
        try:
            result = act()
        except Exception as problem:
            self._pen.end(Kind.CALL, (name, *given), raised(problem))
            raise
        records = new_records(self._core, before)
        self._pen.end(Kind.CALL, (name, *given), outcome(result), records)
        return result


def new_records(core: FirmwareCore, before: int) -> tuple[str, ...]:
    """The records after number `before`, as hexadecimal."""
    first, last = core.record_range()
    return tuple(core.record(number).hex() for number in range(max(first, before + 1), last + 1))


def outcome(result: Any) -> str | None:
    """What a call returned, as the journal has it."""
    if result is None:
        return None
    return result.hex() if isinstance(result, bytes) else pack(result).hex()


def raised(problem: Exception) -> dict[str, str]:
    """What a call raised, as the journal has it."""
    return {"raised": type(problem).__name__}


def link_words(link: LinkSecurity) -> tuple[bool | str, ...]:
    """A link's protection, as the journal has it."""
    return (link.encrypted, link.authenticated, link.secure_connections, link.peer)
