"""The cursor over a session's pulses, to the microsecond; and the table of states, cell by cell."""

from __future__ import annotations

import pytest

from firmware_bridge.emulator.firmware import states
from firmware_bridge.emulator.firmware.course_of_pulses import CourseOfPulses
from firmware_bridge.emulator.firmware.states import TABLE, Choice, Happening
from shared.stimulation.pattern import Pattern, PatternKind
from shared.stimulation.schedule import SessionPlan, TrainPlan
from shared.wire.operations import Operation
from shared.wire.status import DeviceState

FOUR = Pattern(PatternKind.REPETITIVE, 10_000, 1, 0, 4)
"""Four pulses, a tenth of a second apart: the train lasts 400 ms."""
PULSE_US, TRAIN_US, INTERVAL_US = 100_000, 400_000, 8_000_000
PLAN = SessionPlan((TrainPlan(FOUR, 3, INTERVAL_US),))
TWO_PARTS = SessionPlan((TrainPlan(FOUR, 1, 0), TrainPlan(FOUR, 2, INTERVAL_US)))


def fired(course: CourseOfPulses, pulses: int) -> CourseOfPulses:
    for _ in range(pulses):
        course.fired()
    return course


def begun(plan: SessionPlan = PLAN, train: int = 1) -> CourseOfPulses:
    course = CourseOfPulses(plan, train)
    course.begin(1_000, 0)
    return course


def test_pulses_and_trains_follow_by_the_schedule() -> None:
    assert FOUR.train_us == TRAIN_US
    course, instants = begun(), []
    while not course.finished:
        instants.append((course.train, course.index, course.next_pulse_us))
        assert course.fired() is (len(instants) % 4 == 0)
    trains = [1_000 + train * (TRAIN_US + INTERVAL_US) for train in range(3)]
    wanted = [
        (number, index, begins_us + index * PULSE_US)
        for number, begins_us in enumerate(trains, start=1)
        for index in range(4)
    ]
    assert instants == wanted


def test_it_begins_now_or_at_the_earliest_instant_if_that_is_later() -> None:
    course = CourseOfPulses(PLAN)
    course.begin(5, 9)
    assert course.next_pulse_us == 9
    course.begin(10, 9)
    assert course.next_pulse_us == 10


@pytest.mark.parametrize(
    ("now_us", "next_us"), [(500_000, 8_201_000), (8_201_000, 8_201_000), (9_000_000, 9_000_000)]
)
def test_the_rest_of_a_broken_train_waits_for_the_interval(now_us: int, next_us: int) -> None:
    course = fired(begun(), 3)
    course.go_on(now_us)
    assert (course.train, course.index, course.next_pulse_us) == (1, 3, next_us)
    course.fired()
    assert course.next_pulse_us == next_us + PULSE_US + INTERVAL_US


def test_between_trains_nothing_comes_before_the_schedule() -> None:
    course = fired(begun(), 4)
    planned_us = 1_000 + TRAIN_US + INTERVAL_US
    assert course.next_pulse_us == planned_us
    course.go_on(2_000_000)
    assert course.next_pulse_us == planned_us
    course.go_on(planned_us + 5)
    assert course.next_pulse_us == planned_us + 5


def test_where_no_interval_is_asked_it_rests_for_five_seconds() -> None:
    course = begun(SessionPlan((TrainPlan(FOUR, 3, 0),)))
    fired(course, 2).go_on(200_000)
    assert course.next_pulse_us == 1_000 + PULSE_US + 5_000_000


def test_before_the_first_pulse_there_is_nothing_to_wait_for() -> None:
    course = begun()
    course.go_on(700)
    assert course.next_pulse_us == 1_000
    course.go_on(3_000)
    assert course.next_pulse_us == 3_000


def test_a_slice_begins_with_the_next_pulse() -> None:
    course = fired(begun(), 6)
    piece = course.slice()
    assert (piece.train, piece.count) == (2, 2)


def test_the_second_part_begins_where_the_first_ends_and_is_moved_for() -> None:
    course = fired(begun(TWO_PARTS), 3)
    assert (course.part, course.part_begins) == (0, False)
    assert course.fired()
    assert (course.part, course.part_begins, course.train) == (1, True, 2)
    course.begin(0, 0)
    assert not course.part_begins
    assert course.part_plan == TWO_PARTS.parts[1]
    assert not fired(course, 3).finished
    assert course.fired()
    assert not course.part_begins
    assert fired(course, 4).finished
    assert CourseOfPulses(TWO_PARTS, 2).part == 1


