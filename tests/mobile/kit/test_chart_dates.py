"""The dates below a chart never run into each other, however large the text."""

from __future__ import annotations

from mobile.kit.chart import kept_apart


def test_all_stand_there_where_they_have_room() -> None:
    assert kept_apart([(0, 50), (100, 150), (200, 250)], 10) == [0, 1, 2]


def test_the_first_and_the_last_come_before_those_between_them() -> None:
    assert kept_apart([(0, 90), (60, 150), (120, 210), (180, 270)], 10) == [0, 3]


def test_one_between_them_stays_if_it_keeps_its_distance() -> None:
    assert kept_apart([(0, 60), (50, 110), (100, 160), (175, 235)], 10) == [0, 2, 3]


def test_of_two_that_touch_the_first_stays() -> None:
    assert kept_apart([(0, 90), (95, 185)], 10) == [0]
    assert kept_apart([], 10) == []
