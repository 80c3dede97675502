"""Adherence against response: intervals as published, a planted relation found, none invented."""

import pytest

from cloud.response.relation import MIN_GROUP, difference, relation, wilson
from cloud.response.words import finding, group_name
from tests.cloud.response.cohorts import outcomes


def test_wilsons_interval_is_the_published_one() -> None:
    """Newcombe 1998, Stat Med 17:857, table I: 81 of 263, and 0 of 20."""
    many, none = wilson(81, 263), wilson(0, 20)
    assert (round(many.low, 4), round(many.high, 4)) == (0.2553, 0.3662)
    assert (round(none.low, 4), round(none.high, 4)) == (0.0, 0.1611)


def test_a_planted_relation_is_found() -> None:
    found = relation(outcomes(300, seed=1, related=True))
    assert found is not None
    assert found.difference is not None
    assert found.difference.low > 0.3
    assert found.difference.high < 0.7
    assert "more frequent" in finding(found)
    assert "chance" not in finding(found)


def test_no_relation_is_called_one_about_as_rarely_as_the_interval_says() -> None:
    """Of 20 cohorts without any, one in twenty is expected; four or more in 2 % of such tests."""
    found = [relation(outcomes(100, seed=seed, related=False)) for seed in range(20)]
    told = [finding(each) for each in found if each is not None]
    assert len(told) == 20
    assert sum("That may be chance" not in each for each in told) <= 3


def test_a_small_cohort_says_nothing_and_a_small_side_is_not_compared() -> None:
    cohort = outcomes(40, seed=1, related=True)
    assert relation(cohort[:19]) is None
    few = [each for each in cohort if each.missed == 0] + [
        each for each in cohort if each.missed > 3
    ]
    found = relation(few)
    assert found is not None
    assert found.difference is None
    assert "too few on one side" in finding(found)


def test_groups_hold_everybody_and_none_is_small() -> None:
    cohort = outcomes(200, seed=3, related=True) + outcomes(3, seed=4, related=True)
    found = relation(cohort)
    assert found is not None
    assert sum(each.patients for each in found.groups) == len(cohort)
    assert sum(each.responders for each in found.groups) == found.responders
    assert min(each.patients for each in found.groups) >= MIN_GROUP
    assert group_name(found.groups[-1]) == "100 %"


@pytest.mark.parametrize("seed", [1, 2])
def test_the_bootstrap_says_the_same_each_time(seed: int) -> None:
    high = [each.later < 10 for each in outcomes(50, seed=seed, related=True)]
    assert difference(high, high[:20]) == difference(high, high[:20])
