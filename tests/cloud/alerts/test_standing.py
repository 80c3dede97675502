"""Rules over how things stand: each tells from its edge on, and not a moment before."""

from dataclasses import replace

import pytest

from cloud.alerts.facts import CertificateFact, CheckinFact, CourseFact, HoldFact, Standing
from cloud.alerts.findings import Finding
from cloud.alerts.rules.certificate import certificate
from cloud.alerts.rules.standing import FAMILIES, of_standing
from cloud.alerts.thresholds import LIMITS, WORDS, Thresholds
from tests.cloud.worlds import START_MS
from tests.shared.clinic import itbs

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
START_S = START_MS // 1000
BASE = itbs()
PLAN = replace(
    BASE,
    threshold=replace(BASE.threshold, warn_s=START_S + 20 * 86_400, lock_s=START_S + 30 * 86_400),
    not_after_s=START_S + 60 * 86_400,
    clearance_limit_s=7 * 86_400,
)
COURSE = CourseFact(missed=0, left=20, done_ms=None)
WELL = Standing(START_MS, PLAN, START_MS, START_MS, None, COURSE)


def found(standing: Standing, thresholds: Thresholds | None = None) -> list[tuple[str, str, int]]:
    return [
        (each.cause.key.partition("/")[0], each.cause.urgency, each.cause.value or 0)
        for each in of_standing(standing, thresholds or Thresholds())
    ]


def left(sessions: int, done_ms: int | None = None) -> CourseFact:
    return CourseFact(0, sessions, done_ms)


def waiting(minutes: int) -> tuple[HoldFact, ...]:
    return (HoldFact(bytes(16), START_MS - minutes * 60_000, None),)


def answered(days_ago: int, *others: int) -> tuple[CheckinFact, ...]:
    """Weekly check-ins, each answered so many days ago."""
    return tuple(CheckinFact("PHQ-9", 7, START_MS - days * DAY_MS) for days in (days_ago, *others))


@pytest.mark.parametrize(
    ("standing", "told"),
    [
        (WELL, []),
        (replace(WELL, checkins=answered(10)), []),
        (replace(WELL, checkins=answered(11)), [("unanswered", "today", 1)]),
        (replace(WELL, checkins=answered(1, 14)), [("unanswered", "today", 1)]),
        (replace(WELL, checkins=answered(15)), [("unanswered", "today", 2)]),
        (replace(WELL, checkins=answered(15), course=left(0)), []),
        (Standing(START_MS), []),
        (replace(WELL, heard_ms=START_MS - 3 * DAY_MS + 1), []),
        (replace(WELL, heard_ms=START_MS - 3 * DAY_MS), [("silent", "today", 1)]),
        (replace(WELL, heard_ms=START_MS - 5 * DAY_MS), [("silent", "today", 1)]),
        (replace(WELL, heard_ms=START_MS - 6 * DAY_MS), [("silent", "today", 2)]),
        (replace(WELL, course=left(0), heard_ms=START_MS - 9 * DAY_MS), []),
        (replace(WELL, cleared_ms=START_MS - 6 * DAY_MS + 1), []),
        (replace(WELL, cleared_ms=START_MS - 6 * DAY_MS), [("clearance", "today", 1)]),
        (replace(WELL, cleared_ms=START_MS - 7 * DAY_MS), [("clearance", "today", 2)]),
        (replace(WELL, clearance_key_ends_ms=START_MS), [("clearance", "today", 2)]),
        (replace(WELL, course=CourseFact(2, 20, None)), []),
        (replace(WELL, course=CourseFact(3, 20, None)), [("missed", "today", 1)]),
        (replace(WELL, course=CourseFact(5, 20, None)), [("missed", "today", 1)]),
        (replace(WELL, course=CourseFact(6, 20, None)), [("missed", "today", 2)]),
        (replace(WELL, course=left(4)), []),
        (replace(WELL, course=left(3)), [("course", "today", 1)]),
        (replace(WELL, course=left(0, START_MS - 14 * DAY_MS + 1)), [("course", "today", 2)]),
        (replace(WELL, course=left(0, START_MS - 14 * DAY_MS)), []),
        (replace(WELL, holds=waiting(59)), []),
        (replace(WELL, holds=waiting(60)), [("hold-waits", "today", 1)]),
        (replace(WELL, holds=waiting(24 * 60)), [("hold-waits", "now", 2)]),
    ],
)
def test_a_rule_tells_from_its_edge_on(
    standing: Standing, told: list[tuple[str, str, int]]
) -> None:
    assert found(standing) == told


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (20, [("threshold", "today", 1)]),
        (30, [("threshold", "today", 2)]),
        (52, [("threshold", "today", 2)]),
        (53, [("threshold", "today", 2), ("prescription", "today", 1)]),
        (60, [("prescription", "today", 2)]),
    ],
)
def test_a_plan_ages_by_the_dates_that_were_signed(
    days: int, told: list[tuple[str, str, int]]
) -> None:
    now_ms = START_MS + days * DAY_MS
    assert found(replace(WELL, now_ms=now_ms, heard_ms=now_ms, cleared_ms=now_ms)) == told


