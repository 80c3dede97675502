"""From the prescription in force to the next one: plain values, signed by nobody yet (R14, R17,
R24).

Not for judging: the envelope says what may be signed, the device what it installs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from shared.dose.prescription import (
    Limits,
    OpeningBalance,
    Part,
    Prescription,
    PrescriptionKind,
    Replacement,
    Threshold,
    hash_of,
    to_bytes,
)
from shared.stimulation.limits import absolute_limits
from shared.stimulation.pattern import Pattern, PatternKind
from shared.trust.statements import Gate

SINGLE_PULSE = Pattern(PatternKind.SINGLE, 100_000, 1, 0, 1)


@dataclass(frozen=True)
class Issue:
    """What every new serial says of itself."""

    serial: int
    issued_s: int
    install_by_s: int


def end(in_force: Prescription, issue: Issue) -> Prescription:
    """Return the end of the treatment: itself once more, of that kind."""
    return _next(in_force, issue, kind=PrescriptionKind.END)


def renew(
    in_force: Prescription, issue: Issue, *, not_before_s: int, not_after_s: int
) -> Prescription:
    """Return the same treatment with a new validity; its threshold keeps its own dates."""
    return _next(in_force, issue, not_before_s=not_before_s, not_after_s=not_after_s)


def amend(in_force: Prescription, issue: Issue, **changes: Any) -> Prescription:
    """Return the treatment with ``changes`` by field; what isn't named stays as it is."""
    return _next(in_force, issue, **changes)


def titration(
    treatment: Prescription, issue: Issue, *, not_before_s: int, not_after_s: int
) -> Prescription:
    """Return the permission to measure a treatment's first threshold anew, beside it (R14).

    As many single pulses, as far apart, as the limits allow; each names its own intensity.
    """
    allowed = absolute_limits().titration
    interval_ms = allowed["pulse_spacing_s_min"] * 1000
    pulses, part = allowed["pulses_max"], treatment.parts[0]
    return replace(
        _next(treatment, issue, kind=PrescriptionKind.TITRATION),
        replaces_hash=None,
        parts=(Part(part.site, SINGLE_PULSE, pulses, interval_ms, 100),),
        threshold=_unmeasured(treatment.threshold, issue.issued_s),
        second_threshold=None,
        limits=Limits(treatment.limits.day_window_s, 1, pulses, 1, pulses, 1, pulses, 0),
        gates=(Gate.SUPERVISED,),
        make_up_within_s=None,
        not_before_s=not_before_s,
        not_after_s=not_after_s,
        table_exception=None,
        ramp=(),
        phases=(),
    )


def replace_device(
    before: Prescription, issue: Issue, *, threshold: Threshold, replacement: Replacement
) -> Prescription:
    """Return the course for another device, with a threshold measured on it (R24).

    Nothing is in force on that device, so nothing is replaced there.
    """
    return replace(
        _next(before, issue, kind=PrescriptionKind.REPLACEMENT),
        device_id=threshold.device_id,
        coil=threshold.coil,
        replaces_hash=None,
        threshold=threshold,
        replacement=replacement,
    )


def fullest_opening(
    limits: Limits, *, sessions: int, pulses: int, completed: int
) -> OpeningBalance:
    """Return the most that a device can have charged since its record was last seen (R24).

    ``sessions``, ``pulses`` and ``completed`` are the course's as last seen; a full week on top.
    """
    return OpeningBalance(
        day_pulses=limits.pulses_per_day_window,
        day_sessions=limits.sessions_per_day_window,
        week_pulses=limits.pulses_per_week,
        week_sessions=limits.sessions_per_week,
        course_pulses=min(limits.course_pulses, pulses + limits.pulses_per_week),
        course_sessions=min(limits.course_sessions, sessions + limits.sessions_per_week),
        course_completed=completed,
    )


def _unmeasured(threshold: Threshold, issued_s: int) -> Threshold:
    return replace(
        threshold,
        percent_mso=100,
        depth_percent=100,
        measured_s=issued_s,
        warn_s=issued_s,
        lock_s=issued_s,
    )


def _next(before: Prescription, issue: Issue, **changes: Any) -> Prescription:
    plain: dict[str, Any] = {
        "kind": PrescriptionKind.TREATMENT,
        "replaces_hash": hash_of(to_bytes(before)),
        "new_course": False,
        "threshold_step_signed": False,
        "replacement": None,
    }
    return replace(before, **plain | changes | vars(issue))
