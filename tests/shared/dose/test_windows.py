"""R8: windows against an oracle that keeps the whole history; never more, at most ten minutes."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.dose.lock import decide
from shared.dose.reasons import ReasonCode
from shared.dose.totals import BUCKET_MS, CEILING_WEEK_MS, Amount, Windows
from tests.shared.clinic import itbs
from tests.shared.dose.cases import NOW_MS, at, case, ledger

DAY_MS = itbs().limits.day_window_s * 1000
LIMIT = Amount(600, 1)
MINUTE_MS = 60_000

charges = st.lists(
    st.tuples(
        st.integers(0, 11 * MINUTE_MS) | st.integers(0, 30 * 60 * MINUTE_MS),
        st.integers(0, 600),
        st.integers(0, 1),
    ),
    max_size=30,
)
window_lengths = st.sampled_from([18 * 60, 20 * 60, 24 * 60, 164 * 60, 168 * 60]).map(
    lambda minutes: minutes * MINUTE_MS
)


def history_of(steps: list[tuple[int, int, int]]) -> list[tuple[int, Amount]]:
    """Charges (gap before it, pulses, sessions) as instants and amounts."""
    instants = itertools.accumulate(gap for gap, _, _ in steps)
    return [(when, Amount(p, s)) for when, (_, p, s) in zip(instants, steps, strict=True)]


def windows_of(history: list[tuple[int, Amount]]) -> Windows:
    windows = Windows()
    for when, amount in history:
        windows = windows.charge(when, amount)
    return windows


def truly_within(history: list[tuple[int, Amount]], window_ms: int, now_ms: int) -> Amount:
    inside = [amount for when, amount in history if when + window_ms > now_ms]
    return Amount(sum(a.pulses for a in inside), sum(a.sessions for a in inside))


def truly_fits_from(
    history: list[tuple[int, Amount]], window_ms: int, now_ms: int, wanted: Amount, limit: Amount
) -> int | None:
    for instant in sorted({now_ms, *(when + window_ms for when, _ in history)}):
        there = truly_within(history, window_ms, instant)
        fits = (
            there.pulses + wanted.pulses <= limit.pulses
            and there.sessions + wanted.sessions <= limit.sessions
        )
        if instant >= now_ms and fits:
            return instant
    return None


edges = st.integers(-2, 2) | st.integers(BUCKET_MS - 2, BUCKET_MS + 2)


@given(charges, window_lengths, st.integers(0, 29), edges)
def test_a_window_never_forgets_a_charge_and_keeps_none_ten_minutes_too_long(
    steps: list[tuple[int, int, int]], window_ms: int, which: int, after_ms: int
) -> None:
    """Looked at near the instant at which one of the charges ages out."""
    history = history_of(steps)
    newest_ms = history[-1][0] if history else 0
    aged_ms = history[which % len(history)][0] + window_ms if history else 0
    now_ms = max(newest_ms, aged_ms + after_ms)
    kept = windows_of(history).within(window_ms, now_ms)
    least = truly_within(history, window_ms, now_ms)
    most = truly_within(history, window_ms + BUCKET_MS, now_ms)
    assert least.pulses <= kept.pulses <= most.pulses
    assert least.sessions <= kept.sessions <= most.sessions


@given(charges, window_lengths, st.integers(1, 600), st.integers(600, 6000), st.integers(1, 6))
def test_the_instant_named_is_never_early_and_at_most_ten_minutes_late(
    steps: list[tuple[int, int, int]], window_ms: int, pulses: int, most: int, sessions: int
) -> None:
    history = history_of(steps)
    now_ms = history[-1][0] if history else 0
    wanted, limit = Amount(pulses, 1), Amount(most, sessions)
    windows = windows_of(history)
    named = windows.fits_from(window_ms, now_ms, wanted, limit)
    true = truly_fits_from(history, window_ms, now_ms, wanted, limit)
    assert named is not None
    assert true is not None
    assert true <= named <= true + BUCKET_MS
    before = windows.fits_from(window_ms, max(now_ms, named - 1), wanted, limit)
    assert before == (named if named > now_ms else now_ms)
    assert windows.fits_from(window_ms, named, wanted, limit) == named


@given(charges)
def test_memory_does_not_grow_with_the_history(steps: list[tuple[int, int, int]]) -> None:
    assert len(windows_of(history_of(steps)).buckets) <= CEILING_WEEK_MS // BUCKET_MS + 1


@pytest.mark.long
def test_a_long_course_takes_no_more_memory_than_a_week() -> None:
    windows = Windows()
    for minute in range(0, 60 * 24 * 30, 5):
        windows = windows.charge(minute * MINUTE_MS, Amount(1, 0))
    assert len(windows.buckets) <= CEILING_WEEK_MS // BUCKET_MS + 1


def test_charges_close_together_never_chain_into_one_bucket_without_end() -> None:
    windows = windows_of([(minute * 9 * MINUTE_MS, Amount(10, 0)) for minute in range(20)])
    assert all(bucket.last_ms - bucket.first_ms < BUCKET_MS for bucket in windows.buckets)


def test_what_can_never_fit_is_never_promised() -> None:
    assert Windows().fits_from(DAY_MS, 0, Amount(601, 1), LIMIT) is None


@pytest.mark.parametrize("spread_ms", [0, 1, 200_000, BUCKET_MS - 1])
def test_locked_at_the_length_minus_1_ms_and_open_at_the_instant_named(spread_ms: int) -> None:
    windows = Windows().charge(NOW_MS - spread_ms, Amount(300, 1)).charge(NOW_MS, Amount(300, 0))
    locked = case(ledger=ledger(windows=windows), prescription=itbs(gates=()))
    end_ms = decide(locked).opens_proven_ms
    assert end_ms == NOW_MS + DAY_MS
    assert not decide(at(locked, NOW_MS - spread_ms + DAY_MS - 1)).permitted
    assert not decide(at(locked, end_ms - 1)).permitted
    assert decide(at(locked, end_ms)).permitted
    assert end_ms - (NOW_MS - spread_ms + DAY_MS) <= BUCKET_MS


TIME_REASONS = {
    ReasonCode.DAY_WINDOW,
    ReasonCode.WEEK_WINDOW,
    ReasonCode.CEILING_24H,
    ReasonCode.CEILING_168H,
    ReasonCode.SESSION_INTERVAL,
    ReasonCode.SCREENING_POSTPONED,
}


@given(charges, st.none() | st.integers(0, 5 * 60), st.none() | st.integers(0, 48 * 60))
def test_the_verdict_is_truthful_about_when_it_opens(
    steps: list[tuple[int, int, int]], last_minutes: int | None, postponed_minutes: int | None
) -> None:
    history = history_of(steps)
    now_ms = history[-1][0] if history else 0
    past = ledger(
        windows=windows_of(history),
        last_pulse_ms=None if last_minutes is None else now_ms - last_minutes * MINUTE_MS,
        postponed_until_ms=(
            None if postponed_minutes is None else now_ms + postponed_minutes * MINUTE_MS
        ),
    )
    asked = at(case(ledger=past, prescription=itbs(gates=())), now_ms)
    verdict = decide(asked)
    assert {reason.code for reason in verdict.reasons} <= TIME_REASONS
    opens_ms = verdict.opens_proven_ms
    assert opens_ms is not None
    assert decide(at(asked, max(now_ms, opens_ms))).permitted
    if not verdict.permitted:
        assert opens_ms > now_ms
        assert not decide(at(asked, opens_ms - 1)).permitted


@pytest.mark.parametrize("apart_ms", [589_999, 590_000, 599_999])
def test_a_slice_that_ends_late_keeps_no_earlier_charge_longer_than_ten_minutes(
    apart_ms: int,
) -> None:
    windows = Windows().charge(0, Amount(1, 0)).charge(apart_ms, Amount(1, 0))
    windows = windows.release(Amount(0, 0), last_ms=apart_ms + 10_000)
    assert windows.within(DAY_MS, DAY_MS + BUCKET_MS).pulses <= 1
    assert windows.within(DAY_MS, DAY_MS + apart_ms + 9_999).pulses >= 1


def test_a_release_gives_back_once_and_ages_from_the_last_pulse() -> None:
    windows = Windows().charge(1000, Amount(30, 1)).release(Amount(20, 0), last_ms=2840)
    assert windows.within(DAY_MS, 2840 + DAY_MS - 1) == Amount(10, 1)
    assert windows.within(DAY_MS, 2840 + DAY_MS) == Amount(0, 0)
    assert Windows().release(Amount(1, 1)) == Windows()
