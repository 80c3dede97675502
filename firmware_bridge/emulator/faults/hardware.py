"""Faults of the band's parts: pulse generator, flash, clock, key and what else is soldered in."""

from __future__ import annotations

from collections.abc import Callable

from firmware_bridge.emulator.faults.fault import Fault, Lasts, Stands, Where
from firmware_bridge.emulator.faults.reach import Reach
from firmware_bridge.emulator.faults.wanted import Flag, Happens, Integer, Page
from firmware_bridge.emulator.parts.board import Board
from firmware_bridge.emulator.parts.chip import BLOCK_BYTES
from firmware_bridge.emulator.parts.flash import DEFAULT_ROOM_BYTES, LOG

LAST_BLOCK = DEFAULT_ROOM_BYTES // BLOCK_BYTES - 1
MOST_PULSES = 50
"""Longest slice (R1)."""


def _broken(
    meaning: str, break_it: Callable[[Board], None], mend: Callable[[Board], None]
) -> Fault:
    def inject(band: Reach, _: bool) -> Stands:
        break_it(band.board)
        return Stands(lambda: mend(band.board))

    return Fault(meaning, Where.PART, Lasts.STANDS, Flag(), inject, sound=False)


def _miscount(band: Reach, pulses: int) -> Stands:
    coil = band.board.coil
    coil.miscount(pulses)
    return Stands(lambda: coil.miscount(0), lambda: coil.uncounted > 0)


def _missing(band: Reach, pulses: int) -> Stands:
    coil = band.board.coil
    coil.leave_out(pulses)
    return Stands(lambda: coil.leave_out(0), lambda: coil.missing > 0)


def _extra(band: Reach, pulses: int) -> Stands:
    coil = band.board.coil
    coil.fire_more(pulses)
    return Stands(lambda: coil.fire_more(0), lambda: coil.extra > 0)


def _room(band: Reach, room_bytes: int) -> Stands:
    flash = band.board.flash
    before = flash.limit_bytes
    flash.limit_room(room_bytes)
    return Stands(lambda: flash.limit_room(before))


def _full(band: Reach, _: bool) -> Stands:
    return _room(band, band.board.flash.used_bytes())


def _cut_at_byte(band: Reach, written_bytes: int) -> Stands:
    chip = band.board.flash.chip
    chip.cut_after(written_bytes)
    return Stands(chip.keep_power, lambda: chip.will_lose_power)


def _bad_block(band: Reach, block: int | None) -> Stands:
    flash = band.board.flash
    spoilt = flash.block_in_use() if block is None else block
    flash.chip.spoil(LOG, spoilt)
    return Stands(lambda: flash.chip.mend(LOG, spoilt))


def _drift(band: Reach, ppm: int) -> Stands:
    clock = band.board.clock
    clock.drift(ppm)
    return Stands(lambda: clock.drift(0))


def _bad_signatures(band: Reach, signatures: int) -> Stands:
    key = band.board.key
    key.spoil(signatures)
    return Stands(lambda: key.spoil(0), lambda: key.spoils > 0)


HARDWARE_FAULTS = {
    "pulse_missing": Fault(
        "the pulse generator fires nothing at so many of the next triggers",
        Where.PART,
        Lasts.STANDS,
        Integer(1, MOST_PULSES, 1),
        _missing,
    ),
    "pulse_extra": Fault(
        "the pulse generator fires one pulse more at so many of the next triggers",
        Where.PART,
        Lasts.STANDS,
        Integer(1, MOST_PULSES, 1),
        _extra,
    ),
    "miscount": Fault(
        "pulses that the coil's own counter misses from now on, or counts too many if below 0",
        Where.PART,
        Lasts.STANDS,
        Integer(-10_000, 10_000, 1),
        _miscount,
        sound=0,
    ),
    "countdown_stuck": _broken(
        "the countdown gates nothing once it was loaded",
        lambda board: board.coil.stick_countdown(),
        lambda board: board.coil.free_countdown(),
    ),
    "counter_stuck": _broken(
        "the monotonic counter refuses to advance",
        lambda board: board.counter.stick(),
        lambda board: board.counter.mend(),
    ),
    "key_unavailable": _broken(
        "the signing key signs nothing any more",
        lambda board: board.key.break_off(),
        lambda board: board.key.mend(),
    ),
    "signature_bad": Fault(
        "so many of the next signatures are wrong, a head's as any other's",
        Where.PART,
        Lasts.STANDS,
        Integer(1, 1_000, 1),
        _bad_signatures,
    ),
    "randomness_broken": _broken(
        "the source of random numbers gives none",
        lambda board: board.randomness.break_off(),
        lambda board: board.randomness.mend(),
    ),
    "fuse_broken": _broken(
        "the fuse answers nothing any more",
        lambda board: board.fuse.break_off(),
        lambda board: board.fuse.mend(),
    ),
    "buzzer_mute": _broken(
        "the buzzer makes no sound",
        lambda board: board.buzzer.mute(),
        lambda board: board.buzzer.mend(),
    ),
    "flash_power_cut": Fault(
        "the power goes once so many more bytes were programmed or erased",
        Where.FLASH,
        Lasts.STANDS,
        Integer(0, 2**31 - 1),
        _cut_at_byte,
    ),
    "flash_bad_block": Fault(
        "this block of the log takes nothing any more",
        Where.FLASH,
        Lasts.STANDS,
        Integer(0, LAST_BLOCK, None, or_none="for the one that is written to next"),
        _bad_block,
    ),
    "flash_worn": Fault(
        "this block of the log has reached the end of its life",
        Where.FLASH,
        Lasts.FOR_GOOD,
        Integer(0, LAST_BLOCK),
        lambda band, block: band.board.flash.chip.wear_out(LOG, block),
    ),
    "flash_flip": Fault(
        "a bit turns over at this place of the log",
        Where.FLASH,
        Lasts.FOR_GOOD,
        Integer(0, DEFAULT_ROOM_BYTES - 1),
        lambda band, place: band.board.flash.chip.flip(LOG, place),
    ),
    "flash_page_lost": Fault(
        "this page reads as if it had never been written",
        Where.FLASH,
        Lasts.FOR_GOOD,
        Page(),
        lambda band, name: band.board.flash.lose_page(name),
    ),
    "flash_room_bytes": Fault(
        "size of the flash's log area",
        Where.FLASH,
        Lasts.STANDS,
        Integer(0, DEFAULT_ROOM_BYTES),
        _room,
    ),
    "ledger_full": Fault(
        "the log area has no byte free",
        Where.FLASH,
        Lasts.STANDS,
        Flag(),
        _full,
        sound=False,
    ),
    "clock_drift_ppm": Fault(
        "the backed clock counts wrong by so much from now on",
        Where.CLOCK,
        Lasts.STANDS,
        Integer(-100_000, 100_000),
        _drift,
        sound=0,
    ),
    "clock_lost": Fault(
        "the backed clock's supply breaks: its time is lost",
        Where.CLOCK,
        Lasts.HAPPENS,
        Happens(),
        lambda band, _: band.board.clock.break_supply(),
    ),
}
