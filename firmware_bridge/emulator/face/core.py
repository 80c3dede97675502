"""What the shell asks of the firmware core, so that either can be put in the other's place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from firmware_bridge.emulator.firmware.outside import Display, LinkSecurity
from shared.wire.status import DeviceState, Status, Telemetry


class FirmwareCore(Protocol):
    """The rules of the device, driven by time, button and link."""

    on_status: Callable[[], None]
    on_forget_bonds: Callable[[], None]
    firmware_version: str

    @property
    def state(self) -> DeviceState:
        """What the device is doing, in a word."""

    @property
    def pairing_open(self) -> bool:
        """Whether a new phone may bond now."""

    @property
    def display(self) -> Display:
        """What the band shows."""

    def boot(self) -> None:
        """Begin, as after power-on."""

    def advance(self, elapsed_ms: int) -> None:
        """Do everything that is due up to that instant since the boot."""

    def button(self, pressed: bool) -> None:
        """Take a press or a release."""

    def connected(self, link: LinkSecurity) -> None:
        """Learn of a secure link."""

    def disconnected(self) -> None:
        """Learn that the link is gone."""

    def control(self, request: bytes, link: LinkSecurity) -> bytes:
        """Answer one control-point request."""

    def blob_part(self, value: bytes, link: LinkSecurity) -> bytes | None:
        """Take one part of a blob; return what there is to say of it."""

    def status(self) -> Status:
        """Say what the device is doing."""

    def telemetry(self) -> Telemetry:
        """One sample for the session's log."""

    def record_range(self) -> tuple[int, int]:
        """First and last record number held; the last is below the first when there is none."""

    def record(self, number: int) -> bytes:
        """One ledger record."""

    def hash_at(self, number: int) -> bytes:
        """The chain's hash at a record held, or at the one before the first."""

    def begin_update(self) -> None:
        """Take another firmware; raise Refused unless nothing is under way."""

    def end_update(self) -> None:
        """The other firmware is in its slot, or was given up."""

    def show_number(self, number: int | None) -> None:
        """Show a number to compare, or take it off the display."""


ACTIVE_STATES = frozenset(
    {
        DeviceState.ARMED,
        DeviceState.STIMULATING,
        DeviceState.PAUSED,
        DeviceState.REPOSITIONING,
        DeviceState.CLOSING,
    }
)
"""States in which the phone hears of the device every second at least."""
