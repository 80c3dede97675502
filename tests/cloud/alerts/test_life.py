"""A rise is always new; what was acknowledged and stays is a line of the week."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.alerts.life import Known, Step, step

ACKNOWLEDGE = "acknowledge"
Event = int | str
EVENTS = st.lists(st.one_of(st.integers(0, 3), st.just(ACKNOWLEDGE)), max_size=40)


def live(
    events: list[Event], *, ends_by_itself: bool = False
) -> Iterator[tuple[Event, Known | None, Step | None, Known | None]]:
    """Let a cause live through the events; yields each with what stood before and after it."""
    known: Known | None = None
    for event in events:
        before, taken = known, None
        if isinstance(event, str):
            known = known and Known(known.value, is_open=False)
        else:
            taken = step(known, event, ends_by_itself=ends_by_itself)
            if taken is Step.NEW:
                known = Known(event, is_open=True)
            elif known is not None:
                known = Known(event, known.is_open and taken is not Step.ENDS)
        yield event, before, taken, known


@given(EVENTS, st.booleans())
def test_a_value_is_new_exactly_when_it_rose(events: list[Event], ends: bool) -> None:
    last = 0
    for event, _, taken, _ in live(events, ends_by_itself=ends):
        if isinstance(event, int):
            assert (taken is Step.NEW) == (event > last)
            last = event


@given(EVENTS)
def test_what_nobody_acknowledged_stays_open(events: list[Event]) -> None:
    waiting = False
    for event, _, taken, after in live(events):
        waiting = event != ACKNOWLEDGE and (waiting or taken is Step.NEW)
        assert (after is not None and after.is_open) == waiting


@given(EVENTS, st.booleans())
def test_a_line_of_the_week_was_acknowledged_and_did_not_rise(
    events: list[Event], ends: bool
) -> None:
    for event, before, taken, _ in live(events, ends_by_itself=ends):
        if taken is Step.WEEKLY:
            assert before is not None
            assert not before.is_open
            assert before.value is not None
            assert 0 < int(event) <= before.value


@given(EVENTS)
def test_a_state_that_is_over_closes_what_is_open(events: list[Event]) -> None:
    for event, _, _, after in live(events, ends_by_itself=True):
        if event == 0:
            assert after is None or not after.is_open


@pytest.mark.parametrize("is_open", [True, False])
def test_what_happened_once_is_told_once(is_open: bool) -> None:
    assert step(None, None, ends_by_itself=False) is Step.NEW
    assert step(Known(None, is_open), None, ends_by_itself=False) is Step.NOTHING
