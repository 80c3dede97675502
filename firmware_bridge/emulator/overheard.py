"""Has the parts of a board tell what they do: records, slices, pulses, writes.

Each is told in the midst of the firmware's work; a fault that halts the band there stops it at
once. Not for what came over the air: the face tells that.
"""

from __future__ import annotations

from collections.abc import Callable

from firmware_bridge.emulator.events import LOG_AREA, PAGE_AREA, Event, Events
from firmware_bridge.emulator.parts.board import Board
from firmware_bridge.emulator.parts.flash import LOG
from shared.wire.errors import WireError
from shared.wire.records import SliceReservedBody, decode_record

StoppingNow = Callable[[Callable[[], None]], None]


def overhear(board: Board, events: Events, stopping_now: StoppingNow) -> None:
    """Tell `events` from now on, each through `stopping_now`."""

    def on_append(entry: bytes) -> None:
        if events.heard:
            stopping_now(lambda: tell_record(events, entry))

    def on_write(area: str) -> None:
        of = LOG_AREA if area == LOG else PAGE_AREA
        stopping_now(lambda: events.tell(Event.FLASH_WRITE, of))

    board.flash.on_append = on_append
    board.flash.on_write = on_write
    board.coil.on_fired = lambda: stopping_now(lambda: events.tell(Event.PULSE))


def tell_record(events: Events, entry: bytes) -> None:
    """Tell of a record, and of the slice or train that it reserves."""
    try:
        record = decode_record(entry)
    except WireError:
        return
    events.tell(Event.RECORD, record.type.name, entry)
    if isinstance(record.body, SliceReservedBody):
        if record.body.slice == 1:
            events.tell(Event.TRAIN, content=entry)
        events.tell(Event.SLICE, content=entry)
