"""A threshold that grows old is said from the signed date on, before the band locks by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest

from mobile.presenters.today import today_view
from mobile.presenters.words import Now
from shared.dose.prescription import PrescriptionKind, ThresholdKind
from tests.mobile.presenters.test_today import facts
from tests.shared.clinic import itbs

PLAN = itbs()
WARN_MS, LOCK_MS = PLAN.threshold.warn_s * 1000, PLAN.threshold.lock_s * 1000


def said(at_ms: int, plan: object = PLAN) -> list[str]:
    """What the day's screen says of it at an instant."""
    view = today_view(facts(now=Now(at_ms, UTC), prescription=plan))
    return [row.value for row in view.rows if row.label == "Your threshold"]


@pytest.mark.parametrize(
    ("at_ms", "words"),
    [
        (WARN_MS - 1000, []),
        (WARN_MS, ["To be measured at your clinic by "]),
        (LOCK_MS - 1000, ["To be measured at your clinic by today"]),
        (LOCK_MS, ["Your clinic measures it before the next session"]),
    ],
)
def test_from_the_signed_dates_on_it_is_said(at_ms: int, words: list[str]) -> None:
    found = said(at_ms)
    assert len(found) == len(words)
    assert all(value.startswith(word) for value, word in zip(found, words, strict=True))


def test_the_second_sites_threshold_counts_as_well() -> None:
    old = replace(PLAN.threshold, warn_s=PLAN.threshold.warn_s - 86_400)
    both = replace(PLAN, second_threshold=old)
    assert said(WARN_MS - 86_400_000, both)


def test_a_fixed_output_and_a_treatment_that_ended_have_none_to_measure() -> None:
    fixed = replace(PLAN, threshold=replace(PLAN.threshold, kind=ThresholdKind.NONE))
    assert said(LOCK_MS, fixed) == []
    assert said(LOCK_MS, replace(PLAN, kind=PrescriptionKind.END)) == []
    assert said(LOCK_MS, None) == []
