"""The envelope: each limit at itself and one beyond it, and all that is broken at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.dose.bounds.violation import CATALOGUE, OWN
from shared.dose.envelope import violations
from shared.dose.prescription import Prescription, PrescriptionKind, ThresholdKind
from shared.stimulation.catalogue import CatalogueEntry, HomeUse, catalogue
from shared.stimulation.limits import absolute_limits
from shared.stimulation.pattern import Pattern, PatternKind
from shared.trust.statements import Gate
from tests.shared.clinic import DAY_S, NOW_S, itbs
from tests.shared.prescribed import prescribed

PART, LIMITS, THRESHOLD = itbs().parts[0], itbs().limits, itbs().threshold
ENTRIES = catalogue().entries
IN_CLINIC = [entry for entry in ENTRIES if entry.home_use is HomeUse.IN_CLINIC_ONLY]
CTBS, MIGRAINE = "mdd-r-dlpfc-ctbs", "migraine-stms-preventive"
TEN_HERTZ, SLOW, SAINT = "mdd-l-dlpfc-10hz", "mdd-r-dlpfc-1hz", "mdd-saint"
BILATERAL = "mdd-bilateral-tbs"


def with_part(of: Prescription | None = None, **changes: Any) -> Prescription:
    plain = itbs() if of is None else of
    return replace(plain, parts=(replace(plain.parts[0], **changes), *plain.parts[1:]))


def with_pattern(of: Prescription | None = None, **changes: Any) -> Prescription:
    plain = itbs() if of is None else of
    return with_part(plain, pattern=replace(plain.parts[0].pattern, **changes))


def with_limits(of: Prescription | None = None, **changes: Any) -> Prescription:
    plain = itbs() if of is None else of
    return replace(plain, limits=replace(plain.limits, **changes))


def with_threshold(of: Prescription | None = None, **changes: Any) -> Prescription:
    plain = itbs() if of is None else of
    return replace(plain, threshold=replace(plain.threshold, **changes))


def ten_hertz(**changes: Any) -> Prescription:
    """Ten hertz with trains of 42 pulses, so few that the session's pulses are no matter."""
    return with_pattern(with_part(prescribed(TEN_HERTZ), trains=60), **changes)


def slow(trains: int, pulses: int, interval_ms: int) -> Prescription:
    """One hertz at 120 %, without the signed exception."""
    plain = prescribed(SLOW, table_exception=None)
    part = with_part(plain, trains=trains, interval_ms=interval_ms)
    return with_pattern(part, bursts_per_train=pulses)


