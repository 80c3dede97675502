"""The running totals, charge by charge: what a bucket takes in, gives back, and lets go."""

from __future__ import annotations

import pytest

from shared.dose.totals import BUCKET_MS, CEILING_WEEK_MS, WEEK_MS, Amount, Bucket, Windows
from tests.shared.clinic import itbs

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
NONE = Amount(0, 0)


def test_a_bucket_takes_charges_in_until_590_seconds_after_its_first() -> None:
    first = Windows().charge(1000, Amount(30, 1))
    assert first.buckets == (Bucket(1000, 1000, 30, 1),)
    assert first.charge(590_999, Amount(5, 1)).buckets == (Bucket(1000, 590_999, 35, 2),)
    assert first.charge(591_000, Amount(5, 1)).buckets == (
        Bucket(1000, 1000, 30, 1),
        Bucket(591_000, 591_000, 5, 1),
    )
    assert BUCKET_MS == 600_000


def test_a_charge_never_ages_a_bucket_backwards() -> None:
    released = Windows().charge(1000, Amount(30, 1)).release(NONE, last_ms=9000)
    assert released.charge(5000, Amount(1, 0)).buckets == (Bucket(1000, 9000, 31, 1),)
    later = released.charge(591_000, Amount(1, 0))
    assert later.buckets[-1] == Bucket(591_000, 591_000, 1, 0)


def test_a_new_bucket_is_no_younger_than_the_one_before_it() -> None:
    long = Windows().charge(0, Amount(1, 0)).release(NONE, last_ms=700_000)
    assert long.charge(600_000, Amount(1, 0)).buckets[-1] == Bucket(600_000, 700_000, 1, 0)


def test_a_bucket_is_kept_for_168_hours_to_the_millisecond() -> None:
    old = Windows().charge(0, Amount(30, 1))
    assert len(old.charge(CEILING_WEEK_MS - 1, NONE).buckets) == 2
    assert len(old.charge(CEILING_WEEK_MS, NONE).buckets) == 1
    assert CEILING_WEEK_MS == 168 * HOUR_MS
    assert WEEK_MS == 164 * HOUR_MS


def test_a_release_takes_from_the_newest_bucket_and_never_below_nothing() -> None:
    two = Windows().charge(0, Amount(30, 1)).charge(HOUR_MS, Amount(20, 1))
    assert two.release(Amount(5, 1), last_ms=HOUR_MS + 7).buckets == (
        Bucket(0, 0, 30, 1),
        Bucket(HOUR_MS, HOUR_MS + 7, 15, 0),
    )
    assert two.release(Amount(21, 2)).buckets[-1] == Bucket(HOUR_MS, HOUR_MS, 0, 0)
    assert two.release(NONE).buckets == two.buckets
    assert Windows().release(Amount(1, 1), last_ms=5).buckets == ()


def test_a_window_holds_what_ended_within_it_to_the_millisecond() -> None:
    two = Windows().charge(0, Amount(30, 1)).charge(HOUR_MS, Amount(20, 1))
    assert two.within(DAY_MS, DAY_MS - 1) == Amount(50, 2)
    assert two.within(DAY_MS, DAY_MS) == Amount(20, 1)
    assert two.within(DAY_MS, DAY_MS + HOUR_MS) == NONE
    assert Windows().within(DAY_MS, 0) == NONE


@pytest.mark.parametrize(
    ("wanted", "limit", "fits_ms"),
    [
        (Amount(10, 1), Amount(60, 3), 2 * HOUR_MS),
        (Amount(11, 1), Amount(60, 3), DAY_MS),
        (Amount(10, 2), Amount(60, 3), DAY_MS),
        (Amount(41, 1), Amount(60, 3), DAY_MS + HOUR_MS),
        (Amount(10, 3), Amount(60, 3), DAY_MS + HOUR_MS),
        (Amount(60, 3), Amount(60, 3), DAY_MS + HOUR_MS),
        (Amount(61, 1), Amount(60, 3), None),
        (Amount(1, 4), Amount(60, 3), None),
    ],
)
def test_it_fits_as_soon_as_enough_has_aged_out(
    wanted: Amount, limit: Amount, fits_ms: int | None
) -> None:
    two = Windows().charge(0, Amount(30, 1)).charge(HOUR_MS, Amount(20, 1))
    assert two.fits_from(DAY_MS, 2 * HOUR_MS, wanted, limit) == fits_ms


def test_another_devices_week_is_charged_as_of_18_hours_ago_and_its_day_as_of_now() -> None:
    now_ms = 40 * HOUR_MS
    opened = Windows().opened_with(now_ms, Amount(600, 1), Amount(3000, 5))
    assert opened.buckets == (
        Bucket(22 * HOUR_MS, 22 * HOUR_MS, 2400, 4),
        Bucket(now_ms, now_ms, 600, 1),
    )
    own = Windows().charge(22 * HOUR_MS, Amount(5, 0))
    assert own.opened_with(now_ms, Amount(600, 1), Amount(3000, 5)).buckets == (
        Bucket(22 * HOUR_MS, 22 * HOUR_MS, 2405, 4),
        Bucket(now_ms, now_ms, 600, 1),
    )


def test_where_this_device_gave_something_since_the_whole_week_is_as_of_now() -> None:
    own = Windows().charge(22 * HOUR_MS + 1, Amount(5, 0))
    opened = own.opened_with(40 * HOUR_MS, Amount(600, 1), Amount(3000, 5))
    assert opened.buckets == (
        Bucket(22 * HOUR_MS + 1, 22 * HOUR_MS + 1, 5, 0),
        Bucket(40 * HOUR_MS, 40 * HOUR_MS, 3000, 5),
    )


def test_a_session_a_day_fits_at_the_day_windows_end() -> None:
    day_ms = itbs().limits.day_window_s * 1000
    given = Windows().charge(0, Amount(600, 1))
    assert given.fits_from(day_ms, 1, Amount(600, 1), Amount(600, 1)) == day_ms
