"""Reads the two records that a session consists of in a fraction of the time.

Nine records of ten reserve a slice or close one. `read` knows their exact spelling and leaves every
other one to `daily`, and every doubtful one to `shared.wire.records`: what it returns is what that
returns.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cloud.ledger import daily
from cloud.ledger.spelling import CLOCK, COUNTED, UINT, wholes
from shared.wire.record_types import RecordType
from shared.wire.records import Record, SliceClosedBody, SliceReservedBody

RESERVED, CLOSED = int(RecordType.SLICE_RESERVED), int(RecordType.SLICE_CLOSED)
_PULSES_MAX, _PERCENT_MAX = 50, 100

_SLICE = re.compile(
    rb"\x86" + UINT + rb"([\x0f\x10])" + UINT + UINT + CLOCK
    + rb"\xa5\x01" + COUNTED + rb"\x02" + COUNTED
    + rb"\x03" + UINT + rb"\x04" + UINT + rb"\x05" + UINT
)  # fmt: skip


class Slice(NamedTuple):
    """A record of a slice; the last three are pulses, percent and counter of a reservation, and
    commanded, measured and the last pulse's proven instant of a closing."""

    number: int
    type: int
    boot_count: int
    uptime_ms: int
    clock_ms: int | None
    train: int
    slice: int
    third: int
    fourth: int
    fifth: int

    def record(self) -> Record:
        """Return the same as the shared reader would."""
        body: SliceReservedBody | SliceClosedBody
        if self.type == RESERVED:
            body = SliceReservedBody(self.train, self.slice, self.third, self.fourth, self.fifth)
        else:
            body = SliceClosedBody(self.train, self.slice, self.third, self.fourth, self.fifth)
        kind = RecordType(self.type)
        return Record(self.number, kind, self.boot_count, self.uptime_ms, self.clock_ms, body)


def read(data: bytes) -> Slice | Record:
    """Return the record; raise WireError for anything that this version cannot read whole."""
    found = _SLICE.fullmatch(data)
    if found is None:
        return daily.read(data)
    line = Slice._make(wholes(found.groups()))
    if line.type == RESERVED and not (
        0 < line.third <= _PULSES_MAX and line.fourth <= _PERCENT_MAX
    ):
        return daily.read(data)
    return line
