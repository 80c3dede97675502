"""From a draft to a prescription: catalogue values, what the clinician changed, our own defaults.

What the page doesn't ask comes from the prescription before, where the protocol stays the same, or
from the catalogue and the defaults named here as this product's own choice.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from cloud.prescriptions import thresholds
from shared.dose.prescription import (
    Limits,
    Part,
    Phase,
    Prescription,
    PrescriptionKind,
    Threshold,
    ThresholdKind,
)
from shared.stimulation.catalogue import (
    Catalogue,
    CatalogueEntry,
    HomeUse,
    ProtocolPart,
    catalogue,
)
from shared.stimulation.limits import absolute_limits
from shared.trust.statements import ID_BYTES, Gate

DAY_S, HOUR_S = 86_400, 3_600
BEAT_LIMIT_MS = 3_000  # own: three of the phone's beats
STILL_HERE_S = 300
CLEARANCE_DAYS = 7
INSTALL_WITHIN_DAYS = 14
VALID_DAYS = 90
MAKE_UP_S = 4 * HOUR_S


@dataclass(frozen=True)
class Draft:
    """What the page asks; whole numbers in the units of their names.

    ``threshold_percent`` and ``measured_s`` are None where nobody gave them. Of the prescription
    before they are its threshold, as old as it is; anything else is a new one. ``known_how`` says
    that the clinic keeps how it was measured and by whom; any other new threshold was typed in, and
    is marked as demo.
    """

    protocol_id: str
    intensity_percent: int
    trains: int
    course_sessions: int
    day_window_h: int
    pulses_per_day_window: int
    threshold_percent: int | None = None
    measured_s: int | None = None
    research_reason: str = ""
    threshold_step_signed: bool = False
    known_how: bool = False


@dataclass(frozen=True)
class Recipient:
    """For whom, on which device, what it replaces, and what that said."""

    clinic_id: str
    device_id: bytes
    patient_id: bytes
    initials: str
    serial: int
    replaces_hash: bytes | None
    course_id: bytes | None
    before: Prescription | None = None


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
    """Return the catalogue's own values as a draft; no catalogue knows anybody's threshold."""
    part = entry.parts[0]
    return Draft(
        protocol_id=entry.id,
        intensity_percent=part.intensity_percent or 100,
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
        measured_s=before.threshold.measured_s,
        trains=before.parts[0].trains,
        course_sessions=before.limits.course_sessions,
        day_window_h=before.limits.day_window_s // HOUR_S,
        pulses_per_day_window=before.limits.pulses_per_day_window,
        research_reason=before.research_reason or "",
    )


def begin(protocol_id: str, recipient: Recipient) -> Draft:
    """Return the draft that a page begins with: the prescription before, where the protocol is its
    own, or the catalogue's values; with the threshold in force where it applies, or with none.

    Raise CatalogueError for a protocol that is not in the catalogue.
    """
    entry, before = catalogue().entry(protocol_id), recipient.before
    same = before is not None and before.protocol_id == protocol_id
    draft = from_prescription(before) if before and same else from_entry(entry)
    known = known_threshold(entry, recipient)
    return replace(
        draft,
        threshold_percent=known.percent_mso if known else None,
        measured_s=known.measured_s if known else None,
    )


def known_threshold(entry: CatalogueEntry, recipient: Recipient) -> Threshold | None:
    """Return the threshold of the prescription before where it applies to this protocol."""
    return thresholds.applying(recipient.before, entry, entry.parts[0], recipient.device_id)


def build(draft: Draft, recipient: Recipient, *, now_s: int) -> Prescription:
    """Return the prescription that the desk will be asked to sign.

    One without a threshold can be looked at and not be written; `draft_form.not_given` says what
    it lacks.
    """
    entry, before = catalogue().entry(draft.protocol_id), recipient.before
    base = _new(entry, draft, recipient, now_s)
    threshold = base.threshold
    if before is not None and _goes_on(before, base):
        base = _kept(before, base)
    part = replace(base.parts[0], trains=draft.trains, intensity_percent=draft.intensity_percent)
    parts = (part, *base.parts[1:])
    return replace(
        base,
        parts=parts,
        threshold=threshold,
        limits=_limits(draft, base, sum(part.plan.pulses for part in parts)),
        phases=_phases(draft, base, entry),
        threshold_step_signed=draft.threshold_step_signed,
        research_reason=draft.research_reason or None,
    )


def _goes_on(before: Prescription, new: Prescription) -> bool:
    """Whether what the page doesn't ask stays as it was signed."""
    same = (before.protocol_id, before.device_id, before.coil)
    return same == (new.protocol_id, new.device_id, new.coil)


