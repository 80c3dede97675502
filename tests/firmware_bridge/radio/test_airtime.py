"""A link's packets take the time that the Core Specification gives them, one exchange at a time."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable

import pytest

from firmware_bridge.radio.airtime import PHYS, Exchanges

CENTRAL, PERIPHERAL = 0, 1
LATE_S = 0.0009


class SimulatedTimer:
    """A loop's time, which passes when told; each call may come late."""

    def __init__(self, *, late_s: float = 0.0) -> None:
        self._now = 0.0
        self._late_s = late_s
        self._calls: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def time(self) -> float:
        return self._now

    def call_at(self, when: float, callback: Callable[[], None]) -> None:
        heapq.heappush(self._calls, (when, next(self._order), callback))

    def run(self) -> None:
        """Until nothing is due any more."""
        while self._calls:
            when, _, callback = heapq.heappop(self._calls)
            self._now = max(self._now, when + self._late_s)
            callback()

    def pass_on(self, seconds: float) -> None:
        self._now += seconds


class Air:
    """One link, and when what arrived."""

    def __init__(self, name: str, timer: SimulatedTimer) -> None:
        self._timer = timer
        self.exchanges = Exchanges(PHYS[name], timer)
        self.arrived: list[tuple[str, int]] = []

    def send(self, side: int, size_bytes: int, name: str = "") -> None:
        def arrived() -> None:
            self.arrived.append((name, round(self._timer.time() * 1_000_000)))

        self.exchanges.send(side, size_bytes, arrived)


@pytest.mark.parametrize(
    ("phy", "size_bytes", "us"),
    [
        # (1 + 4 + 2 + n + 4 + 3) bytes at 8 us, 150 us, an empty packet of 10 bytes, 150 us.
        ("1m", 251, 2120 + 150 + 80 + 150),
        ("1m", 27, 328 + 150 + 80 + 150),
        # (2 + 4 + 2 + n + 4 + 3) bytes at 4 us, and an empty packet of 11 bytes.
        ("2m", 251, 1064 + 150 + 44 + 150),
        ("2m", 27, 168 + 150 + 44 + 150),
    ],
)
def test_a_packet_takes_what_the_specification_says(phy: str, size_bytes: int, us: int) -> None:
    timer = SimulatedTimer()
    air = Air(phy, timer)
    air.send(PERIPHERAL, size_bytes)
    timer.run()
    assert air.arrived == [("", us)]


def test_packets_of_one_side_come_one_after_the_other_in_order() -> None:
    timer = SimulatedTimer()
    air = Air("1m", timer)
    for name in ("first", "second", "third"):
        air.send(PERIPHERAL, 27, name)
    timer.run()
    assert air.arrived == [("first", 708), ("second", 2 * 708), ("third", 3 * 708)]


def test_both_sides_share_one_exchange() -> None:
    timer = SimulatedTimer()
    air = Air("1m", timer)
    air.send(PERIPHERAL, 251, "under way")
    air.send(PERIPHERAL, 251, "value")
    air.send(CENTRAL, 27, "request")
    timer.run()
    both_us = 328 + 150 + 2120 + 150
    assert air.arrived == [
        ("under way", 2500),
        ("request", 2500 + both_us),
        ("value", 2500 + both_us),
    ]


def test_late_timers_add_up_to_nothing() -> None:
    timer = SimulatedTimer(late_s=LATE_S)
    air = Air("1m", timer)
    for _ in range(1000):
        air.send(PERIPHERAL, 27)
    timer.run()
    assert air.arrived[-1][1] == 1000 * 708 + LATE_S * 1_000_000


def test_an_idle_air_gives_no_time_back() -> None:
    timer = SimulatedTimer()
    air = Air("1m", timer)
    air.send(CENTRAL, 27)
    timer.run()
    timer.pass_on(1.0)
    air.send(CENTRAL, 27)
    timer.run()
    assert air.arrived[-1][1] == 708 + 1_000_000 + 708


def test_what_is_in_the_air_when_the_link_ends_never_arrives() -> None:
    timer = SimulatedTimer()
    air = Air("1m", timer)
    air.send(CENTRAL, 27)
    air.send(CENTRAL, 27)
    air.exchanges.end()
    timer.run()
    assert air.arrived == []
