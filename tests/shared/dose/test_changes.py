"""What follows a prescription in force, and which of it takes effect at once (R14, R17, R24)."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from typing import Any

import pytest

from shared.dose import changes
from shared.dose.changes import Issue
from shared.dose.envelope import violations
from shared.dose.lowering import only_lowers
from shared.dose.prescription import (
    Limits,
    OpeningBalance,
    Phase,
    Prescription,
    PrescriptionKind,
    Replacement,
    Threshold,
    hash_of,
    to_bytes,
)
from shared.trust.statements import Gate
from tests.shared.clinic import DAY_S, NOW_S, itbs

ISSUE = Issue(serial=2, issued_s=NOW_S + DAY_S, install_by_s=NOW_S + 2 * DAY_S)
IN_FORCE = itbs(make_up_within_s=7200, clearance_limit_s=5 * DAY_S, ramp=(90, 100))
PART, THRESHOLD, LIMITS = IN_FORCE.parts[0], IN_FORCE.threshold, IN_FORCE.limits


def amended(**fields: Any) -> Prescription:
    return changes.amend(IN_FORCE, ISSUE, **fields)


def test_an_end_is_the_treatment_once_more_and_names_what_it_ends() -> None:
    end = changes.end(IN_FORCE, ISSUE)
    assert (end.kind, end.serial) == (PrescriptionKind.END, 2)
    assert end.replaces_hash == hash_of(to_bytes(IN_FORCE))
    assert not end.new_course
    assert end.parts == IN_FORCE.parts


def test_a_renewal_moves_the_validity_and_leaves_the_threshold_its_age() -> None:
    later_s = IN_FORCE.not_after_s + 30 * DAY_S
    renewed = changes.renew(IN_FORCE, ISSUE, not_before_s=NOW_S + DAY_S, not_after_s=later_s)
    assert renewed.not_after_s == later_s
    assert renewed.threshold == THRESHOLD
    assert renewed.course_id == IN_FORCE.course_id
    assert violations(renewed, IN_FORCE) == ()


def test_an_amendment_keeps_what_it_does_not_name() -> None:
    signed = replace(IN_FORCE, threshold_step_signed=True, phases=(Phase(30, 5, 14_400),))
    after = changes.amend(signed, ISSUE, still_here_s=60)
    told = {f.name for f in dataclasses.fields(after)} - {
        f.name
        for f in dataclasses.fields(after)
        if getattr(after, f.name) == getattr(signed, f.name)
    }
    assert told == {
        "serial",
        "replaces_hash",
        "new_course",
        "issued_s",
        "install_by_s",
        "still_here_s",
        "threshold_step_signed",
    }


def test_a_titration_replaces_nothing_and_is_inside_the_envelope() -> None:
    measuring = changes.titration(
        IN_FORCE, ISSUE, not_before_s=NOW_S + DAY_S, not_after_s=NOW_S + 2 * DAY_S
    )
    assert measuring.replaces_hash is None
    assert measuring.gates == (Gate.SUPERVISED,)
    assert measuring.pulses_per_session == 100
    assert measuring.limits == Limits(LIMITS.day_window_s, 1, 100, 1, 100, 1, 100, 0)
    assert (measuring.threshold.percent_mso, measuring.threshold.depth_percent) == (100, 100)
    assert (measuring.threshold.measured_s, measuring.threshold.lock_s) == (ISSUE.issued_s,) * 2
    assert violations(measuring, IN_FORCE) == ()


def replaced(**fields: Any) -> Prescription:
    opening = changes.fullest_opening(LIMITS, sessions=10, pulses=6000, completed=9)
    plain = Replacement(IN_FORCE.device_id, IN_FORCE.not_after_s, False, opening)
    threshold = replace(THRESHOLD, device_id=b"n" * 16, percent_mso=70)
    return changes.replace_device(
        IN_FORCE, ISSUE, threshold=threshold, replacement=replace(plain, **fields)
    )


def test_a_replacement_goes_on_with_the_course_on_its_own_device_and_threshold() -> None:
    after = replaced()
    assert after.kind is PrescriptionKind.REPLACEMENT
    assert after.device_id == after.threshold.device_id == b"n" * 16
    assert after.course_id == IN_FORCE.course_id
    assert (after.new_course, after.replaces_hash) == (False, None)
    assert violations(after) == ()


def test_the_fullest_opening_is_a_full_week_on_top_of_what_was_seen() -> None:
    found = changes.fullest_opening(LIMITS, sessions=10, pulses=6000, completed=9)
    assert found == OpeningBalance(600, 1, 3000, 5, 9000, 15, 9)
    at_the_end = changes.fullest_opening(LIMITS, sessions=28, pulses=16_800, completed=28)
    assert (at_the_end.course_sessions, at_the_end.course_pulses) == (30, 18_000)


def test_after_a_replacement_a_treatment_follows_on_the_same_device() -> None:
    following = changes.amend(replaced(), Issue(3, NOW_S + 2 * DAY_S, NOW_S + 3 * DAY_S))
    assert following.kind is PrescriptionKind.TREATMENT
    assert following.replacement is None
    assert only_lowers(replaced(), following)


def limits(**fields: Any) -> Limits:
    return replace(LIMITS, **fields)


def threshold(**fields: Any) -> Threshold:
    return replace(THRESHOLD, **fields)


LOWER: list[dict[str, Any]] = [
    {},
    {"parts": (replace(PART, intensity_percent=119),)},
    {"threshold": threshold(percent_mso=51)},
    {"threshold": threshold(depth_percent=99)},
    {"threshold": threshold(lock_s=THRESHOLD.lock_s - 1, warn_s=THRESHOLD.warn_s - 1)},
    {"limits": limits(pulses_per_week=2999, course_sessions=29, course_pulses=17_999)},
    {"limits": limits(day_window_s=LIMITS.day_window_s + 1)},
    {"limits": limits(min_interval_s=14_401)},
    {"limits": limits(course_days=90)},
    {"gates": (Gate.SCREENING, Gate.ATTENDED)},
    {"beat_limit_ms": 2999, "still_here_s": 119, "clearance_limit_s": DAY_S},
    {"make_up_within_s": None},
    {"make_up_within_s": 7199},
    {"not_before_s": NOW_S + 1, "not_after_s": IN_FORCE.not_after_s - 1},
    {"ramp": (80, 100)},
    {"ramp": (90, 100, 110)},
]
NOT_LOWER: list[dict[str, Any]] = [
    {"kind": PrescriptionKind.TITRATION},
    {"parts": (replace(PART, intensity_percent=121),)},
    {"parts": (replace(PART, trains=19),)},
    {"parts": (replace(PART, interval_ms=9000),)},
    {"parts": (replace(PART, site="right"),)},
    {"parts": (PART, PART)},
    {"threshold": threshold(percent_mso=53)},
    {"threshold": threshold(depth_percent=101)},
    {"threshold": threshold(lock_s=THRESHOLD.lock_s + 1)},
    {"threshold": threshold(warn_s=THRESHOLD.warn_s + 1)},
    {"threshold": threshold(measured_s=THRESHOLD.measured_s + 1)},
    {"threshold": threshold(demo=False)},
    {"second_threshold": THRESHOLD},
    *(
        {"limits": limits(**{name: getattr(LIMITS, name) + 1})}
        for name in (
            "sessions_per_day_window",
            "pulses_per_day_window",
            "sessions_per_week",
            "pulses_per_week",
            "course_sessions",
            "course_pulses",
        )
    ),
    {"limits": limits(day_window_s=LIMITS.day_window_s - 1)},
    {"limits": limits(min_interval_s=14_399)},
    {"gates": ()},
    {"gates": (Gate.ATTENDED,)},
    {"beat_limit_ms": 3001},
    {"still_here_s": 121},
    {"clearance_limit_s": 5 * DAY_S + 1},
    {"button_required": False},
    {"make_up_within_s": 7201},
    {"not_before_s": NOW_S - 1},
    {"not_after_s": IN_FORCE.not_after_s + 1},
    {"ramp": ()},
    {"ramp": (91, 100)},
    {"ramp": (90,)},
    {"phases": (Phase(30, 5, 14_400),)},
    {"new_course": True},
    {"course_id": b"d" * 16},
    {"protocol_id": "mdd-l-dlpfc-10hz"},
    {"coil": "H1"},
    {"initials": "M.S."},
    {"table_exception": "mdd-l-dlpfc-itbs"},
    {"research_reason": "a study"},
    {"envelope_version": 2},
]


@pytest.mark.parametrize("fields", LOWER, ids=str)
def test_what_only_takes_away_takes_effect_at_once(fields: dict[str, Any]) -> None:
    assert only_lowers(IN_FORCE, amended(**fields))


@pytest.mark.parametrize("fields", NOT_LOWER, ids=str)
def test_anything_else_waits_for_an_idle_band(fields: dict[str, Any]) -> None:
    assert not only_lowers(IN_FORCE, amended(**fields))


@pytest.mark.parametrize("fields", [each for each in LOWER if each], ids=str)
def test_taking_back_a_lowering_is_none(fields: dict[str, Any]) -> None:
    lowered = amended(**fields)
    back = {f.name: getattr(IN_FORCE, f.name) for f in dataclasses.fields(IN_FORCE)}
    for name in ("serial", "replaces_hash", "new_course", "issued_s", "install_by_s"):
        del back[name]
    again = changes.amend(lowered, replace(ISSUE, serial=3), **back)
    assert not only_lowers(lowered, again)


def test_a_course_that_ended_by_days_may_end_sooner_not_later_or_never() -> None:
    dated = itbs(limits=limits(course_days=60))
    for days, lowers in ((59, True), (60, True), (61, False), (None, False)):
        assert only_lowers(dated, changes.amend(dated, ISSUE, limits=limits(course_days=days))) is (
            lowers
        )


def test_no_make_up_stays_none() -> None:
    assert not only_lowers(itbs(), changes.amend(itbs(), ISSUE, make_up_within_s=1))


def test_an_end_is_no_base_for_a_lowering() -> None:
    ended = changes.end(IN_FORCE, ISSUE)
    assert not only_lowers(ended, changes.amend(ended, replace(ISSUE, serial=3)))