SINGLE = Pattern(PatternKind.SINGLE, 100_000, 1, 0, 1)
AT_AND_BEYOND: list[tuple[str, Prescription, Prescription]] = [
    (
        "not_after_s",
        itbs(not_after_s=NOW_S + 90 * DAY_S),
        itbs(not_after_s=NOW_S + 90 * DAY_S + 1),
    ),
    (
        "not_after_s",
        itbs(not_after_s=NOW_S + 1, install_by_s=NOW_S),
        itbs(not_after_s=NOW_S, install_by_s=NOW_S),
    ),
    ("install_by_s", itbs(install_by_s=NOW_S), itbs(install_by_s=NOW_S - 1)),
    (
        "install_by_s",
        itbs(install_by_s=NOW_S + 60 * DAY_S),
        itbs(install_by_s=NOW_S + 60 * DAY_S + 1),
    ),
    (
        "threshold.lock_s",
        with_threshold(lock_s=THRESHOLD.measured_s + 60 * DAY_S),
        with_threshold(lock_s=THRESHOLD.measured_s + 60 * DAY_S + 1),
    ),
    (
        "threshold.lock_s",
        with_threshold(warn_s=THRESHOLD.measured_s, lock_s=THRESHOLD.measured_s + 1),
        with_threshold(warn_s=THRESHOLD.measured_s, lock_s=THRESHOLD.measured_s),
    ),
    (
        "threshold.warn_s",
        with_threshold(warn_s=THRESHOLD.lock_s),
        with_threshold(warn_s=THRESHOLD.lock_s + 1),
    ),
    (
        "threshold.measured_s",
        with_threshold(measured_s=NOW_S),
        with_threshold(measured_s=NOW_S + 1),
    ),
    (
        "clearance_limit_s",
        itbs(clearance_limit_s=14 * DAY_S),
        itbs(clearance_limit_s=14 * DAY_S + 1),
    ),
    ("beat_limit_ms", itbs(beat_limit_ms=5000), itbs(beat_limit_ms=5001)),
    ("still_here_s", itbs(still_here_s=300), itbs(still_here_s=301)),
    (
        "make_up_within_s",
        itbs(make_up_within_s=4 * 3600),
        itbs(make_up_within_s=4 * 3600 + 1),
    ),
    (
        "limits.day_window_s",
        with_limits(day_window_s=18 * 3600),
        with_limits(day_window_s=18 * 3600 - 1),
    ),
    (
        "limits.day_window_s",
        with_limits(day_window_s=24 * 3600),
        with_limits(day_window_s=24 * 3600 + 1),
    ),
    (
        "limits.day_window_s",
        prescribed(MIGRAINE),
        with_limits(prescribed(MIGRAINE), day_window_s=24 * 3600 - 1),
    ),
    ("limits.pulses_per_day_window", itbs(), with_limits(pulses_per_day_window=601)),
    ("limits.pulses_per_day_window", itbs(), with_limits(pulses_per_day_window=599)),
    ("limits.sessions_per_day_window", itbs(), with_limits(sessions_per_day_window=2)),
    ("limits.sessions_per_week", itbs(), with_limits(sessions_per_week=6)),
    ("limits.pulses_per_week", itbs(), with_limits(pulses_per_week=3001)),
    (
        "limits.pulses_per_week",
        with_limits(pulses_per_week=600),
        with_limits(pulses_per_week=599),
    ),
    ("limits.course_sessions", itbs(), with_limits(course_sessions=31)),
    ("limits.course_pulses", itbs(), with_limits(course_pulses=18_001)),
    ("limits.course_pulses", with_limits(course_pulses=600), with_limits(course_pulses=599)),
    ("limits.min_interval_s", itbs(), with_limits(min_interval_s=14_399)),
    (
        "limits.min_interval_s",
        prescribed(MIGRAINE),
        with_limits(prescribed(MIGRAINE), min_interval_s=899),
    ),
    (
        "limits.min_interval_s",
        prescribed(SAINT),
        with_limits(prescribed(SAINT), min_interval_s=2999),
    ),
    (
        "limits.course_days",
        prescribed(MIGRAINE),
        with_limits(prescribed(MIGRAINE), course_days=91),
    ),
    (
        "limits.course_days",
        prescribed(MIGRAINE),
        with_limits(prescribed(MIGRAINE), course_days=None),
    ),
    ("parts[1].intensity_percent", itbs(), with_part(intensity_percent=121)),
    (
        "parts[1].intensity_percent",
        with_threshold(percent_mso=84),
        with_threshold(percent_mso=85),
    ),
    (
        "parts[1].intensity_percent",
        prescribed(MIGRAINE),
        with_part(prescribed(MIGRAINE), intensity_percent=101),
    ),
    ("parts[1].interval_ms", with_part(interval_ms=8000), with_part(interval_ms=7999)),
    (
        "parts[1].interval_ms",
        with_part(prescribed(TEN_HERTZ), interval_ms=5000),
        with_part(prescribed(TEN_HERTZ), interval_ms=4999),
    ),
    (
        "parts[1].interval_ms",
        prescribed(MIGRAINE),
        with_part(prescribed(MIGRAINE), interval_ms=29_999),
    ),
    ("parts[1].pattern.bursts_per_train", itbs(), with_pattern(bursts_per_train=11)),
    (
        "parts[1].pattern.bursts_per_train",
        prescribed(CTBS),
        with_pattern(prescribed(CTBS), bursts_per_train=201),
    ),
    (
        "parts[1].pattern.bursts_per_train",
        ten_hertz(bursts_per_train=42),
        ten_hertz(bursts_per_train=43),
    ),
    (
        "parts[1].pattern.bursts_per_train",
        prescribed(MIGRAINE),
        with_pattern(prescribed(MIGRAINE), bursts_per_train=2),
    ),
    ("parts[1].pattern.bursts_per_train", slow(1, 360, 0), slow(1, 361, 0)),
    ("parts[1].pattern.bursts_per_train", slow(2, 180, 0), slow(3, 180, 4999)),
    ("parts[1].pattern.bursts_per_train", slow(3, 180, 5000), slow(3, 361, 5000)),
    ("parts[1].pattern.intra_burst_mhz", itbs(), with_pattern(intra_burst_mhz=49_999)),
    ("parts[1].pattern.pulses_per_burst", itbs(), with_pattern(pulses_per_burst=4)),
    (
        "parts[1].pattern.pulses_per_burst",
        prescribed(SLOW),
        with_pattern(prescribed(SLOW), pulses_per_burst=2, intra_burst_mhz=50_000),
    ),
    ("parts[1].pattern.rate_mhz", itbs(), with_pattern(rate_mhz=5001)),
    (
        "parts[1].pattern.kind",
        itbs(),
        with_pattern(kind=PatternKind.REPETITIVE, pulses_per_burst=1, intra_burst_mhz=0),
    ),
    ("parts", itbs(), itbs(parts=(PART, PART))),
    ("ramp[1]", itbs(ramp=(1,)), itbs(ramp=(0,))),
    ("ramp[2]", itbs(ramp=(120, 120)), itbs(ramp=(120, 121))),
    ("ramp", itbs(ramp=(80, 80, 90)), itbs(ramp=(80, 90, 89))),
]
OTHERWISE_BROKEN: list[tuple[str, Prescription]] = [
    ("envelope_version", itbs(envelope_version=2)),
    ("catalogue_version", itbs(catalogue_version=99)),
    ("protocol_id", itbs(protocol_id="own-idea")),
    ("coil", itbs(coil="H1")),
    ("threshold.coil", with_threshold(coil="H1")),
    ("threshold.device_id", with_threshold(device_id=b"another device's")),
    ("threshold.kind", with_threshold(kind=ThresholdKind.AMT)),
    ("threshold.kind", with_threshold(kind=ThresholdKind.NONE)),
    ("threshold.kind", with_threshold(prescribed(MIGRAINE), kind=ThresholdKind.RMT)),
    ("threshold.percent_mso", with_threshold(prescribed(MIGRAINE), percent_mso=99)),
    ("threshold.depth_percent", with_threshold(prescribed(MIGRAINE), depth_percent=99)),
    ("threshold.depth_percent", with_threshold(depth_percent=101)),
    ("threshold.depth_percent", with_threshold(depth_percent=99)),
    ("second_threshold", itbs(second_threshold=THRESHOLD)),
    ("table_exception", itbs(table_exception=itbs().protocol_id)),
    ("pulses_per_session", with_part(trains=61)),
    ("pulses_per_session", with_part(prescribed(TEN_HERTZ), trains=76)),
    ("replacement", itbs(kind=PrescriptionKind.REPLACEMENT)),
]