def _kept(before: Prescription, new: Prescription) -> Prescription:
    """Return what was signed before, with all that every new version says of itself."""
    return replace(
        before,
        kind=new.kind,
        initials=new.initials,
        serial=new.serial,
        replaces_hash=new.replaces_hash,
        new_course=new.new_course,
        course_id=new.course_id,
        catalogue_version=new.catalogue_version,
        envelope_version=new.envelope_version,
        issued_s=new.issued_s,
        install_by_s=new.install_by_s,
        not_before_s=new.not_before_s,
        not_after_s=new.not_after_s,
        replacement=None,
    )


def _new(entry: CatalogueEntry, draft: Draft, recipient: Recipient, now_s: int) -> Prescription:
    """Return the catalogue's entry with this product's defaults."""
    found = [_threshold(part, entry, draft, recipient, now_s) for part in entry.parts]
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
        parts=tuple(
            Part(
                part.site,
                part.pattern,
                part.trains,
                part.interval_ms,
                part.intensity_percent or 100,
            )
            for part in entry.parts
        ),
        threshold=found[0],
        second_threshold=found[1] if len(found) > 1 else None,
        limits=_published(entry),
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
        phases=_entry_phases(entry, entry.limits.course_sessions),
    )


def _threshold(
    part: ProtocolPart, entry: CatalogueEntry, draft: Draft, recipient: Recipient, now_s: int
) -> Threshold:
    device_id = recipient.device_id
    if thresholds.kind_of(part) is ThresholdKind.NONE:
        return thresholds.fixed_output(entry, device_id, now_s)
    return thresholds.given(
        thresholds.applying(recipient.before, entry, part, device_id),
        entry,
        part,
        device_id,
        percent=draft.threshold_percent,
        measured_s=draft.measured_s,
        known_how=draft.known_how,
    )


def _published(entry: CatalogueEntry) -> Limits:
    published, pulses = entry.limits, entry.pulses_per_session
    return Limits(
        day_window_s=published.day_window_h * HOUR_S,
        sessions_per_day_window=published.sessions_per_day_window,
        pulses_per_day_window=published.pulses_per_day_window,
        sessions_per_week=published.sessions_per_week,
        pulses_per_week=published.sessions_per_week * pulses,
        course_sessions=published.course_sessions,
        course_pulses=published.course_sessions * pulses,
        min_interval_s=published.min_interval_s,
        course_days=published.course_days,
    )


def _limits(draft: Draft, base: Prescription, pulses: int) -> Limits:
    """Totals follow where trains or sessions change, and stay as signed where they don't."""
    known = base.limits
    same_session = pulses == base.pulses_per_session
    same_course = same_session and draft.course_sessions == known.course_sessions
    return replace(
        known,
        day_window_s=draft.day_window_h * HOUR_S,
        pulses_per_day_window=draft.pulses_per_day_window,
        pulses_per_week=known.pulses_per_week if same_session else known.sessions_per_week * pulses,
        course_sessions=draft.course_sessions,
        course_pulses=known.course_pulses if same_course else draft.course_sessions * pulses,
    )


def _phases(draft: Draft, base: Prescription, entry: CatalogueEntry) -> tuple[Phase, ...]:
    """Return the phases of so many sessions: the entry's where they are its own, else as they were
    signed, the last one cut or longer. A course of weekly sessions stays one."""
    sessions = draft.course_sessions
    if sessions == base.limits.course_sessions:
        return base.phases
    if base.phases == _entry_phases(entry, base.limits.course_sessions):
        return _entry_phases(entry, sessions)
    if not base.phases:
        return ()
    signed, left = [], sessions
    for phase in base.phases:
        if left > 0:
            signed.append(replace(phase, sessions=min(left, phase.sessions)))
        left -= phase.sessions
    if left > 0:
        signed[-1] = replace(signed[-1], sessions=signed[-1].sessions + left)
    return tuple(signed)


def _entry_phases(entry: CatalogueEntry, sessions: int) -> tuple[Phase, ...]:
    """Return the entry's phases up to so many sessions; none where the whole course is one."""
    found, left = [], sessions
    for phase in entry.phases:
        if left > 0:
            length = min(left, phase.sessions)
            found.append(Phase(length, phase.sessions_per_week, phase.min_interval_s))
        left -= phase.sessions
    return tuple(found) if len(entry.phases) > 1 else ()
