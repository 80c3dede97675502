"""Any pattern's schedule: formula, expansion and slices agree, and nothing drifts (R1, R4)."""

from __future__ import annotations

import itertools
import time
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.stimulation import schedule
from shared.stimulation.catalogue import catalogue
from shared.stimulation.pattern import Pattern, PatternKind
from shared.stimulation.schedule import (
    SLICE_PULSES_MAX,
    SLICE_US_MAX,
    Place,
    SessionPlan,
    TrainPlan,
    slices_of_train,
)

SECOND_MHZ = 1_000_000_000
THIRDS = Pattern(PatternKind.REPETITIVE, 3333, 1, 0, 3000)
ODD_BURSTS = Pattern(PatternKind.THETA_BURST, 4999, 3, 50_021, 1000)


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    """Any pattern that doesn't overlap itself; rates are of no whole number of hertz."""
    kind = draw(st.sampled_from(PatternKind))
    if kind is PatternKind.SINGLE:
        return Pattern(kind, draw(st.integers(1, 100_000)), 1, 0, 1)
    if kind is PatternKind.REPETITIVE:
        return Pattern(kind, draw(st.integers(1, 100_000)), 1, 0, draw(st.integers(1, 3000)))
    burst = draw(st.integers(2, 10))
    intra = draw(st.integers(100, 100_000))
    rate = draw(st.integers(1, max(1, intra // (2 * burst))))
    return Pattern(kind, rate, burst, intra, draw(st.integers(1, 3000 // burst)))


@st.composite
def plans(draw: st.DrawFn) -> TrainPlan:
    """A plan of at most 3,000 pulses."""
    pattern = draw(patterns())
    most = max(1, 3000 // pattern.pulses_per_train)
    trains = draw(st.integers(1, min(600, most)))
    return TrainPlan(pattern, trains, draw(st.integers(0, 600_000_000)))


def exact_us(pattern: Pattern, index: int) -> Fraction:
    """When a pulse of a train falls, by the definition of its two rates."""
    burst, within = divmod(index, pattern.pulses_per_burst)
    inside = Fraction(within * SECOND_MHZ, pattern.intra_burst_mhz) if within else Fraction(0)
    return Fraction(burst * SECOND_MHZ, pattern.rate_mhz) + inside


@given(plans())
@example(TrainPlan(THIRDS, 1, 0))
@example(TrainPlan(ODD_BURSTS, 1, 0))
def test_the_formula_counts_what_the_expansion_gives(plan: TrainPlan) -> None:
    times = list(schedule.pulses(plan))
    assert len(times) == plan.pulses
    assert all(earlier < later for earlier, later in itertools.pairwise(times))
    assert times[0] == 0
    assert plan.train_begin_us(plan.trains) <= times[-1] < plan.duration_us
    whole_trains_us = plan.trains * plan.pattern.train_us
    assert plan.duration_us == whole_trains_us + (plan.trains - 1) * plan.interval_us


@given(plans())
@example(TrainPlan(THIRDS, 1, 0))
@example(TrainPlan(ODD_BURSTS, 1, 0))
def test_no_pulse_is_a_microsecond_off_however_many_went_before(plan: TrainPlan) -> None:
    per_train = plan.pattern.pulses_per_train
    for number, at_us in enumerate(schedule.pulses(plan)):
        train, index = divmod(number, per_train)
        off_us = plan.train_begin_us(train + 1) + exact_us(plan.pattern, index) - at_us
        assert 0 <= off_us < 1


@given(plans())
def test_a_train_lasts_its_last_period_as_well_and_never_less(plan: TrainPlan) -> None:
    """The next train never begins closer than the interval (R4)."""
    pattern = plan.pattern
    exact = Fraction(pattern.bursts_per_train * SECOND_MHZ, pattern.rate_mhz)
    assert 0 <= pattern.train_us - exact < 1
    if plan.trains > 1:
        assert plan.train_begin_us(2) - exact >= plan.interval_us


@given(patterns(), st.data())
def test_slices_cover_each_pulse_once_within_both_limits(
    pattern: Pattern, data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, pattern.pulses_per_train - 1))
    first -= first % pattern.pulses_per_burst
    following = first
    for piece in slices_of_train(pattern, 7, first=first):
        assert (piece.train, piece.first) == (7, following)
        following += piece.count
        assert piece.count % pattern.pulses_per_burst == 0
        assert piece.count <= SLICE_PULSES_MAX
        one_burst = piece.count == pattern.pulses_per_burst
        lasts_us = exact_us(pattern, following) - exact_us(pattern, piece.first)
        assert one_burst or lasts_us <= SLICE_US_MAX
    assert following == pattern.pulses_per_train


@given(patterns())
def test_slices_are_numbered_and_as_large_as_may_be(pattern: Pattern) -> None:
    pieces = list(slices_of_train(pattern, 1))
    assert [piece.number for piece in pieces] == list(range(1, len(pieces) + 1))
    larger = schedule.slice_pulses(pattern) + pattern.pulses_per_burst
    lasts_us = Fraction(larger // pattern.pulses_per_burst * SECOND_MHZ, pattern.rate_mhz)
    assert larger > SLICE_PULSES_MAX or lasts_us > SLICE_US_MAX


@given(st.lists(plans(), min_size=1, max_size=2).map(lambda each: SessionPlan(tuple(each))))
def test_trains_are_numbered_through_over_both_parts(plan: SessionPlan) -> None:
    places = [plan.place(train) for train in range(1, plan.trains + 1)]
    wanted = [
        Place(index, train)
        for index, part in enumerate(plan.parts)
        for train in range(1, part.trains + 1)
    ]
    assert places == wanted
    left = 0
    for train in range(plan.trains, 0, -1):
        left += plan.parts[places[train - 1].part].pattern.pulses_per_train
        assert plan.pulses_from(train) == left
    assert left == plan.pulses
    assert plan.pulses_from(plan.trains + 1) == 0


def test_a_train_beyond_the_last_has_no_place() -> None:
    with pytest.raises(IndexError, match="train 2: the session has 1"):
        SessionPlan((TrainPlan(THIRDS, 1, 0),)).place(2)


def test_the_bilateral_session_is_one_train_right_then_twenty_left() -> None:
    parts = catalogue().entry("mdd-bilateral-tbs").parts
    plan = SessionPlan(tuple(part.plan for part in parts))
    assert (plan.trains, plan.pulses, plan.duration_us) == (21, 1200, 232_000_000)
    assert plan.place(1) == Place(0, 1)
    assert plan.place(2) == Place(1, 1)
    assert plan.pulses_from(2) == 600


def test_three_thousand_pulses_expand_in_less_than_five_milliseconds() -> None:
    plan = catalogue().entry("mdd-l-dlpfc-10hz").parts[0].plan

    def expand_s() -> float:
        began = time.perf_counter()
        assert sum(1 for _ in schedule.pulses(plan)) == 3000
        return time.perf_counter() - began

    assert min(expand_s() for _ in range(20)) < 0.005


@pytest.mark.parametrize("plan", [TrainPlan(THIRDS, 600, 600_000_000)])
def test_a_schedule_is_lazy(plan: TrainPlan) -> None:
    """1.8 million pulses are planned, three are made."""
    assert list(itertools.islice(schedule.pulses(plan), 3)) == [0, 300_030, 600_060]
