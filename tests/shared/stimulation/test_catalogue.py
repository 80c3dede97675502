"""The files of catalogue and limits: their form, their arithmetic, where each figure is from."""

from __future__ import annotations

import copy
import itertools
import json
from importlib import resources
from typing import Any

import jsonschema
import pytest

from shared.stimulation import schedule
from shared.stimulation.catalogue import (
    CatalogueEntry,
    CatalogueError,
    CoilKind,
    HomeUse,
    ProtocolPart,
    catalogue,
)
from shared.stimulation.limits import absolute_limits
from shared.stimulation.pattern import Pattern, PatternKind
from shared.stimulation.schedule import SLICE_PULSES_MAX, SLICE_US_MAX, slices_of_train

PARTS = [(entry.id, part) for entry in catalogue().entries for part in entry.parts]
PART_IDS = [f"{name}-{part.site}" for name, part in PARTS]


def read(name: str) -> Any:
    return json.loads(resources.files("shared.stimulation").joinpath(name).read_text("utf-8"))


@pytest.mark.parametrize("name", ["catalogue", "limits"])
def test_the_file_is_of_its_schemas_form(name: str) -> None:
    schema = read(f"{name}.schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(read(f"{name}.json"), schema)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("entries", 0, "parts", 0, "trains"), 0),
        (("entries", 0, "home_use"), "perhaps"),
        (("entries", 0, "provenance", "indication"), "guessed"),
        (("entries", 0, "pulses_per_session"), 3000.5),
        (("entries", 0, "extra"), 1),
        (("entries", 0, "source"), ""),
        (("entries", 0, "outside_train_table"), True),
        (("entries", 0, "phases", 0, "sessions_per_week"), "5"),
        (("entries", 0, "limits", "course_days"), 0),
        (("coils", 0, "kind"), "round"),
        (("coils", 0, "provenance", "deep"), "guessed"),
        (("facts", 0, "source_checked"), ""),
        (("indications_without_protocol", 0, "says"), ""),
    ],
)
def test_the_schema_refuses_what_it_should(path: tuple[str | int, ...], value: object) -> None:
    broken = copy.deepcopy(read("catalogue.json"))
    place = broken
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, read("catalogue.schema.json"))


@pytest.mark.parametrize(("name", "part"), PARTS, ids=PART_IDS)
def test_formula_and_expanded_schedule_agree(name: str, part: ProtocolPart) -> None:
    plan = part.plan
    times = list(schedule.pulses(plan))
    assert len(times) == plan.pulses == part.trains * part.pattern.pulses_per_train
    assert times == sorted(set(times))
    last_train_us = plan.train_begin_us(part.trains)
    assert times[-1] < last_train_us + part.pattern.train_us == plan.duration_us
    begins = times[:: part.pattern.pulses_per_train]
    step_us = part.pattern.train_us + part.interval_ms * 1000
    assert begins == [train * step_us for train in range(part.trains)]


@pytest.mark.parametrize(("name", "part"), PARTS, ids=PART_IDS)
def test_slices_are_whole_bursts_within_50_pulses_and_10_s(name: str, part: ProtocolPart) -> None:
    pattern = part.pattern
    slices = list(slices_of_train(pattern, 1))
    following = 0
    for number, piece in enumerate(slices, start=1):
        assert (piece.number, piece.first) == (number, following)
        assert 0 < piece.count <= SLICE_PULSES_MAX
        assert piece.count % pattern.pulses_per_burst == 0
        following += piece.count
        lasts_us = pattern.pulse_us(following - 1) - pattern.pulse_us(piece.first)
        assert lasts_us < SLICE_US_MAX
    assert following == pattern.pulses_per_train
    fullest = schedule.slice_pulses(pattern)
    assert all(piece.count == fullest for piece in slices[:-1])


@pytest.mark.parametrize("first", range(1, 600, 37))
def test_slices_of_the_rest_of_a_broken_train_end_where_the_others_would(first: int) -> None:
    pattern = Pattern(PatternKind.THETA_BURST, 5000, 3, 50_000, 200)
    ends = {piece.first + piece.count for piece in slices_of_train(pattern, 1)}
    rest = list(slices_of_train(pattern, 1, first=first))
    assert rest[0].first == first
    assert {piece.first + piece.count for piece in rest} <= ends
    assert sum(piece.count for piece in rest) == 600 - first