def fields_of(prescription: Prescription, in_force: Prescription | None = None) -> set[str]:
    return {violation.field for violation in violations(prescription, in_force)}


def sources_of(prescription: Prescription) -> set[str]:
    return {violation.source for violation in violations(prescription)}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_a_protocol_at_its_published_figures_is_inside(entry: CatalogueEntry) -> None:
    assert violations(prescribed(entry)) == ()


@pytest.mark.parametrize(
    ("field", "kept"), [(field, kept) for field, kept, _ in AT_AND_BEYOND], ids=str
)
def test_the_limit_itself_is_inside(field: str, kept: Prescription) -> None:
    assert field not in fields_of(kept)
    assert violations(kept) == ()


BROKEN = [(field, broken) for field, _, broken in AT_AND_BEYOND] + OTHERWISE_BROKEN


@pytest.mark.parametrize(("field", "broken"), BROKEN, ids=[field for field, _ in BROKEN])
def test_a_broken_limit_is_named_by_its_field(field: str, broken: Prescription) -> None:
    found = [violation for violation in violations(broken) if violation.field == field]
    assert found
    assert all(violation.value and violation.limit and violation.source for violation in found)


@pytest.mark.parametrize("entry", IN_CLINIC, ids=lambda entry: entry.id)
def test_a_protocol_for_the_clinic_only_is_outside(entry: CatalogueEntry) -> None:
    """Unless the prescription itself asks for trained staff."""
    assert "gates" in fields_of(prescribed(entry, gates=(Gate.SCREENING, Gate.ATTENDED)))


@pytest.mark.parametrize(
    "entry",
    [entry for entry in ENTRIES if entry.home_use is HomeUse.RESEARCH_ONLY],
    ids=lambda entry: entry.id,
)
def test_a_research_protocol_needs_its_reason_signed(entry: CatalogueEntry) -> None:
    assert fields_of(prescribed(entry, research_reason=None)) == {"research_reason"}


