"""The envelope: absolute limits that no signature passes (R13, R14, R31).

Editor, cloud, app and, as the last word, the device check the same prescription by this one
function; every violation is reported at once, with the field, the value, the limit and its source.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shared.dose.prescription import Part, Prescription, PrescriptionKind, ThresholdKind
from shared.stimulation.catalogue import CatalogueEntry, CatalogueError, HomeUse, catalogue
from shared.stimulation.limits import AbsoluteLimits, absolute_limits
from shared.stimulation.pattern import PatternKind

_DAY_S = 86_400
_OWN = "this product's own cap (R31)"
_CATALOGUE = "the catalogue's entry"


@dataclass(frozen=True)
class Violation:
    """One limit that is broken: ``field`` by its name, value and limit in words."""

    field: str
    value: str
    limit: str
    source: str


def violations(prescription: Prescription) -> tuple[Violation, ...]:
    """Return every broken limit; an empty tuple means inside the envelope."""
    limits = absolute_limits()
    found = [*_versions(prescription, limits), *_times(prescription, limits)]
    found += [*_amounts(prescription, limits), *_supervision(prescription, limits)]
    for index, part in enumerate(prescription.parts, start=1):
        found += _part(prescription, part, index, limits)
    try:
        entry = catalogue().entry(prescription.protocol_id)
    except CatalogueError:
        found.append(Violation("protocol_id", prescription.protocol_id, "known", _CATALOGUE))
    else:
        found += _against_entry(prescription, entry)
    return tuple(found)


def _versions(prescription: Prescription, limits: AbsoluteLimits) -> Iterator[Violation]:
    if prescription.kind is not PrescriptionKind.TREATMENT:
        yield Violation("kind", prescription.kind.name.lower(), "treatment", _OWN)
    if prescription.envelope_version != limits.version:
        yield _above("envelope_version", prescription.envelope_version, limits.version, _OWN)
    if prescription.catalogue_version != catalogue().version:
        yield _above(
            "catalogue_version", prescription.catalogue_version, catalogue().version, _CATALOGUE
        )
    if len(prescription.parts) != 1:
        yield Violation("parts", str(len(prescription.parts)), "1", "this firmware")


def _times(prescription: Prescription, limits: AbsoluteLimits) -> Iterator[Violation]:
    caps = limits.caps
    validity_s = prescription.not_after_s - prescription.not_before_s
    if not 0 < validity_s <= caps["validity_days_max"] * _DAY_S:
        yield _above("not_after_s", validity_s, caps["validity_days_max"] * _DAY_S, _OWN)
    if not prescription.issued_s <= prescription.install_by_s <= prescription.not_after_s:
        yield Violation("install_by_s", str(prescription.install_by_s), "within validity", _OWN)
    threshold = prescription.threshold
    age_s = threshold.lock_s - threshold.measured_s
    if not 0 < age_s <= caps["threshold_age_days_max"] * _DAY_S:
        yield _above("threshold.lock_s", age_s, caps["threshold_age_days_max"] * _DAY_S, _OWN)
    if not threshold.measured_s <= threshold.warn_s <= threshold.lock_s:
        yield Violation("threshold.warn_s", str(threshold.warn_s), "before it locks", _OWN)
    if prescription.clearance_limit_s > caps["clearance_days_max"] * _DAY_S:
        yield _above(
            "clearance_limit_s",
            prescription.clearance_limit_s,
            caps["clearance_days_max"] * _DAY_S,
            _OWN,
        )


def _amounts(prescription: Prescription, limits: AbsoluteLimits) -> Iterator[Violation]:
    caps, ordered = limits.caps, prescription.limits
    per_session = prescription.pulses_per_session
    theta = any(p.pattern.kind is PatternKind.THETA_BURST for p in prescription.parts)
    cap = limits.theta_burst["pulses_per_session_max"] if theta else caps["pulses_per_session_max"]
    if per_session > cap:
        yield _above("pulses_per_session", per_session, cap, _OWN)
    shortest, longest = (hours * 3600 for hours in caps["day_window_h"])
    if not shortest <= ordered.day_window_s <= longest:
        yield _above("limits.day_window_s", ordered.day_window_s, f"{shortest} to {longest}", _OWN)
    if ordered.pulses_per_day_window > limits.ceiling_pulses_per_24h:
        yield _above(
            "limits.pulses_per_day_window",
            ordered.pulses_per_day_window,
            limits.ceiling_pulses_per_24h,
            _OWN,
        )
    if ordered.pulses_per_week > limits.ceiling_pulses_per_168h:
        yield _above(
            "limits.pulses_per_week", ordered.pulses_per_week, limits.ceiling_pulses_per_168h, _OWN
        )
    if ordered.sessions_per_day_window > limits.ceiling_sessions_per_24h:
        yield _above(
            "limits.sessions_per_day_window",
            ordered.sessions_per_day_window,
            limits.ceiling_sessions_per_24h,
            _OWN,
        )
    if per_session > ordered.pulses_per_day_window:
        yield _above("limits.pulses_per_day_window", ordered.pulses_per_day_window, per_session, "")


def _supervision(prescription: Prescription, limits: AbsoluteLimits) -> Iterator[Violation]:
    caps = limits.caps
    if prescription.beat_limit_ms > caps["beat_limit_s_max"] * 1000:
        yield _above(
            "beat_limit_ms", prescription.beat_limit_ms, caps["beat_limit_s_max"] * 1000, _OWN
        )
    if prescription.still_here_s > caps["still_here_spacing_s_max"]:
        yield _above(
            "still_here_s", prescription.still_here_s, caps["still_here_spacing_s_max"], _OWN
        )
    within_s = prescription.make_up_within_s
    if within_s is not None and within_s > caps["make_up_within_h"] * 3600:
        yield _above("make_up_within_s", within_s, caps["make_up_within_h"] * 3600, _OWN)


def _part(
    prescription: Prescription, part: Part, index: int, limits: AbsoluteLimits
) -> Iterator[Violation]:
    name = f"parts[{index}]"
    output = prescription.percent_mso(index - 1)
    if output > 100:
        yield _above(f"{name}.intensity_percent", f"{output} % of output", "100 % of output", "R13")
    if part.pattern.rate_mhz > 1000 and part.trains > 1:
        minimum = limits.interval_ms_min_above_1hz
        if part.interval_ms < minimum:
            yield Violation(
                f"{name}.interval_ms",
                str(part.interval_ms),
                f"at least {minimum}",
                limits.interval_source,
            )
    if part.pattern.kind is PatternKind.THETA_BURST:
        yield from _theta_burst(prescription, part, name, limits)
    elif part.pattern.kind is PatternKind.REPETITIVE:
        yield from _train_table(prescription, part, name, limits)


def _theta_burst(
    prescription: Prescription, part: Part, name: str, limits: AbsoluteLimits
) -> Iterator[Violation]:
    theta, source, pattern = limits.theta_burst, limits.theta_burst_source, part.pattern
    train_s = pattern.train_us / 1_000_000
    if pattern.pulses_per_burst > theta["pulses_per_burst_max"]:
        yield _above(
            f"{name}.pattern.pulses_per_burst",
            pattern.pulses_per_burst,
            theta["pulses_per_burst_max"],
            source,
        )
    if pattern.intra_burst_mhz != theta["intra_burst_frequency_hz"] * 1000:
        yield _above(f"{name}.pattern.intra_burst_mhz", pattern.intra_burst_mhz, 50_000, source)
    if part.trains == 1:
        yield from _continuous(prescription, part, name, limits)
        return
    if train_s > theta["itbs_train_s_max"]:
        yield _above(f"{name}.pattern.bursts_per_train", f"{train_s:g} s", "2 s", source)
    if part.interval_ms < theta["itbs_interval_s_min"] * 1000:
        yield Violation(f"{name}.interval_ms", str(part.interval_ms), "at least 8000", source)
    if part.intensity_percent > theta["intensity_percent_rmt_max"]:
        yield _above(
            f"{name}.intensity_percent",
            part.intensity_percent,
            theta["intensity_percent_rmt_max"],
            source,
        )


def _continuous(
    prescription: Prescription, part: Part, name: str, limits: AbsoluteLimits
) -> Iterator[Violation]:
    theta, source = limits.theta_burst, limits.theta_burst_source
    if part.pattern.train_us > theta["ctbs_train_s_max"] * 1_000_000:
        yield _above(f"{name}.pattern.bursts_per_train", part.pattern.train_us, "40 s", source)
    if prescription.threshold.kind is not ThresholdKind.AMT:
        yield Violation("threshold.kind", prescription.threshold.kind.name, "AMT", source)
    if part.intensity_percent > theta["ctbs_intensity_percent_amt_max"]:
        yield _above(f"{name}.intensity_percent", part.intensity_percent, 80, source)


def _train_table(
    prescription: Prescription, part: Part, name: str, limits: AbsoluteLimits
) -> Iterator[Violation]:
    longest = limits.train_ms_max(part.pattern.rate_mhz / 1000, part.intensity_percent)
    train_ms = part.pattern.train_us // 1000
    if longest is not None and train_ms <= longest:
        return
    if prescription.table_exception == prescription.protocol_id and _entry_is_outside(prescription):
        return
    limit = "in the table" if longest is None else f"{longest} ms"
    yield _above(f"{name}.pattern.bursts_per_train", f"{train_ms} ms", limit, limits.train_source)


def _entry_is_outside(prescription: Prescription) -> bool:
    try:
        return catalogue().entry(prescription.protocol_id).outside_train_table
    except CatalogueError:
        return False


def _against_entry(prescription: Prescription, entry: CatalogueEntry) -> Iterator[Violation]:
    if entry.home_use is HomeUse.IN_CLINIC_ONLY:
        yield Violation("protocol_id", entry.id, "for home use", entry.home_use_reason)
    if prescription.coil != entry.coil:
        yield Violation("coil", prescription.coil, entry.coil, _CATALOGUE)
    if prescription.limits.min_interval_s < entry.limits.min_interval_s:
        yield Violation(
            "limits.min_interval_s",
            str(prescription.limits.min_interval_s),
            f"at least {entry.limits.min_interval_s}",
            _CATALOGUE,
        )
    if prescription.limits.course_sessions > entry.limits.course_sessions:
        yield _above(
            "limits.course_sessions",
            prescription.limits.course_sessions,
            entry.limits.course_sessions,
            _CATALOGUE,
        )
    for index, (part, published) in enumerate(
        zip(prescription.parts, entry.parts, strict=False), start=1
    ):
        ceiling = published.intensity_percent
        if ceiling is not None and part.intensity_percent > ceiling:
            yield _above(
                f"parts[{index}].intensity_percent", part.intensity_percent, ceiling, entry.source
            )
        if part.pattern.kind is not published.pattern.kind:
            yield Violation(
                f"parts[{index}].pattern.kind",
                part.pattern.kind.name,
                published.pattern.kind.name,
                entry.source,
            )


def _above(field: str, value: object, limit: object, source: str) -> Violation:
    return Violation(field, str(value), f"at most {limit}", source)
