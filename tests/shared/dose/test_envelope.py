"""The envelope: each limit by a prescription that breaks it, and all of them at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.dose import prescription as prescriptions
from shared.dose.envelope import violations
from shared.dose.prescription import (
    Limits,
    Part,
    Prescription,
    PrescriptionKind,
    Threshold,
    ThresholdKind,
)
from shared.stimulation.catalogue import CatalogueEntry, HomeUse, catalogue
from shared.stimulation.pattern import PatternKind
from shared.wire.errors import WireError
from tests.shared.clinic import DAY_S, DEVICE_ID, NOW_S, itbs

PART, LIMITS, THRESHOLD = itbs().parts[0], itbs().limits, itbs().threshold
HOME = [entry for entry in catalogue().entries if entry.home_use is not HomeUse.IN_CLINIC_ONLY]


def with_part(**changes: Any) -> Prescription:
    return itbs(parts=(replace(PART, **changes),))


def with_pattern(**changes: Any) -> Prescription:
    return with_part(pattern=replace(PART.pattern, **changes))


def with_limits(**changes: Any) -> Prescription:
    return itbs(limits=replace(LIMITS, **changes))


def with_threshold(**changes: Any) -> Prescription:
    return itbs(threshold=replace(THRESHOLD, **changes))


def prescribed(entry: CatalogueEntry, **changes: Any) -> Prescription:
    """Return a catalogue entry as a clinician would prescribe it, at its published figures."""
    parts = tuple(
        Part(part.site, part.pattern, part.trains, part.interval_ms, part.intensity_percent or 100)
        for part in entry.parts
    )
    given = entry.limits
    plain = itbs(
        protocol_id=entry.id,
        coil=entry.coil,
        parts=parts,
        threshold=Threshold(
            ThresholdKind[entry.parts[0].threshold_kind.upper()],
            50,
            NOW_S,
            NOW_S + 28 * DAY_S,
            NOW_S + 42 * DAY_S,
            True,
            DEVICE_ID,
            entry.coil,
        ),
        limits=Limits(
            given.day_window_h * 3600,
            given.sessions_per_day_window,
            given.pulses_per_day_window,
            given.sessions_per_week,
            min(30_000, given.sessions_per_week * entry.pulses_per_session),
            given.course_sessions,
            given.course_sessions * entry.pulses_per_session,
            given.min_interval_s,
        ),
        table_exception=entry.id if entry.outside_train_table else None,
    )
    return replace(plain, **changes)


def ctbs(**changes: Any) -> Prescription:
    entry = next(
        one
        for one in catalogue().entries
        if one.parts[0].trains == 1 and one.parts[0].pattern.kind is PatternKind.THETA_BURST
    )
    return prescribed(entry, **changes)


BROKEN: list[tuple[str, Prescription]] = [
    ("kind", itbs(kind=PrescriptionKind.TITRATION)),
    ("envelope_version", itbs(envelope_version=2)),
    ("catalogue_version", itbs(catalogue_version=99)),
    ("parts", itbs(parts=(PART, PART))),
    ("protocol_id", itbs(protocol_id="own-idea")),
    ("not_after_s", itbs(not_after_s=NOW_S + 90 * DAY_S + 1)),
    ("not_after_s", itbs(not_after_s=NOW_S, install_by_s=NOW_S)),
    ("install_by_s", itbs(install_by_s=NOW_S - 1)),
    ("install_by_s", itbs(install_by_s=NOW_S + 61 * DAY_S)),
    ("threshold.lock_s", with_threshold(lock_s=THRESHOLD.measured_s + 60 * DAY_S + 1)),
    ("threshold.warn_s", with_threshold(warn_s=THRESHOLD.lock_s + 1)),
    ("clearance_limit_s", itbs(clearance_limit_s=14 * DAY_S + 1)),
    ("pulses_per_session", with_part(trains=61)),
    ("limits.day_window_s", with_limits(day_window_s=18 * 3600 - 1)),
    ("limits.day_window_s", with_limits(day_window_s=24 * 3600 + 1)),
    ("limits.pulses_per_day_window", with_limits(pulses_per_day_window=6001)),
    ("limits.pulses_per_day_window", with_limits(pulses_per_day_window=599)),
    ("limits.pulses_per_week", with_limits(pulses_per_week=30_001)),
    ("limits.sessions_per_day_window", with_limits(sessions_per_day_window=5)),
    ("limits.min_interval_s", with_limits(min_interval_s=14_399)),
    ("limits.course_sessions", with_limits(course_sessions=400)),
    ("beat_limit_ms", itbs(beat_limit_ms=5001)),
    ("still_here_s", itbs(still_here_s=301)),
    ("make_up_within_s", itbs(make_up_within_s=4 * 3600 + 1)),
    ("coil", itbs(coil="h1")),
    ("parts[1].intensity_percent", with_part(intensity_percent=121)),
    ("parts[1].intensity_percent", with_threshold(percent_mso=85)),
    ("parts[1].interval_ms", with_part(interval_ms=7999)),
    ("parts[1].pattern.bursts_per_train", with_pattern(bursts_per_train=11)),
    ("parts[1].pattern.intra_burst_mhz", with_pattern(intra_burst_mhz=49_000)),
    ("parts[1].pattern.pulses_per_burst", with_pattern(pulses_per_burst=4)),
    (
        "parts[1].pattern.kind",
        with_pattern(kind=PatternKind.REPETITIVE, pulses_per_burst=1, intra_burst_mhz=0),
    ),
]


def fields_of(prescription: Prescription) -> set[str]:
    return {violation.field for violation in violations(prescription)}


def test_the_catalogues_itbs_is_inside() -> None:
    assert violations(itbs()) == ()


@pytest.mark.parametrize("entry", HOME, ids=lambda entry: entry.id)
def test_a_home_protocol_at_its_published_figures_is_inside_but_for_its_number_of_parts(
    entry: CatalogueEntry,
) -> None:
    """This firmware takes one part (a bilateral protocol has two); nothing else is broken."""
    assert fields_of(prescribed(entry)) == ({"parts"} if len(entry.parts) > 1 else set())


@pytest.mark.parametrize(
    "entry",
    [entry for entry in catalogue().entries if entry.home_use is HomeUse.IN_CLINIC_ONLY],
    ids=lambda entry: entry.id,
)
def test_a_protocol_for_the_clinic_only_is_outside(entry: CatalogueEntry) -> None:
    assert "protocol_id" in fields_of(prescribed(entry))


@pytest.mark.parametrize(("field", "broken"), BROKEN, ids=[field for field, _ in BROKEN])
def test_a_broken_limit_is_named_by_its_field(field: str, broken: Prescription) -> None:
    found = [violation for violation in violations(broken) if violation.field == field]
    assert found
    assert all(violation.value and violation.limit for violation in found)


@pytest.mark.parametrize(
    "kept",
    [
        itbs(not_after_s=NOW_S + 90 * DAY_S),
        with_threshold(lock_s=THRESHOLD.measured_s + 60 * DAY_S),
        itbs(clearance_limit_s=14 * DAY_S),
        with_limits(day_window_s=18 * 3600),
        with_limits(day_window_s=24 * 3600),
        itbs(beat_limit_ms=5000),
        itbs(still_here_s=300),
        itbs(make_up_within_s=4 * 3600),
        with_part(interval_ms=8000),
        with_threshold(percent_mso=83),
    ],
)
def test_the_limit_itself_is_inside(kept: Prescription) -> None:
    assert violations(kept) == ()


def test_a_continuous_train_needs_the_active_threshold_and_80_percent_of_it() -> None:
    part = ctbs().parts[0]
    assert "threshold.kind" in fields_of(ctbs(threshold=THRESHOLD))
    stronger = (replace(part, intensity_percent=81),)
    assert "parts[1].intensity_percent" in fields_of(ctbs(parts=stronger))
    longer = (replace(part, pattern=replace(part.pattern, bursts_per_train=201)),)
    assert "parts[1].pattern.bursts_per_train" in fields_of(ctbs(parts=longer))


def test_a_train_longer_than_the_table_allows_is_outside() -> None:
    entry = catalogue().entry("mdd-l-dlpfc-10hz")
    plain = prescribed(entry)
    part = plain.parts[0]
    longer = replace(part, pattern=replace(part.pattern, bursts_per_train=43), trains=60)
    assert "parts[1].pattern.bursts_per_train" in fields_of(replace(plain, parts=(longer,)))
    shortest = replace(part, interval_ms=4999)
    assert "parts[1].interval_ms" in fields_of(replace(plain, parts=(shortest,)))


def test_an_exception_from_the_table_is_good_for_the_entry_that_it_names_only() -> None:
    plain = prescribed(catalogue().entry("mdd-l-dlpfc-10hz"))
    part = plain.parts[0]
    longer = replace(part, pattern=replace(part.pattern, bursts_per_train=43), trains=60)
    claimed = replace(plain, parts=(longer,), table_exception="mdd-l-dlpfc-10hz")
    assert "parts[1].pattern.bursts_per_train" in fields_of(claimed)


def test_several_violations_are_reported_at_once() -> None:
    broken = itbs(
        beat_limit_ms=6000,
        still_here_s=400,
        coil="h1",
        parts=(replace(PART, interval_ms=100),),
    )
    assert fields_of(broken) == {"beat_limit_ms", "still_here_s", "coil", "parts[1].interval_ms"}


@given(
    st.builds(
        itbs,
        serial=st.integers(1, 2**32),
        replaces_hash=st.none() | st.binary(min_size=32, max_size=32),
        new_course=st.booleans(),
        initials=st.text("ABCÄ.", min_size=1, max_size=4),
        make_up_within_s=st.none() | st.integers(0, 2**40),
        beat_limit_ms=st.integers(1000, 2**40),
        table_exception=st.none() | st.sampled_from(["mdd", "ocd"]),
        gates=st.lists(st.sampled_from(itbs().gates), max_size=5).map(tuple),
    )
)
def test_a_prescription_comes_back_as_it_was_signed(prescription: Prescription) -> None:
    data = prescriptions.to_bytes(prescription)
    assert prescriptions.from_bytes(data) == prescription
    assert prescriptions.to_bytes(prescriptions.from_bytes(data)) == data


@pytest.mark.parametrize("entry", catalogue().entries, ids=lambda entry: entry.id)
def test_every_catalogue_prescription_fits_into_its_kilobyte(entry: CatalogueEntry) -> None:
    data = prescriptions.to_bytes(prescribed(entry))
    assert prescriptions.from_bytes(data) == prescribed(entry)
    assert len(data) <= prescriptions.MAXIMUM_BYTES


def test_every_truncation_of_a_prescription_is_refused() -> None:
    data = prescriptions.to_bytes(itbs())
    for size in range(len(data)):
        with pytest.raises(WireError):
            prescriptions.from_bytes(data[:size])
