"""Does a new prescription only take away? Then it takes effect at once (R17).

Fewer, weaker, later, sooner over: yes. What changes the pulses' order in a session (sites,
patterns, trains, their intervals) waits for the session's close, less though it may be.
"""

from __future__ import annotations

from dataclasses import replace

from shared.dose.prescription import (
    Limits,
    Part,
    Prescription,
    PrescriptionKind,
    Threshold,
)

_TREATMENTS = (PrescriptionKind.TREATMENT, PrescriptionKind.REPLACEMENT)
_FEWER = (
    "sessions_per_day_window",
    "pulses_per_day_window",
    "sessions_per_week",
    "pulses_per_week",
    "course_sessions",
    "course_pulses",
)


def only_lowers(before: Prescription, after: Prescription) -> bool:
    """Return whether ``after`` permits nothing that ``before`` did not."""
    return (
        before.kind in _TREATMENTS
        and after.kind is PrescriptionKind.TREATMENT
        and _same_beside(before, after)
        and _parts(before, after)
        and _limits(before.limits, after.limits)
        and _thresholds(before, after)
        and _conditions(before, after)
    )


def _same_beside(before: Prescription, after: Prescription) -> bool:
    """Whether all that may not change at all is the same."""
    allowed = replace(
        before,
        kind=after.kind,
        serial=after.serial,
        replaces_hash=after.replaces_hash,
        new_course=False,
        parts=after.parts,
        threshold=after.threshold,
        second_threshold=after.second_threshold,
        threshold_step_signed=after.threshold_step_signed,
        limits=after.limits,
        gates=after.gates,
        beat_limit_ms=after.beat_limit_ms,
        still_here_s=after.still_here_s,
        clearance_limit_s=after.clearance_limit_s,
        button_required=after.button_required,
        make_up_within_s=after.make_up_within_s,
        issued_s=after.issued_s,
        install_by_s=after.install_by_s,
        not_before_s=after.not_before_s,
        not_after_s=after.not_after_s,
        ramp=after.ramp,
        replacement=None,
    )
    return allowed == after


def _parts(before: Prescription, after: Prescription) -> bool:
    """Each part's own intensity, and what the ramp makes of it session by session."""
    if len(before.parts) != len(after.parts):
        return False
    if any(_beside_intensity(old, new) for old, new in zip(before.parts, after.parts, strict=True)):
        return False
    ramped = max(len(before.ramp), len(after.ramp)) + 1
    return all(
        after.intensity_percent(index, done) <= before.intensity_percent(index, done)
        for index in range(len(after.parts))
        for done in range(ramped)
    )


def _beside_intensity(old: Part, new: Part) -> bool:
    return replace(old, intensity_percent=new.intensity_percent) != new


def _thresholds(before: Prescription, after: Prescription) -> bool:
    if (before.second_threshold is None) is not (after.second_threshold is None):
        return False
    return all(
        _threshold(before.threshold_of(index), after.threshold_of(index))
        for index in range(len(after.parts))
    )


def _threshold(old: Threshold, new: Threshold) -> bool:
    fewer = ("percent_mso", "depth_percent", "warn_s", "lock_s")
    same = {name: getattr(new, name) for name in fewer}
    return replace(old, **same) == new and _none_above(old, new, fewer)


def _limits(old: Limits, new: Limits) -> bool:
    return (
        _none_above(old, new, _FEWER)
        and new.day_window_s >= old.day_window_s
        and new.min_interval_s >= old.min_interval_s
        and _within(old.course_days, new.course_days)
    )


def _conditions(before: Prescription, after: Prescription) -> bool:
    sooner = ("beat_limit_ms", "still_here_s", "clearance_limit_s", "not_after_s")
    return (
        _none_above(before, after, sooner)
        and after.not_before_s >= before.not_before_s
        and set(after.gates) >= set(before.gates)
        and after.button_required >= before.button_required
        and _make_up(before.make_up_within_s, after.make_up_within_s)
    )


def _none_above(old: object, new: object, names: tuple[str, ...]) -> bool:
    return all(getattr(new, name) <= getattr(old, name) for name in names)


def _within(old: int | None, new: int | None) -> bool:
    """None sets no end."""
    return old is None or (new is not None and new <= old)


def _make_up(old: int | None, new: int | None) -> bool:
    """None allows no make-up at all."""
    return new is None or (old is not None and new <= old)