def test_a_full_slice_of_theta_burst_has_48_pulses() -> None:
    assert schedule.slice_pulses(Pattern(PatternKind.THETA_BURST, 5000, 3, 50_000, 200)) == 48


def test_at_1_hz_the_ten_seconds_decide() -> None:
    assert schedule.slice_pulses(Pattern(PatternKind.REPETITIVE, 1000, 1, 0, 900)) == 10


@pytest.mark.parametrize("entry", catalogue().entries, ids=lambda entry: entry.id)
def test_an_entry_adds_up_to_what_was_published(entry: CatalogueEntry) -> None:
    (raw,) = (item for item in read("catalogue.json")["entries"] if item["id"] == entry.id)
    assert entry.pulses_per_session == raw["pulses_per_session"]
    if raw["published_session_ms"] is not None:
        lasts_us = sum(part.plan.duration_us for part in entry.parts)
        for part in entry.parts:
            if part.pattern.kind is PatternKind.SINGLE:  # a single pulse is published as an instant
                lasts_us -= part.trains * part.pattern.train_us
        assert lasts_us == raw["published_session_ms"] * 1000
    assert entry.limits.pulses_per_day_window >= entry.pulses_per_session


@pytest.mark.parametrize("entry", catalogue().entries, ids=lambda entry: entry.id)
def test_every_figure_says_where_it_is_from(entry: CatalogueEntry) -> None:
    assert entry.source
    assert set(entry.provenance.values()) <= {"read", "recalled", "own"}
    assert entry.provenance_of("home_use") == "own"
    assert entry.provenance_of("a field that the file does not name") == "recalled"


def test_deep_tms_is_a_coil_of_its_own() -> None:
    deep = {entry.id for entry in catalogue().entries if catalogue().coil(entry.coil).deep}
    assert deep == {"mdd-h1-deep", "ocd-h7-deep", "smoking-h4-deep"}
    for name in deep:
        entry = catalogue().entry(name)
        assert entry.home_use is HomeUse.IN_CLINIC_ONLY
        assert catalogue().coil(entry.coil).kind is CoilKind.H
    assert catalogue().coil("figure-8, neuronavigated").neuronavigated
    with pytest.raises(CatalogueError, match="coil: "):
        catalogue().coil("round")


def test_every_coil_is_some_protocols() -> None:
    assert {coil.id for coil in catalogue().coils} == {entry.coil for entry in catalogue().entries}


@pytest.mark.parametrize(
    ("name", "phases"),
    [
        ("mdd-l-dlpfc-10hz", [(30, 5), (3, 3), (2, 2), (1, 1)]),
        ("mdd-h1-deep", [(20, 5), (24, 2)]),
        ("smoking-h4-deep", [(15, 5), (3, 1)]),
        ("pain-m1-10hz", [(5, 5), (3, 1), (3, 1), (3, 1)]),
        ("mdd-saint", [(50, 50)]),
    ],
)
def test_a_course_has_phases_in_numbers(name: str, phases: list[tuple[int, int]]) -> None:
    found = catalogue().entry(name).phases
    assert [(phase.sessions, phase.sessions_per_week) for phase in found] == phases


def test_rarer_than_weekly_is_said_by_the_least_interval() -> None:
    days = [phase.min_interval_s / 86_400 for phase in catalogue().entry("pain-m1-10hz").phases]
    assert days[1:] == [6, 13, 27]


def test_phases_between_two_sessions_are_those_that_hold_any_of_them() -> None:
    entry = catalogue().entry("mdd-l-dlpfc-10hz")
    assert entry.phases_between(0, 30) == entry.phases[:1]
    assert entry.phases_between(29, 31) == entry.phases[:2]
    assert entry.phases_between(30, 36) == entry.phases[1:]
    assert entry.phases_between(36, 40) == ()


def test_the_migraine_entry_is_fixed_output_for_90_days_half_a_minute_apart() -> None:
    entry = catalogue().entry("migraine-stms-preventive")
    (part,) = entry.parts
    assert (part.threshold_kind, part.intensity_percent) == ("none", None)
    assert (part.interval_ms, entry.limits.course_days) == (30_000, 90)


