"""A firmware core that decides nothing, for tests of the shell around it."""

import asyncio
from collections.abc import Callable

from firmware_bridge.emulator.firmware.outside import Display, LinkSecurity
from shared.wire.status import DeviceState, Status, Telemetry


class EchoCore:
    """Answers each request with itself, reversed; its states and records are set by the test."""

    def __init__(self) -> None:
        self.changed = asyncio.Event()
        self.on_status: Callable[[], None] = lambda: None
        self.on_forget_bonds: Callable[[], None] = lambda: None
        self.firmware_version = "stand-in"
        self.pairing_open = False
        self.number: int | None = None
        self.state = DeviceState.IDLE
        self.records: dict[int, bytes] = {}
        self.advanced: list[int] = []
        self.presses: list[bool] = []
        self.links: list[LinkSecurity | None] = []
        self.requests: list[tuple[bytes, LinkSecurity]] = []
        self.parts: list[tuple[bytes, LinkSecurity]] = []

    @property
    def display(self) -> Display:
        return Display(text="" if self.number is None else f"{self.number:06}", light="off")

    def boot(self) -> None:
        self.advanced.clear()

    def advance(self, elapsed_ms: int) -> None:
        self.advanced.append(elapsed_ms)

    def button(self, pressed: bool) -> None:
        self.presses.append(pressed)
        self.changed.set()

    def connected(self, link: LinkSecurity) -> None:
        self.links.append(link)
        self.changed.set()

    def disconnected(self) -> None:
        self.links.append(None)
        self.changed.set()

    def control(self, request: bytes, link: LinkSecurity) -> bytes:
        self.requests.append((request, link))
        self.changed.set()
        if request == b"break":
            raise RuntimeError("a bug in the firmware")
        return request[::-1]

    def blob_part(self, value: bytes, link: LinkSecurity) -> bytes | None:
        self.parts.append((value, link))
        self.changed.set()
        return value[::-1]

    def status(self) -> Status:
        return Status(
            state=self.state,
            proven_ms=self.advanced[-1] if self.advanced else 0,
            reasons=(),
            head_number=max(self.records, default=0),
            battery_percent=80,
            coil_temperature_c=25,
            contact=True,
            position_ok=True,
            clock_trusted=True,
        )

    def telemetry(self) -> Telemetry:
        return Telemetry(
            uptime_ms=0,
            coil_temperature_c=25,
            battery_percent=80,
            contact=True,
            position_ok=True,
            charged_pulses=0,
        )

    def record_range(self) -> tuple[int, int]:
        return min(self.records, default=1), max(self.records, default=0)

    def record(self, number: int) -> bytes:
        return self.records[number]

    def hash_at(self, number: int) -> bytes:
        return bytes(32)

    def begin_update(self) -> None:
        self.state = DeviceState.UPDATING

    def end_update(self) -> None:
        self.state = DeviceState.IDLE

    def show_number(self, number: int | None) -> None:
        self.number = number
        self.changed.set()
