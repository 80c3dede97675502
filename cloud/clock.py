"""The cloud's only source of time: the machine's clock, or the clock server of a demonstration.

Not the device's trusted time: what a device believes is decided in its firmware.
"""

from __future__ import annotations

import socket
import threading
import time
from datetime import UTC, datetime
from typing import Protocol

from shared.wire import ticks
from shared.wire.errors import WireError

CONNECT_TIMEOUT_S = 5.0


class ClockError(RuntimeError):
    """The clock server cannot be reached, or stopped telling the time."""

    code = "clock"


class Clock(Protocol):
    """Wall time, and a wait that ends early."""

    def wall_ms(self) -> int:
        """Unix time in milliseconds."""


class SystemClock:
    """The machine's clock."""

    def wall_ms(self) -> int:
        return time.time_ns() // 1_000_000


class FollowedClock:
    """The clock server's time, followed in a thread of its own; without acknowledging."""

    def __init__(self, host: str, port: int, name: str = "cloud") -> None:
        try:
            self._socket = socket.create_connection((host, port), timeout=CONNECT_TIMEOUT_S)
            self._socket.sendall(ticks.join_line(name, acks=False))
            self._lines = self._socket.makefile("rb")
            self._wall_ms = ticks.parse_tick(self._lines.readline()).wall_ms
        except (OSError, WireError) as problem:
            raise ClockError(f"no time from the clock server at {host}:{port}") from problem
        self._lost = False
        self._socket.settimeout(None)
        threading.Thread(target=self._follow, name="clock", daemon=True).start()

    def wall_ms(self) -> int:
        """Return the last tick's time; raise ClockError once the server is gone."""
        if self._lost:
            raise ClockError("the clock server is gone: there is no time to go by")
        return self._wall_ms

    def close(self) -> None:
        """Leave the clock server."""
        self._socket.close()

    def _follow(self) -> None:
        try:
            for line in self._lines:
                self._wall_ms = ticks.parse_tick(line).wall_ms
        except (OSError, ValueError):
            pass
        finally:
            self._lost = True


def open_clock(address: str | None, name: str = "cloud") -> Clock:
    """Return the clock of ``HOST:PORT``, or the machine's when there is none."""
    if not address:
        return SystemClock()
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise ClockError(f"a clock's address reads HOST:PORT, not {address!r}")
    return FollowedClock(host, int(port), name)


def instant(wall_ms: int) -> datetime:
    """Return a wall time as an aware datetime in UTC."""
    return datetime.fromtimestamp(wall_ms / 1000, UTC)