def test_only_saint_is_adjusted_for_depth() -> None:
    assert [entry.id for entry in catalogue().entries if entry.depth_adjusted] == ["mdd-saint"]


@pytest.mark.parametrize("entry", catalogue().entries, ids=lambda entry: entry.id)
def test_an_entry_outside_the_table_says_so_and_no_other_does(entry: CatalogueEntry) -> None:
    outside = False
    for part in entry.parts:
        if part.pattern.kind is PatternKind.REPETITIVE:
            assert part.intensity_percent is not None
            rate_hz = part.pattern.rate_mhz / 1000
            longest_ms = absolute_limits().train_ms_max(rate_hz, part.intensity_percent)
            outside |= longest_ms is None or part.pattern.train_us > longest_ms * 1000
    assert entry.outside_train_table is outside


def test_exceptions_from_the_shortest_interval_are_single_pulse_or_in_clinic() -> None:
    for name in absolute_limits().caps["min_interval_exceptions"]:
        entry = catalogue().entry(name)
        single = entry.parts[0].pattern.kind is PatternKind.SINGLE
        assert single or entry.home_use is HomeUse.IN_CLINIC_ONLY


def test_seizures_are_a_fact_with_its_source_and_stand_at_the_coils() -> None:
    facts = {fact.id: fact for fact in catalogue().facts}
    assert (facts["seizures"].source, facts["seizures"].provenance) == (
        "Taylor et al. 2021",
        "read",
    )
    rates = [catalogue().coil(name).seizures_per_100000_patients for name in ("H1", "figure-8")]
    assert rates == [556, 14]


def test_an_indication_without_a_protocol_names_one_of_the_catalogue_or_none() -> None:
    nearest = {each.id: each.protocol for each in catalogue().indications_without_protocol}
    assert nearest["cognitive_enhancement"] is None
    for name in filter(None, nearest.values()):
        assert catalogue().entry(name).id == name


def test_ids_are_used_once_and_an_unknown_one_is_refused() -> None:
    ids = [entry.id for entry in catalogue().entries]
    assert len(set(ids)) == len(ids)
    with pytest.raises(CatalogueError, match="own-idea"):
        catalogue().entry("own-idea")


def test_the_itbs_entry_is_600_pulses_in_20_trains_of_2_s_every_10_s() -> None:
    part = catalogue().entry("mdd-l-dlpfc-itbs").parts[0]
    assert (part.plan.pulses, part.trains, part.pattern.train_us) == (600, 20, 2_000_000)
    first_bursts = list(schedule.pulses(part.plan))[:6]
    assert first_bursts == [0, 20_000, 40_000, 200_000, 220_000, 240_000]


@pytest.mark.parametrize(
    ("rate_hz", "percent", "longest_ms"),
    [
        (1, 100, 1_800_000),
        (10, 120, 4200),
        (10, 111, 4200),
        (6, 120, 4200),
        (10.1, 120, 1000),
        (25, 130, 240),
        (25, 131, None),
        (26, 90, None),
    ],
)
def test_between_two_cells_of_the_table_the_stricter_counts(
    rate_hz: float, percent: int, longest_ms: int | None
) -> None:
    assert absolute_limits().train_ms_max(rate_hz, percent) == longest_ms


def test_no_row_of_the_table_allows_more_at_a_higher_intensity_or_rate() -> None:
    table = absolute_limits().train_ms_by_hz_and_percent
    for _, columns in table:
        longest = [ms for _, ms in columns]
        assert longest == sorted(longest, reverse=True)
    for (_, slower), (_, faster) in itertools.pairwise(table):
        for (_, slow_ms), (_, fast_ms) in zip(slower, faster, strict=True):
            assert fast_ms <= slow_ms


@pytest.mark.parametrize(
    ("shape", "field"),
    [((5000, 3, 5000, 10), "intra_burst_mhz"), ((20_000, 3, 30_000, 10), "pulses_per_burst")],
)
def test_a_pattern_that_overlaps_itself_is_none(
    shape: tuple[int, int, int, int], field: str
) -> None:
    with pytest.raises(ValueError, match=field):
        Pattern(PatternKind.THETA_BURST, *shape)
