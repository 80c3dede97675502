"""The next prescription, field by field."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from shared.dose import changes
from shared.dose.changes import SINGLE_PULSE, Issue
from shared.dose.prescription import (
    Limits,
    Part,
    Prescription,
    PrescriptionKind,
    Replacement,
    hash_of,
    to_bytes,
)
from shared.stimulation.pattern import Pattern, PatternKind
from shared.trust.statements import Gate
from tests.shared.clinic import DAY_S, NOW_S, itbs
from tests.shared.prescribed import bilateral, prescribed

ISSUE = Issue(serial=9, issued_s=NOW_S + DAY_S, install_by_s=NOW_S + 2 * DAY_S)
ISSUED: dict[str, Any] = {
    "serial": 9,
    "issued_s": NOW_S + DAY_S,
    "install_by_s": NOW_S + 2 * DAY_S,
}


def told(before: Prescription, after: Prescription) -> dict[str, Any]:
    """The fields that differ, as they are after."""
    names = (each.name for each in fields(after))
    return {n: getattr(after, n) for n in names if getattr(after, n) != getattr(before, n)}


def test_an_end_changes_its_kind_and_what_every_serial_says() -> None:
    before = itbs(new_course=True, threshold_step_signed=True)
    assert told(before, changes.end(before, ISSUE)) == {
        **ISSUED,
        "kind": PrescriptionKind.END,
        "replaces_hash": hash_of(to_bytes(before)),
        "new_course": False,
        "threshold_step_signed": False,
    }


def test_a_titration_is_of_the_first_part_alone() -> None:
    opening = changes.fullest_opening(itbs().limits, sessions=1, pulses=1, completed=1)
    before = replace(
        bilateral(ramp=(80,), make_up_within_s=3600, table_exception="mdd-saint"),
        phases=prescribed("pain-m1-10hz").phases,
        replacement=Replacement(b"o" * 16, NOW_S, False, opening),
    )
    after = changes.titration(before, ISSUE, not_before_s=NOW_S + 5, not_after_s=NOW_S + 6)
    at_s = ISSUE.issued_s
    assert told(before, after) == {
        **ISSUED,
        "kind": PrescriptionKind.TITRATION,
        "parts": (Part(before.parts[0].site, SINGLE_PULSE, 100, 4000, 100),),
        "threshold": replace(
            before.threshold,
            percent_mso=100,
            measured_s=at_s,
            warn_s=at_s,
            lock_s=at_s,
        ),
        "second_threshold": None,
        "limits": Limits(before.limits.day_window_s, 1, 100, 1, 100, 1, 100, 0),
        "gates": (Gate.SUPERVISED,),
        "make_up_within_s": None,
        "not_before_s": NOW_S + 5,
        "not_after_s": NOW_S + 6,
        "table_exception": None,
        "ramp": (),
        "phases": (),
        "replacement": None,
        "new_course": False,
    }
    assert after.replaces_hash is None
    assert Pattern(PatternKind.SINGLE, 100_000, 1, 0, 1) == SINGLE_PULSE


def test_a_titration_measures_what_a_depth_was_not_applied_to() -> None:
    deep = itbs(threshold=replace(itbs().threshold, depth_percent=138))
    after = changes.titration(deep, ISSUE, not_before_s=NOW_S, not_after_s=NOW_S + 1)
    assert after.threshold.depth_percent == 100


def test_a_replacement_changes_device_coil_and_threshold() -> None:
    before = itbs(new_course=True)
    opening = changes.fullest_opening(before.limits, sessions=1, pulses=600, completed=1)
    given = Replacement(before.device_id, before.not_after_s, False, opening)
    measured = replace(before.threshold, device_id=b"n" * 16, coil="H1", percent_mso=70)
    after = changes.replace_device(before, ISSUE, threshold=measured, replacement=given)
    assert told(before, after) == {
        **ISSUED,
        "kind": PrescriptionKind.REPLACEMENT,
        "device_id": b"n" * 16,
        "coil": "H1",
        "threshold": measured,
        "replacement": given,
        "new_course": False,
    }
    assert after.replaces_hash is None


def test_a_renewal_changes_its_validity() -> None:
    before = itbs(new_course=True)
    after = changes.renew(before, ISSUE, not_before_s=NOW_S + 7, not_after_s=NOW_S + 8)
    assert told(before, after) == {
        **ISSUED,
        "replaces_hash": hash_of(to_bytes(before)),
        "not_before_s": NOW_S + 7,
        "not_after_s": NOW_S + 8,
        "new_course": False,
    }


def test_intensity_is_threshold_times_depth_times_percent_rounded_down() -> None:
    signed = itbs(threshold=replace(itbs().threshold, percent_mso=53, depth_percent=111))
    assert signed.parts[0].intensity_percent == 120
    assert signed.percent_mso() == 53 * 111 * 120 // 10_000 == 70
    ramped = replace(signed, ramp=(80, 130))
    assert [ramped.percent_mso(0, done) for done in (0, 1, 2, 400)] == [47, 70, 70, 70]
    assert [ramped.intensity_percent(0, done) for done in (0, 1, 2)] == [80, 120, 120]


def test_each_part_goes_by_its_own_threshold_where_there_are_two() -> None:
    both = bilateral()
    assert both.threshold_of(0) == both.threshold
    assert both.threshold_of(1) == both.second_threshold != both.threshold
    assert replace(both, second_threshold=None).threshold_of(1) == both.threshold


def test_a_session_is_all_its_parts_one_after_the_other() -> None:
    plain = itbs()
    assert (plain.pulses_per_session, plain.trains_per_session) == (600, 20)
    assert plain.session_ms == plain.plan.duration_us // 1000
    assert plain.parts[0].plan.interval_us == plain.parts[0].interval_ms * 1000
