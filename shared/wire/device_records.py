"""Bodies of the records that a device writes of itself: power, time, modes, faults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.trust.statements import HASH_BYTES
from shared.wire.fields import wire
from shared.wire.record_types import RecordType


@dataclass(frozen=True)
class BootBody:
    """A boot; ``clock_unbroken`` says whether the backed clock proves the gap (R5)."""

    TYPE: ClassVar[RecordType] = RecordType.BOOT

    backed_count_ms: int = wire(1)
    clock_unbroken: bool = wire(2)
    proven_ms: int = wire(3)
    firmware: str = wire(4, maximum=16)


@dataclass(frozen=True)
class ClockSetBody:
    """The wall clock was set by a time token over a nonce of the device (R7)."""

    TYPE: ClassVar[RecordType] = RecordType.CLOCK_SET

    wall_ms: int = wire(1)
    statement_hash: bytes = wire(2, length=HASH_BYTES)


@dataclass(frozen=True)
class ClockLostBody:
    """The clock's supply broke: permissions count as ended until it is set again (R5)."""

    TYPE: ClassVar[RecordType] = RecordType.CLOCK_LOST

    backed_count_ms: int = wire(1)


@dataclass(frozen=True)
class TimeAttestedBody:
    """A prescriber made lost time good (R6): proven time goes forward by ``gained_ms``."""

    TYPE: ClassVar[RecordType] = RecordType.TIME_ATTESTED

    statement_hash: bytes = wire(1, length=HASH_BYTES)
    gained_ms: int = wire(2)


@dataclass(frozen=True)
class SelfTestBody:
    """The device examined itself (R15, R30)."""

    TYPE: ClassVar[RecordType] = RecordType.SELF_TEST

    passed: bool = wire(1)


@dataclass(frozen=True)
class PracticeBody:
    """A practice without pulses began or ended (R30)."""

    TYPE: ClassVar[RecordType] = RecordType.PRACTICE

    begun: bool = wire(1)


@dataclass(frozen=True)
class FirmwareBody:
    """Another firmware runs; until it is confirmed it starts no session (R15, R27)."""

    TYPE: ClassVar[RecordType] = RecordType.FIRMWARE

    version: str = wire(1, maximum=16)
    confirmed: bool = wire(2)


@dataclass(frozen=True)
class FaultBody:
    """The device will not fire until service looks at it."""

    TYPE: ClassVar[RecordType] = RecordType.FAULT

    code: str = wire(1, maximum=32)
