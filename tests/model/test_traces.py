"""What SPIN gets to read is what the band did, and the corrupted traces are corrupted."""

from __future__ import annotations

import pytest

from tests.model.schedules import PRESCRIPTION, Days, Event
from tests.model.traces import (
    CORRUPTIONS,
    PULSES,
    SPACING,
    VIEWS,
    Corruption,
    Trace,
    corrupted,
    header,
)

BEGAN = Event(0, "BOOT")
DAY = [
    BEGAN,
    Event(1_000, "RECORD_SESSION_OPENED"),
    Event(1_000, "RECORD_SLICE_RESERVED", 30),
    Event(1_000, "LOAD", 30),
    Event(1_000, "PULSE", 1),
    Event(1_020, "PULSE", 1),
    Event(9_000, "CUT"),
    Event(9_500, "BOOT", 1),
    Event(9_500, "RECORD_BOOT"),
    Event(9_500, "RECORD_SESSION_CLOSED", 9),
]


@pytest.fixture(scope="module")
def lived() -> dict[str, list[Trace]]:
    days = [Days(seed).live(12) for seed in (3, 7)]
    return {view.model: [view.trace(events) for events in days] for view in VIEWS}


def test_a_view_sees_time_where_it_looks_at_time() -> None:
    assert SPACING.trace(DAY) == (
        ("PASS", 1_000),
        ("OPEN", 0),
        ("RESERVE", 30),
        ("PULSE", 1),
        ("PASS", 20),
        ("PULSE", 1),
        ("PASS", 7_980),
        ("CUT", 0),
        ("PASS", 500),
        ("BOOT", 1),
    )


def test_a_view_of_pulses_sees_every_record_and_no_time() -> None:
    assert [name for name, _ in PULSES.trace(DAY)] == [
        "OTHER",
        "RESERVE",
        "LOAD",
        "PULSE",
        "PULSE",
        "CUT",
        "BOOT",
        "OTHER",
        "OTHER",
    ]


def test_the_same_seed_is_the_same_day() -> None:
    assert Days(5).live(6) == Days(5).live(6)


def test_days_have_pulses_in_them(lived: dict[str, list[Trace]]) -> None:
    assert any(name == "PULSE" for trace in lived["pulses"] for name, _ in trace)


@pytest.mark.parametrize(
    "corruption", CORRUPTIONS, ids=lambda each: f"{each.view.model} {each.name}"
)
def test_a_corrupted_trace_differs_or_there_is_none(
    lived: dict[str, list[Trace]], corruption: Corruption
) -> None:
    changed = corrupted(corruption, lived[corruption.view.model])
    assert changed not in lived[corruption.view.model]
    assert corrupted(corruption, [()]) is None


def test_the_driver_gets_every_event_and_an_end() -> None:
    text = header(PULSES, [PULSES.trace(DAY), (("PULSE", 1),)])
    rows = text.partition("events[][2] = {")[2].partition("};")[0].strip().splitlines()
    assert len(rows) == len(PULSES.trace(DAY)) + 3
    assert "begins[] = {0,10}" in text


def test_the_prescription_of_the_days_is_the_figures_of_the_models() -> None:
    assert SPACING.figures["SESSION_UNITS"] == PRESCRIPTION.pulses_per_session == 600
    assert SPACING.figures["TRAIN_INTERVAL"] == 8_000
