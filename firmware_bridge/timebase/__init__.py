"""One time for all processes that take part in a demonstration or a test.

- `server`: the clock server, which advances only when every acknowledging participant is done.
- `clock`: the `Clock` protocol and the machine's own clock behind it.
- `served`: a clock that follows the server.
- `cli`: the console script `circlet-clock`.
"""

from firmware_bridge.timebase.clock import Clock, SteppingClock, SystemClock, fine_steps
from firmware_bridge.timebase.errors import ClockLost, ClockRefused, TimebaseError
from firmware_bridge.timebase.served import ServedClock, open_clock
from firmware_bridge.timebase.server import ClockServer

__all__ = [
    "Clock",
    "ClockLost",
    "ClockRefused",
    "ClockServer",
    "ServedClock",
    "SteppingClock",
    "SystemClock",
    "TimebaseError",
    "fine_steps",
    "open_clock",
]
