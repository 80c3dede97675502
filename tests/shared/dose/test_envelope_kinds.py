"""The envelope of titrations and replacements, and of courses with phases (R9, R14, R24)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.dose import changes
from shared.dose.changes import Issue
from shared.dose.envelope import violations
from shared.dose.prescription import Phase, Prescription, PrescriptionKind, Replacement
from shared.stimulation.pattern import Pattern, PatternKind
from shared.trust.statements import Gate
from tests.shared.clinic import DAY_S, NOW_S, itbs
from tests.shared.prescribed import prescribed

TITRATION = changes.titration(
    itbs(), Issue(2, NOW_S, NOW_S + DAY_S), not_before_s=NOW_S, not_after_s=NOW_S + DAY_S
)
OPENING = changes.fullest_opening(itbs().limits, sessions=10, pulses=6000, completed=9)
GIVEN = Replacement(b"the old device 1", NOW_S, False, OPENING)
REPLACEMENT = itbs(kind=PrescriptionKind.REPLACEMENT, new_course=False, replacement=GIVEN)
PAIN = "pain-m1-10hz"


def fields_of(prescription: Prescription) -> set[str]:
    return {violation.field for violation in violations(prescription)}


def measuring(**part: Any) -> Prescription:
    return replace(TITRATION, parts=(replace(TITRATION.parts[0], **part),))


def opened(**fields: Any) -> Prescription:
    opening = replace(OPENING, **fields)
    return replace(REPLACEMENT, replacement=replace(GIVEN, opening=opening))


def test_a_titration_is_exempt_from_output_and_threshold() -> None:
    assert violations(TITRATION) == ()
    assert violations(measuring(intensity_percent=200)) == ()
    assert violations(measuring(trains=1, interval_ms=0)) == ()
    old = replace(TITRATION.threshold, measured_s=0, warn_s=0, lock_s=0, percent_mso=1)
    assert violations(replace(TITRATION, threshold=old), itbs()) == ()


@pytest.mark.parametrize(
    ("field", "broken"),
    [
        ("gates", replace(TITRATION, gates=(Gate.SCREENING, Gate.ATTENDED))),
        ("pulses_per_session", measuring(trains=101)),
        ("pulses_per_session", replace(TITRATION, parts=TITRATION.parts * 2)),
        ("parts[1].interval_ms", measuring(interval_ms=3999)),
        ("parts[1].pattern", measuring(pattern=itbs().parts[0].pattern, trains=3)),
        ("parts[1].pattern", measuring(pattern=Pattern(PatternKind.SINGLE, 1000, 1, 0, 2))),
        ("parts[1].pattern", measuring(pattern=Pattern(PatternKind.REPETITIVE, 1000, 1, 0, 1))),
        ("replaces_hash", replace(TITRATION, replaces_hash=bytes(32))),
        ("new_course", replace(TITRATION, new_course=True)),
        ("replacement", replace(TITRATION, replacement=GIVEN)),
        ("threshold.coil", replace(TITRATION, threshold=replace(TITRATION.threshold, coil="H1"))),
        (
            "threshold.device_id",
            replace(TITRATION, threshold=replace(TITRATION.threshold, device_id=bytes(16))),
        ),
        ("coil", replace(TITRATION, coil="H1")),
        ("protocol_id", replace(TITRATION, protocol_id="own-idea")),
        ("clearance_limit_s", replace(TITRATION, clearance_limit_s=15 * DAY_S)),
        ("beat_limit_ms", replace(TITRATION, beat_limit_ms=5001)),
        ("not_after_s", replace(TITRATION, not_after_s=NOW_S + 91 * DAY_S)),
        ("envelope_version", replace(TITRATION, envelope_version=2)),
    ],
)
def test_a_titration_is_bounded_by_limits_of_its_own(field: str, broken: Prescription) -> None:
    assert field in fields_of(broken)


def test_a_replacement_without_a_last_word_counts_the_most_that_was_possible() -> None:
    assert violations(REPLACEMENT) == ()
    for name in ("day_pulses", "day_sessions", "week_pulses", "week_sessions"):
        less = opened(**{name: getattr(OPENING, name) - 1})
        assert fields_of(less) == {f"replacement.opening.{name}"}


def test_a_replacement_with_a_last_word_counts_what_was_given() -> None:
    less = replace(OPENING, day_pulses=0, week_pulses=0)
    given = replace(GIVEN, opening=less, final_head_hash=bytes(32))
    assert violations(replace(REPLACEMENT, replacement=given)) == ()


def test_in_the_clinics_hands_it_still_counts_the_most_without_a_last_word() -> None:
    less = replace(OPENING, day_pulses=0)
    given = replace(GIVEN, opening=less, in_clinics_hands=True)
    broken = fields_of(replace(REPLACEMENT, replacement=given))
    assert broken == {"replacement.opening.day_pulses"}


def test_a_device_does_not_replace_itself() -> None:
    given = replace(GIVEN, old_device_id=REPLACEMENT.device_id)
    itself = replace(REPLACEMENT, replacement=given)
    assert fields_of(itself) == {"replacement.old_device_id"}


def test_no_more_sessions_were_completed_than_begun() -> None:
    broken = opened(course_completed=OPENING.course_sessions + 1)
    assert fields_of(broken) == {"replacement.opening.course_completed"}


def test_a_plain_treatment_states_no_replacement() -> None:
    assert fields_of(itbs(replacement=GIVEN)) == {"replacement"}


def phased(*phases: tuple[int, int, int], sessions: int = 14) -> Prescription:
    plain = prescribed(PAIN)
    limits = replace(plain.limits, course_sessions=sessions)
    return replace(plain, limits=limits, phases=tuple(Phase(*each) for each in phases))


DAILY, WEEKLY = (5, 5, 14_400), (3, 1, 6 * DAY_S)
TWO_WEEKLY, MONTHLY = (3, 1, 13 * DAY_S), (3, 1, 27 * DAY_S)


@pytest.mark.parametrize(
    "kept",
    [
        phased(),
        phased(DAILY, WEEKLY, TWO_WEEKLY, MONTHLY),
        phased(DAILY, WEEKLY, sessions=8),
        phased((4, 5, 14_400), (10, 1, 27 * DAY_S)),
        phased((5, 3, 20 * 3600), WEEKLY, (6, 1, 27 * DAY_S)),
    ],
)
def test_phases_no_looser_than_the_protocols_are_inside(kept: Prescription) -> None:
    assert violations(kept) == ()


@pytest.mark.parametrize(
    ("field", "broken"),
    [
        ("phases", phased(DAILY, WEEKLY, TWO_WEEKLY, MONTHLY, sessions=13)),
        ("phases", phased(DAILY, WEEKLY, TWO_WEEKLY)),
        ("phases[1].sessions_per_week", phased((6, 5, 6 * DAY_S), (8, 1, 27 * DAY_S))),
        ("phases[1].min_interval_s", phased((6, 1, 14_400), (8, 1, 27 * DAY_S))),
        ("phases[3].min_interval_s", phased(DAILY, WEEKLY, (6, 1, 13 * DAY_S))),
        ("phases[2].sessions_per_week", phased(DAILY, (9, 2, 27 * DAY_S))),
    ],
)
def test_phases_that_loosen_the_protocols_are_outside(field: str, broken: Prescription) -> None:
    assert fields_of(broken) == {field}