def test_ceilings_bind_whoever_is_alone_with_the_band() -> None:
    alone = fields_of(prescribed(SAINT, gates=(Gate.SCREENING,)))
    assert alone == {
        "gates",
        "limits.pulses_per_day_window",
        "limits.pulses_per_week",
        "limits.sessions_per_day_window",
    }


def test_the_shortest_interval_is_exempt_by_name_only() -> None:
    found = violations(with_limits(prescribed("mdd-h1-deep"), min_interval_s=14_399))
    assert {each.field for each in found} == {"limits.min_interval_s"}
    assert {each.source for each in found} == {OWN, CATALOGUE}


def test_a_depth_adjusted_protocol_takes_a_factor_into_its_output() -> None:
    plain = with_threshold(prescribed(SAINT), percent_mso=80, depth_percent=138)
    assert violations(plain) == ()
    assert plain.percent_mso() == 99
    assert fields_of(with_threshold(plain, depth_percent=150)) == {"parts[1].intensity_percent"}


def test_one_pulse_needs_no_interval() -> None:
    alone = with_part(prescribed(TEN_HERTZ), trains=1, interval_ms=0)
    assert violations(alone) == ()


@pytest.mark.parametrize(("days", "said"), [(None, "none"), (91, "91")])
def test_a_course_without_an_end_is_said_to_have_none(days: int | None, said: str) -> None:
    (found,) = violations(with_limits(prescribed(MIGRAINE), course_days=days))
    assert (found.value, found.limit) == (said, "at most 90")


def test_a_fixed_output_has_no_age() -> None:
    aged = with_threshold(prescribed(MIGRAINE), measured_s=0, warn_s=0, lock_s=0)
    assert violations(aged) == ()


def test_a_continuous_train_needs_the_active_threshold_and_80_percent_of_it() -> None:
    ctbs = prescribed(CTBS)
    assert "threshold.kind" in fields_of(replace(ctbs, threshold=THRESHOLD))
    assert "parts[1].intensity_percent" in fields_of(with_part(ctbs, intensity_percent=81))
    longer = with_pattern(ctbs, bursts_per_train=201)
    assert "parts[1].pattern.bursts_per_train" in fields_of(longer)
    for broken in (replace(ctbs, threshold=THRESHOLD), with_part(ctbs, intensity_percent=81)):
        assert absolute_limits().theta_burst_source in sources_of(broken)


def test_a_train_too_long_is_said_in_seconds() -> None:
    (found,) = [v for v in violations(with_pattern(bursts_per_train=11)) if "train" in v.field]
    assert (found.value, found.limit) == ("2.2 s", "at most 2 s")


def test_no_theta_burst_is_above_120_percent_whatever_its_entry_says() -> None:
    stronger = with_part(intensity_percent=121)
    assert absolute_limits().theta_burst_source in sources_of(stronger)


def test_a_train_longer_than_the_table_allows_is_outside() -> None:
    trains = "parts[1].pattern.bursts_per_train"
    assert fields_of(ten_hertz(bursts_per_train=43)) == {trains}
    faster = ten_hertz(bursts_per_train=40, rate_mhz=10_001)
    assert fields_of(faster) == {trains, "parts[1].pattern.rate_mhz"}


def test_an_exception_from_the_table_is_good_for_the_entry_that_it_names_only() -> None:
    longer, trains = ten_hertz(bursts_per_train=43), "parts[1].pattern.bursts_per_train"
    claimed = replace(longer, table_exception=TEN_HERTZ)
    assert fields_of(claimed) == {trains, "table_exception"}
    other = prescribed(SLOW, table_exception="mdd-h1-deep")
    assert fields_of(other) == {trains, "table_exception"}
    assert fields_of(prescribed(SLOW, table_exception=None)) == {trains}


@pytest.mark.parametrize(
    "milder",
    [
        with_part(prescribed("mdd-h1-deep"), interval_ms=21_000),
        with_part(prescribed("mdd-h1-deep"), trains=54),
        with_part(prescribed("mdd-h1-deep"), intensity_percent=119),
        with_pattern(prescribed("mdd-h1-deep"), bursts_per_train=35),
    ],
)
def test_an_exception_holds_for_the_entry_and_what_is_milder(milder: Prescription) -> None:
    assert violations(milder) == ()


