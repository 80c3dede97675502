"""A part's pulses: output, spacing, theta burst, and the table of train durations (R13, R31)."""

from __future__ import annotations

from collections.abc import Iterator

from shared.dose.bounds.thresholds import name_of
from shared.dose.bounds.violation import OWN, Violation, above, below
from shared.dose.prescription import Part, Prescription, ThresholdKind
from shared.stimulation.catalogue import CatalogueEntry, ProtocolPart
from shared.stimulation.limits import AbsoluteLimits
from shared.stimulation.pattern import PatternKind

_ONE_HERTZ = 1000


def part_violations(
    prescription: Prescription,
    index: int,
    entry: CatalogueEntry | None,
    limits: AbsoluteLimits,
) -> Iterator[Violation]:
    """Yield what's wrong with the pulses of a part (from 0), whatever its protocol."""
    part, name = prescription.parts[index], f"parts[{index + 1}]"
    output = prescription.percent_mso(index)
    if output > 100:
        yield above(f"{name}.intensity_percent", f"{output} % of output", "100 % of output", "R13")
    yield from _shape(part, name)
    yield from _interval(part, name, limits)
    if part.pattern.kind is PatternKind.THETA_BURST:
        yield from _theta_burst(prescription, index, name, limits)
    elif part.pattern.kind is PatternKind.REPETITIVE:
        yield from _train_table(prescription, index, entry, limits)


def _shape(part: Part, name: str) -> Iterator[Violation]:
    """A pattern is what it's called: no burst passes for a single pulse."""
    pattern = part.pattern
    if pattern.kind is PatternKind.THETA_BURST:
        return
    if pattern.pulses_per_burst > 1:
        yield above(f"{name}.pattern.pulses_per_burst", pattern.pulses_per_burst, 1, OWN)
    if pattern.kind is PatternKind.SINGLE and pattern.bursts_per_train > 1:
        yield above(f"{name}.pattern.bursts_per_train", pattern.bursts_per_train, 1, OWN)


def _interval(part: Part, name: str, limits: AbsoluteLimits) -> Iterator[Violation]:
    fast = part.pattern.rate_mhz > _ONE_HERTZ or part.pattern.kind is PatternKind.SINGLE
    shortest = limits.interval_ms_min_above_1hz
    if fast and part.trains > 1 and part.interval_ms < shortest:
        yield below(f"{name}.interval_ms", part.interval_ms, shortest, limits.interval_source)


def _theta_burst(
    prescription: Prescription, index: int, name: str, limits: AbsoluteLimits
) -> Iterator[Violation]:
    theta, source = limits.theta_burst, limits.theta_burst_source
    part = prescription.parts[index]
    pattern = part.pattern
    if pattern.pulses_per_burst > theta["pulses_per_burst_max"]:
        field, most = f"{name}.pattern.pulses_per_burst", theta["pulses_per_burst_max"]
        yield above(field, pattern.pulses_per_burst, most, source)
    within_mhz = theta["intra_burst_frequency_hz"] * 1000
    if pattern.pulses_per_burst > 1 and pattern.intra_burst_mhz != within_mhz:
        field = f"{name}.pattern.intra_burst_mhz"
        yield Violation(field, str(pattern.intra_burst_mhz), str(within_mhz), source)
    if part.trains == 1:
        yield from _continuous(prescription, index, name, limits)
    else:
        yield from _intermittent(part, name, limits)


def _intermittent(part: Part, name: str, limits: AbsoluteLimits) -> Iterator[Violation]:
    theta, source = limits.theta_burst, limits.theta_burst_source
    longest_us = theta["itbs_train_s_max"] * 1_000_000
    if part.pattern.train_us > longest_us:
        field = f"{name}.pattern.bursts_per_train"
        yield above(field, _seconds(part.pattern.train_us), _seconds(longest_us), source)
    shortest_ms = theta["itbs_interval_s_min"] * 1000
    if part.interval_ms < shortest_ms:
        yield below(f"{name}.interval_ms", part.interval_ms, shortest_ms, source)
    strongest = theta["intensity_percent_rmt_max"]
    if part.intensity_percent > strongest:
        yield above(f"{name}.intensity_percent", part.intensity_percent, strongest, source)


def _continuous(
    prescription: Prescription, index: int, name: str, limits: AbsoluteLimits
) -> Iterator[Violation]:
    theta, source = limits.theta_burst, limits.theta_burst_source
    part, threshold = prescription.parts[index], prescription.threshold_of(index)
    longest_us = theta["ctbs_train_s_max"] * 1_000_000
    if part.pattern.train_us > longest_us:
        field = f"{name}.pattern.bursts_per_train"
        yield above(field, _seconds(part.pattern.train_us), _seconds(longest_us), source)
    if threshold.kind is not ThresholdKind.AMT:
        field = f"{name_of(prescription, index)}.kind"
        yield Violation(field, threshold.kind.name, "AMT", source)
    strongest = theta["ctbs_intensity_percent_amt_max"]
    if part.intensity_percent > strongest:
        yield above(f"{name}.intensity_percent", part.intensity_percent, strongest, source)


def _train_table(
    prescription: Prescription,
    index: int,
    entry: CatalogueEntry | None,
    limits: AbsoluteLimits,
) -> Iterator[Violation]:
    part = prescription.parts[index]
    longest = limits.train_ms_max(part.pattern.rate_mhz / 1000, part.intensity_percent)
    train_us = _unbroken_us(part, limits)
    if longest is not None and train_us <= longest * 1000:
        return
    if _is_excepted(prescription, index, entry):
        return
    limit = "in the table" if longest is None else f"{longest} ms"
    field = f"parts[{index + 1}].pattern.bursts_per_train"
    yield above(field, f"{-(-train_us // 1000)} ms", limit, limits.train_source)


def _unbroken_us(part: Part, limits: AbsoluteLimits) -> int:
    """Trains closer than the least interval are one to the tissue, also at 1 Hz and below."""
    apart = part.interval_ms >= limits.interval_ms_min_above_1hz
    return part.pattern.train_us if apart else part.plan.duration_us


def _is_excepted(prescription: Prescription, index: int, entry: CatalogueEntry | None) -> bool:
    """The entry is outside the table itself, the prescriber signs that, and it's no stronger."""
    if entry is None or not entry.outside_train_table or index >= len(entry.parts):
        return False
    named = prescription.table_exception == entry.id
    return named and _as_it_stands_or_milder(prescription.parts[index], entry.parts[index])


def _as_it_stands_or_milder(part: Part, published: ProtocolPart) -> bool:
    pattern, other = part.pattern, published.pattern
    return (
        pattern.kind is other.kind
        and pattern.rate_mhz == other.rate_mhz
        and pattern.pulses_per_burst == other.pulses_per_burst
        and pattern.bursts_per_train <= other.bursts_per_train
        and part.trains <= published.trains
        and part.interval_ms >= published.interval_ms
        and part.intensity_percent <= (published.intensity_percent or 0)
    )


def _seconds(microseconds: int) -> str:
    return f"{microseconds / 1_000_000:g} s"
