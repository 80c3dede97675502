"""What there is to see of a running band, as shapes: its state, its record.

Not for changing anything: see `surface`.
"""

from __future__ import annotations

import asyncio

from firmware_bridge.emulator.control.schema import plain
from firmware_bridge.emulator.control.shapes import (
    MOST_RECORDS,
    BandState,
    BootSeen,
    ClockSeen,
    CoilSeen,
    LedgerSeen,
    LockReason,
    RawLedger,
    RawRecord,
    ReadLedger,
    ReadRecord,
)
from firmware_bridge.emulator.face.core import FirmwareCore
from firmware_bridge.emulator.parts.board import Board
from firmware_bridge.emulator.shell import RunningBand
from shared.dose.reasons import WORDS, ReasonCode
from shared.wire.errors import WireError
from shared.wire.records import decode_record
from shared.wire.status import ReasonWire


async def look(band: RunningBand) -> BandState:
    """Everything there is to see."""
    board, core = band.board, band.core
    status = core.status()
    first, last = core.record_range()
    return BandState(
        display=core.display.text,
        light=core.display.light,
        state=status.state.name,
        firmware=core.firmware_version,
        pairing_open=core.pairing_open,
        connected=band.face.connected,
        bonds=len(await band.face.bonds.get_all()),
        coil=_coil(board),
        charged_pulses=status.charged_pulses,
        counter=board.counter.read(),
        battery_percent=status.battery_percent,
        coil_temperature_c=round(board.temperature.celsius(), 2),
        ledger=LedgerSeen(first, last, status.head_number),
        backed_clock=_clock(board),
        status=status,
        reasons=tuple(_reason(each) for each in status.reasons),
        boots=tuple(BootSeen(boot.number, boot.cause, boot.at_ms) for boot in band.boots),
        tasks=len(asyncio.all_tasks()),
    )


def _coil(board: Board) -> CoilSeen:
    coil = board.coil
    return CoilSeen(coil.fired_total, coil.fired_since_load(), coil.countdown)


def _clock(board: Board) -> ClockSeen:
    reading = board.clock.read()
    return ClockSeen(reading.count_ms, reading.unbroken)


def _reason(told: ReasonWire) -> LockReason:
    code = ReasonCode(told.code)
    return LockReason(code.name, WORDS[code], told.ends_proven_ms)


def raw_ledger(core: FirmwareCore) -> RawLedger:
    """Every record held, as bytes."""
    first, last = core.record_range()
    numbers = range(first, last + 1)
    return RawLedger(first, last, tuple(RawRecord(each, core.record(each)) for each in numbers))


def read_ledger(core: FirmwareCore, first: int | None) -> ReadLedger:
    """So many records from `first` on, or the newest."""
    oldest, last = core.record_range()
    begin = max(oldest, last - MOST_RECORDS + 1 if first is None else first)
    numbers = range(begin, min(last, begin + MOST_RECORDS - 1) + 1)
    return ReadLedger(oldest, last, tuple(_read(each, core.record(each)) for each in numbers))


def _read(number: int, content: bytes) -> ReadRecord:
    try:
        record = decode_record(content)
    except WireError:
        return ReadRecord(number, None, None, None, None, {}, content)
    body = {} if record.body is None else plain(record.body)
    return ReadRecord(
        number,
        record.type.name,
        record.boot_count,
        record.uptime_ms,
        record.clock_ms,
        body,
        content,
    )