@pytest.mark.parametrize(
    "stronger",
    [
        with_part(prescribed("mdd-h1-deep"), interval_ms=19_999),
        with_pattern(with_part(prescribed("mdd-h1-deep"), trains=53), bursts_per_train=37),
        with_pattern(with_part(prescribed("mdd-h1-deep"), trains=56), bursts_per_train=35),
        with_pattern(prescribed("mdd-h1-deep"), rate_mhz=17_999),
    ],
)
def test_an_exception_holds_for_nothing_else(stronger: Prescription) -> None:
    assert "parts[1].pattern.bursts_per_train" in fields_of(stronger)


def test_two_parts_stand_in_the_entrys_order_each_with_its_own_threshold() -> None:
    right_then_left = prescribed(BILATERAL)
    assert right_then_left.threshold_of(0).kind is ThresholdKind.AMT
    assert right_then_left.threshold_of(1).kind is ThresholdKind.RMT
    turned = replace(right_then_left, parts=right_then_left.parts[::-1])
    assert {"parts[1].site", "parts[2].site", "parts[1].intensity_percent"} <= fields_of(turned)
    assert fields_of(replace(right_then_left, second_threshold=None)) == {"threshold.kind"}
    other = replace(THRESHOLD, coil="H1")
    assert "second_threshold.coil" in fields_of(replace(right_then_left, second_threshold=other))


def test_the_site_of_a_protocol_with_one_part_is_the_prescribers() -> None:
    """Pain is treated opposite to where it is felt, a stroke opposite to where it was."""
    assert violations(with_part(prescribed("pain-m1-10hz"), site="right M1")) == ()


def test_a_threshold_may_step_by_ten_percent_of_output_and_by_more_when_that_is_signed() -> None:
    in_force = with_threshold(percent_mso=60)
    for percent, broken in ((50, False), (70, False), (49, True), (71, True)):
        after = with_threshold(percent_mso=percent)
        assert ("threshold.percent_mso" in fields_of(after, in_force)) is broken
        assert violations(replace(after, threshold_step_signed=True), in_force) == ()
        assert violations(after) == ()


def test_the_second_threshold_may_not_leap_either() -> None:
    in_force = prescribed(BILATERAL)
    second = in_force.second_threshold
    assert second is not None
    after = replace(in_force, second_threshold=replace(second, percent_mso=61))
    assert fields_of(after, in_force) == {"second_threshold.percent_mso"}


def test_an_end_is_never_outside() -> None:
    broken = [rx for _, rx in BROKEN]
    assert all(violations(replace(rx, kind=PrescriptionKind.END)) == () for rx in broken)


def test_several_violations_are_reported_at_once() -> None:
    broken = itbs(
        beat_limit_ms=6000,
        still_here_s=400,
        coil="H1",
        parts=(replace(PART, interval_ms=100),),
        ramp=(90, 80),
        gates=(),
    )
    assert fields_of(broken) == {
        "beat_limit_ms",
        "still_here_s",
        "coil",
        "threshold.coil",
        "parts[1].interval_ms",
        "ramp",
    }


def test_every_field_that_can_be_broken_apart_is_reported_together() -> None:
    apart = itbs(
        envelope_version=7,
        catalogue_version=7,
        not_after_s=NOW_S + 91 * DAY_S,
        install_by_s=NOW_S - 1,
        threshold=replace(THRESHOLD, device_id=bytes(16), lock_s=NOW_S + 90 * DAY_S),
        limits=replace(LIMITS, day_window_s=1, sessions_per_week=84, min_interval_s=0),
        parts=(replace(PART, trains=600, interval_ms=0, intensity_percent=200),),
        clearance_limit_s=30 * DAY_S,
        table_exception="another",
    )
    assert fields_of(apart) == {
        "envelope_version",
        "catalogue_version",
        "not_after_s",
        "install_by_s",
        "threshold.device_id",
        "threshold.lock_s",
        "limits.day_window_s",
        "limits.sessions_per_week",
        "limits.min_interval_s",
        "limits.pulses_per_day_window",
        "limits.pulses_per_week",
        "parts[1].interval_ms",
        "parts[1].intensity_percent",
        "pulses_per_session",
        "clearance_limit_s",
        "table_exception",
    }
