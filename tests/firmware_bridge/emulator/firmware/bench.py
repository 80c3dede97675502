"""A journal on the bench: real ledger and flash in memory, and sessions written at will."""

from __future__ import annotations

from dataclasses import dataclass, field

from firmware_bridge.emulator.firmware.journal import Journal
from firmware_bridge.emulator.firmware.ports import ClockReading
from firmware_bridge.emulator.firmware.timekeeping import Timekeeping
from firmware_bridge.emulator.parts.cells import MemoryCell
from firmware_bridge.emulator.parts.counter import CellCounter
from firmware_bridge.emulator.parts.flash import DEFAULT_ROOM_BYTES, BlockFlash
from firmware_bridge.emulator.parts.media import MemoryMedium
from shared.wire import records
from shared.wire.records import CloseCause
from tests.shared.clinic import DEVICE_ID

EPOCH = b"e" * 16
HASH = b"h" * 32
SLICE_PULSES = 30
DAY_MS = 86_400_000


@dataclass
class BenchClock:
    """A backed clock that never breaks and stands where it is put."""

    count_ms: int = 0

    def read(self) -> ClockReading:
        return ClockReading(self.count_ms, unbroken=True)

    def mark_trusted(self) -> None:
        pass


@dataclass(frozen=True)
class Image:
    """All that a bench keeps, at one instant."""

    flash: dict[str, bytes]
    counter: bytes | None
    clock_ms: int
    sessions: int


@dataclass
class Bench:
    """Flash, counter and clock outlive the journal: `switch_on` makes it anew."""

    room_bytes: int = DEFAULT_ROOM_BYTES
    medium: MemoryMedium = field(default_factory=MemoryMedium)
    counter: MemoryCell = field(default_factory=MemoryCell)
    clock: BenchClock = field(default_factory=BenchClock)
    sessions: int = 0
    journal: Journal = field(init=False)
    flash: BlockFlash = field(init=False)
    time: Timekeeping = field(init=False)

    def __post_init__(self) -> None:
        self.build()
        self.journal.begin(DEVICE_ID, EPOCH)
        self.time.boot(at_least_ms=0, boots=0)
        self.journal.write(records.ProvisionedBody(HASH, HASH, b"p" * 16))
        self.journal.advance_counter()
        self.boot_record()

    def build(self) -> None:
        self.flash = BlockFlash(self.medium, room_bytes=self.room_bytes)
        self.time = Timekeeping(self.flash, self.clock)
        self.journal = Journal(self.flash, CellCounter(self.counter), self.time)

    def switch_on(self) -> Journal:
        """Boot as the core does, and write the boot's record where nothing is wrong."""
        self.build()
        self.journal.recover(DEVICE_ID, EPOCH)
        state = self.journal.state
        self.time.boot(at_least_ms=state.proven_ms, boots=state.boot_count)
        if not self.journal.sealed:
            self.boot_record()
        return self.journal

    def image(self) -> Image:
        """Everything that outlives a power cut, and the time."""
        return Image(self.medium.image(), self.counter.content, self.clock.count_ms, self.sessions)

    def restore(self, image: Image) -> None:
        """Go back to an image."""
        self.medium.restore(image.flash)
        self.counter.content = image.counter
        self.clock.count_ms, self.sessions = image.clock_ms, image.sessions

    def boot_record(self) -> None:
        body = records.BootBody(self.clock.count_ms, True, self.time.proven_ms, "bench")
        self.journal.write(body)

    def wait(self, ms: int) -> None:
        """Let time pass while the device is on."""
        self.clock.count_ms += ms
        self.time.advance(self.time.uptime_ms + ms)

    def session(self, slices: int = 4, *, completed: bool = True) -> bytes:
        """Write all records of a session."""
        self.sessions += 1
        session_id = self.sessions.to_bytes(16, "big")
        pulses = slices * SLICE_PULSES
        self.journal.write(records.SessionOpenedBody(session_id, HASH, pulses, slices, HASH))
        for number in range(1, slices + 1):
            self.slice(number)
        cause = CloseCause.COMPLETED if completed else CloseCause.ENDED_BY_PERSON
        self.journal.write(records.SessionClosedBody(session_id, cause, completed, pulses))
        return session_id

    def slice(self, number: int) -> None:
        count = self.journal.outside_count()
        self.journal.write(records.SliceReservedBody(number, 1, SLICE_PULSES, 60, count))
        self.journal.advance_counter()
        self.wait(8_000)
        last_ms = self.time.proven_ms
        self.journal.write(records.SliceClosedBody(number, 1, SLICE_PULSES, SLICE_PULSES, last_ms))

    def receipted(self) -> None:
        """Send a head and keep the clinic's receipt over it."""
        self.journal.head_sent()
        self.journal.keep_receipt(self.journal.count, self.journal.state.hash, EPOCH)
