"""The rule of `make bench-app` for memory: flat holds, growth misses, and an unseen leak misses."""

from __future__ import annotations

from scripts.bench_app.hour import Hour
from scripts.bench_app.memory import rows_of

MIB = 1 << 20


def _grown(times: float) -> Hour:
    return Hour(100 * MIB, round(100 * MIB * times), 1, 1, 1, 1)


def _holds(usual: float, leaking: float) -> bool:
    return all(row.holds for row in rows_of(_grown(usual), _grown(leaking)))


def test_a_flat_hour_holds_where_the_leak_is_found() -> None:
    assert _holds(1.02, leaking=1.4)


def test_an_hour_that_grows_is_missed() -> None:
    assert not _holds(1.06, leaking=1.4)


def test_a_leak_that_the_rule_does_not_find_is_a_miss() -> None:
    assert not _holds(1.0, leaking=1.04)
