"""From a form to a prescription: catalogue values, what the clinician changed, our own defaults.

What is not asked on the page today is named here as this product's own choice.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from shared.dose.prescription import (
    Limits,
    Part,
    Prescription,
    PrescriptionKind,
    Threshold,
    ThresholdKind,
)
from shared.stimulation.catalogue import Catalogue, CatalogueEntry, HomeUse, catalogue
from shared.stimulation.limits import absolute_limits
from shared.trust.statements import ID_BYTES, Gate

DAY_S, HOUR_S = 86_400, 3_600
DEFAULT_THRESHOLD_PERCENT = 50
BEAT_LIMIT_MS = 3_000  # own: three of the phone's beats
STILL_HERE_S = 300
CLEARANCE_DAYS = 7
INSTALL_WITHIN_DAYS = 14
VALID_DAYS = 90
THRESHOLD_WARN_DAYS, THRESHOLD_LOCK_DAYS = 28, 42
MAKE_UP_S = 4 * HOUR_S


@dataclass(frozen=True)
class Draft:
    """What the page asks; whole numbers in the units of their names."""

    protocol_id: str
    intensity_percent: int
    threshold_percent: int
    trains: int
    course_sessions: int
    day_window_h: int
    pulses_per_day_window: int


@dataclass(frozen=True)
class Fault:
    """An input that is no number, or out of what the field can say."""

    field: str
    sentence: str


@dataclass(frozen=True)
class Recipient:
    """For whom, on which device, and what it replaces."""

    clinic_id: str
    device_id: bytes
    patient_id: bytes
    initials: str
    serial: int
    replaces_hash: bytes | None
    course_id: bytes | None


NUMBERS = {
    "intensity_percent": ("Intensity", 1, 200),
    "threshold_percent": ("Motor threshold", 1, 100),
    "trains": ("Trains a session", 1, 600),
    "course_sessions": ("Sessions", 1, 400),
    "day_window_h": ("Day window", 1, 240),
    "pulses_per_day_window": ("Pulses in it", 1, 100_000),
}


def offered(book: Catalogue) -> tuple[CatalogueEntry, ...]:
    """Return the entries that may be given at home and that one part describes."""
    return tuple(
        entry
        for entry in book.entries
        if entry.home_use is not HomeUse.IN_CLINIC_ONLY
        and len(entry.parts) == 1
        and entry.parts[0].intensity_percent is not None
    )


def from_entry(entry: CatalogueEntry) -> Draft:
    """Return the catalogue's own values as a draft."""
    part = entry.parts[0]
    return Draft(
        protocol_id=entry.id,
        intensity_percent=part.intensity_percent or 100,
        threshold_percent=DEFAULT_THRESHOLD_PERCENT,
        trains=part.trains,
        course_sessions=entry.limits.course_sessions,
        day_window_h=entry.limits.day_window_h,
        pulses_per_day_window=entry.limits.pulses_per_day_window,
    )


def from_prescription(before: Prescription) -> Draft:
    """Return a draft with the values of a prescription, to amend it."""
    return Draft(
        protocol_id=before.protocol_id,
        intensity_percent=before.parts[0].intensity_percent,
        threshold_percent=before.threshold.percent_mso,
        trains=before.parts[0].trains,
        course_sessions=before.limits.course_sessions,
        day_window_h=before.limits.day_window_s // HOUR_S,
        pulses_per_day_window=before.limits.pulses_per_day_window,
    )


def from_form(form: Mapping[str, str]) -> tuple[Draft, tuple[Fault, ...]]:
    """Return the form's draft, with catalogue values where an input is no number, and the faults.

    Raise CatalogueError for a protocol that is not in the catalogue.
    """
    draft = from_entry(catalogue().entry(form.get("protocol_id", "")))
    if form.get("shown_protocol_id", draft.protocol_id) != draft.protocol_id:
        return draft, ()
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    for name, (label, lowest, highest) in NUMBERS.items():
        text = form.get(name, "").strip()
        if not text.isascii() or not text.isdigit() or not lowest <= int(text) <= highest:
            faults.append(Fault(name, f"{label}: a whole number from {lowest} to {highest}"))
        else:
            values[name] = int(text)
    return replace(draft, **values), tuple(faults)


def build(draft: Draft, recipient: Recipient, *, now_s: int) -> Prescription:
    """Return the prescription that the desk will be asked to sign."""
    entry = catalogue().entry(draft.protocol_id)
    published = entry.parts[0]
    part = Part(
        published.site,
        published.pattern,
        draft.trains,
        published.interval_ms,
        draft.intensity_percent,
    )
    return Prescription(
        kind=PrescriptionKind.TREATMENT,
        clinic_id=recipient.clinic_id.encode(),
        device_id=recipient.device_id,
        patient_id=recipient.patient_id,
        initials=recipient.initials,
        serial=recipient.serial,
        replaces_hash=recipient.replaces_hash,
        new_course=recipient.course_id is None,
        course_id=recipient.course_id or secrets.token_bytes(ID_BYTES),
        protocol_id=entry.id,
        catalogue_version=catalogue().version,
        envelope_version=absolute_limits().version,
        coil=entry.coil,
        parts=(part,),
        threshold=_threshold(draft, entry, recipient, now_s),
        limits=_limits(draft, entry, part.plan.pulses),
        gates=(Gate.SCREENING,),
        beat_limit_ms=BEAT_LIMIT_MS,
        still_here_s=STILL_HERE_S,
        clearance_limit_s=CLEARANCE_DAYS * DAY_S,
        button_required=True,
        make_up_within_s=MAKE_UP_S,
        issued_s=now_s,
        install_by_s=now_s + INSTALL_WITHIN_DAYS * DAY_S,
        not_before_s=now_s,
        not_after_s=now_s + VALID_DAYS * DAY_S,
        table_exception=entry.id if entry.outside_train_table else None,
    )


def _threshold(draft: Draft, entry: CatalogueEntry, recipient: Recipient, now_s: int) -> Threshold:
    return Threshold(
        kind=ThresholdKind[entry.parts[0].threshold_kind.upper()],
        percent_mso=draft.threshold_percent,
        measured_s=now_s,
        warn_s=now_s + THRESHOLD_WARN_DAYS * DAY_S,
        lock_s=now_s + THRESHOLD_LOCK_DAYS * DAY_S,
        demo=True,
        device_id=recipient.device_id,
        coil=entry.coil,
    )


def _limits(draft: Draft, entry: CatalogueEntry, pulses_per_session: int) -> Limits:
    published = entry.limits
    return Limits(
        day_window_s=draft.day_window_h * HOUR_S,
        sessions_per_day_window=published.sessions_per_day_window,
        pulses_per_day_window=draft.pulses_per_day_window,
        sessions_per_week=published.sessions_per_week,
        pulses_per_week=published.sessions_per_week * pulses_per_session,
        course_sessions=draft.course_sessions,
        course_pulses=draft.course_sessions * pulses_per_session,
        min_interval_s=published.min_interval_s,
    )