@pytest.mark.parametrize(
    ("pulses", "now_us", "left_us"),
    [
        (0, 1_000, 3 * TRAIN_US + 2 * INTERVAL_US),
        (0, 0, 3 * TRAIN_US + 2 * INTERVAL_US + 1_000),
        (1, 101_000, 3 * TRAIN_US + 2 * INTERVAL_US - PULSE_US),
        (4, 1_000 + TRAIN_US + INTERVAL_US, 2 * TRAIN_US + INTERVAL_US),
        (8, 1_000 + 2 * (TRAIN_US + INTERVAL_US), TRAIN_US),
        (12, 0, 0),
    ],
)
def test_what_is_left_is_to_the_last_trains_end(pulses: int, now_us: int, left_us: int) -> None:
    assert fired(begun(), pulses).left_us(now_us) == left_us


def test_what_is_left_counts_the_parts_to_come() -> None:
    assert begun(TWO_PARTS).left_us(1_000) == TRAIN_US + TWO_PARTS.parts[1].duration_us


# The table of states

BY_LETTER = {
    "U": DeviceState.UNPROVISIONED,
    "I": DeviceState.IDLE,
    "A": DeviceState.ARMED,
    "S": DeviceState.STIMULATING,
    "P": DeviceState.PAUSED,
    "R": DeviceState.REPOSITIONING,
    "C": DeviceState.CLOSING,
    "T": DeviceState.PRACTICE,
    "E": DeviceState.SELF_TESTING,
    "F": DeviceState.FAULT,
    "D": DeviceState.UPDATING,
}


def test_the_table_has_every_event_and_state() -> None:
    assert set(TABLE) == {*Operation, *Happening}
    assert states.COLUMNS == BY_LETTER
    for cells in TABLE.values():
        assert set(cells) == set(DeviceState)


@pytest.mark.parametrize(
    ("event", "state", "targets"),
    [
        (Operation.START, DeviceState.ARMED, "SC"),
        (Operation.RESUME, DeviceState.PAUSED, "SRC"),
        (Operation.REPOSITIONED, DeviceState.REPOSITIONING, "SC"),
        (Operation.STOP, DeviceState.STIMULATING, "PC"),
        (Happening.BUTTON, DeviceState.PAUSED, "SRC"),
        (Happening.UPDATE_END, DeviceState.UPDATING, "UI"),
        (Happening.STRAY_PULSE, DeviceState.UPDATING, "F"),
        (Operation.HELLO, DeviceState.FAULT, ""),
    ],
)
def test_what_is_taken_leads_where_the_cell_says(
    event: states.Event, state: DeviceState, targets: str
) -> None:
    cell = TABLE[event][state]
    assert cell.choice is Choice.TAKEN
    assert cell.targets == {BY_LETTER[letter] for letter in targets}
    assert cell.refusal == ""


@pytest.mark.parametrize(
    ("event", "state", "words"),
    [
        (Operation.START, DeviceState.IDLE, "not_armed"),
        (Operation.RESUME, DeviceState.ARMED, "not_paused"),
        (Operation.ARM, DeviceState.UPDATING, "not_idle"),
        (Operation.TITRATE, DeviceState.PAUSED, "not_stimulating"),
        (Operation.REPOSITIONED, DeviceState.PAUSED, "not_repositioning"),
    ],
)
def test_what_is_refused_is_refused_by_its_rows_code(
    event: states.Event, state: DeviceState, words: str
) -> None:
    cell = TABLE[event][state]
    assert (cell.choice, cell.refusal) == (Choice.REFUSED, words)
    assert cell.targets == frozenset()


@pytest.mark.parametrize(
    ("event", "state"),
    [
        (Operation.STOP, DeviceState.IDLE),
        (Operation.PAUSE, DeviceState.PAUSED),
        (Happening.MOVED, DeviceState.PAUSED),
    ],
)
def test_what_means_nothing_there_is_no_refusal(event: states.Event, state: DeviceState) -> None:
    assert TABLE[event][state] == states.Cell(Choice.NOTHING)