def over(days: int) -> Standing:
    """Return a patient of whom nothing was heard, so many days after the prescription's end."""
    now_ms = (PLAN.not_after_s + days * 86_400) * 1000
    return replace(WELL, now_ms=now_ms, course=CourseFact(9, 11, None))


@pytest.mark.parametrize(
    ("days", "told"), [(0, [("prescription", "today", 2)]), (13, [("prescription", "today", 2)])]
)
def test_a_plan_that_is_over_is_told_by_its_end_alone(
    days: int, told: list[tuple[str, str, int]]
) -> None:
    assert found(over(days)) == told


@pytest.mark.parametrize("days", [14, 365])
def test_two_weeks_after_its_plan_a_patient_is_out_of_treatment(days: int) -> None:
    assert found(over(days)) == []


def test_a_short_clearance_is_told_when_a_quarter_is_left() -> None:
    plan = replace(PLAN, clearance_limit_s=86_400)
    cleared_ms = START_MS - 18 * HOUR_MS
    assert found(replace(WELL, plan=plan, cleared_ms=cleared_ms + 1)) == []
    assert found(replace(WELL, plan=plan, cleared_ms=cleared_ms)) == [("clearance", "today", 1)]


@pytest.mark.parametrize(
    ("hours", "told"),
    [(97, None), (96, ("today", 1)), (25, ("today", 1)), (24, ("now", 2)), (-1, ("now", 2))],
)
def test_a_certificate_that_ends_is_told_before(hours: int, told: tuple[str, int] | None) -> None:
    fact = CertificateFact("clearance", START_MS + hours * HOUR_MS)
    findings: list[Finding] = list(certificate(fact, Thresholds(), now_ms=START_MS))
    assert [(f.cause.urgency, f.cause.value) for f in findings] == ([told] if told else [])


def test_a_clinics_own_threshold_counts() -> None:
    silent = replace(WELL, heard_ms=START_MS - 5 * DAY_MS)
    assert found(silent, Thresholds(silent_days=6)) == []


def test_each_threshold_has_limits_around_its_default_and_words() -> None:
    defaults = vars(Thresholds())
    assert defaults.keys() == LIMITS.keys() == WORDS.keys()
    for name, value in defaults.items():
        assert LIMITS[name][0] <= value <= LIMITS[name][1]


def test_every_finding_here_ends_by_itself() -> None:
    bad = Standing(
        START_MS + 59 * DAY_MS, PLAN, START_MS, START_MS, None, CourseFact(3, 1, None), waiting(99)
    )
    bad = replace(bad, checkins=answered(1))
    assert {key for key, _, _ in found(bad)} | {"certificate"} == FAMILIES
