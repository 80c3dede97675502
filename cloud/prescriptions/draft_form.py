"""The prescribing page's form: what it asks, what is no answer, and what nobody gave."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cloud.language import _, mark, n_, told
from cloud.prescriptions import thresholds
from cloud.prescriptions.drafts import Draft, Recipient, begin, from_entry, known_threshold
from cloud.times import Times
from shared.dose.prescription import Threshold
from shared.stimulation.catalogue import CatalogueEntry, catalogue

REASON_BYTES_MAX = 80


@dataclass(frozen=True)
class Fault:
    """An input that is no number, or out of what the field can say."""

    field: str
    sentence: str


NUMBERS = {
    "intensity_percent": (mark("Intensity"), 1, 200),
    "threshold_percent": (mark("Motor threshold"), 1, 100),
    "trains": (mark("Trains a session"), 1, 600),
    "course_sessions": (mark("Sessions"), 1, 400),
    "day_window_h": (mark("Day window"), 1, 240),
    "pulses_per_day_window": (mark("Pulses in it"), 1, 100_000),
}


_WHOLE = re.compile(r"[0-9]{1,9}")
MEASURED_ON = "threshold_measured_on"
TICKED = ("threshold_step_signed",)
OF_THE_PAGE = ("patient_id", "serial", "output_step_meant")
FORM_FIELDS = (
    "protocol_id",
    "shown_protocol_id",
    *NUMBERS,
    MEASURED_ON,
    "research_reason",
    *TICKED,
    *OF_THE_PAGE,
)
"""What a draft's form holds; a box that isn't ticked isn't sent. ``OF_THE_PAGE`` says whose draft
it is, of which version, and which large step of the output was meant."""


def is_another_protocol(form: Mapping[str, str]) -> bool:
    """Return whether another protocol was chosen than the one whose values the form shows."""
    chosen = form.get("protocol_id", "")
    return form.get("shown_protocol_id", chosen) != chosen


def from_form(
    form: Mapping[str, str], recipient: Recipient, times: Times, *, now_ms: int
) -> tuple[Draft, tuple[Fault, ...]]:
    """Return the form's draft, with catalogue values where an input is no number, and the faults.

    Raise CatalogueError for a protocol that is not in the catalogue.
    """
    begun = begin(form.get("protocol_id", ""), recipient)
    if is_another_protocol(form):
        return begun, ()
    entry = catalogue().entry(begun.protocol_id)
    faults: list[Fault] = []
    values: dict[str, Any] = {"threshold_percent": None, "measured_s": None}
    whole = _("{label}: a whole number from {lowest} to {highest}")
    for name, (label, lowest, highest) in NUMBERS.items():
        text = form.get(name, "").strip()
        if name == "threshold_percent" and (not text or not thresholds.is_asked(entry)):
            continue
        if not _WHOLE.fullmatch(text) or not lowest <= int(text) <= highest:
            faults.append(
                Fault(name, whole.format(label=told(label), lowest=lowest, highest=highest))
            )
        else:
            values[name] = int(text)
    reason = form.get("research_reason", "").strip()
    if len(reason.encode(errors="replace")) > REASON_BYTES_MAX:
        sentence = _("Reason: at most {most} letters").format(most=REASON_BYTES_MAX)
        faults.append(Fault("research_reason", sentence))
        reason = ""
    values["research_reason"] = reason
    values |= {name: name in form for name in TICKED}
    if thresholds.is_asked(entry):
        known = known_threshold(entry, recipient)
        values["measured_s"], wrong = _measured_s(form, known, times, now_ms)
        faults += wrong
    return replace(from_entry(entry), **values), tuple(faults)


def _measured_s(
    form: Mapping[str, str], known: Threshold | None, times: Times, now_ms: int
) -> tuple[int | None, tuple[Fault, ...]]:
    """Return when the threshold was measured: the known one's own moment on its own day, now for
    today, else the day's beginning, by which it is rather too old than too young."""
    text = form.get(MEASURED_ON, "").strip()
    if not text:
        return None, ()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, (Fault(MEASURED_ON, _("Threshold measured on: a day, month and year")),)
    if known is not None and day == times.day(known.measured_s * 1000):
        return known.measured_s, ()
    today = times.day(now_ms)
    if day > today:
        return None, (Fault(MEASURED_ON, _("Threshold measured on: not after today")),)
    if (today - day).days >= thresholds.LOCK_DAYS:
        sentence = n_(
            "Threshold measured on: less than {days} day ago, or the band locks at once",
            "Threshold measured on: less than {days} days ago, or the band locks at once",
            thresholds.LOCK_DAYS,
        ).format(days=thresholds.LOCK_DAYS)
        return None, (Fault(MEASURED_ON, sentence),)
    return (now_ms if day == today else times.begins(day)) // 1000, ()


def not_given(draft: Draft, faults: tuple[Fault, ...] = ()) -> tuple[Fault, ...]:
    """Return a fault for each thing of a threshold that nobody gave and nothing stands in for,
    but for what ``faults`` already say of it."""
    if not thresholds.is_asked(catalogue().entry(draft.protocol_id)):
        return ()
    asked = {
        "threshold_percent": (
            draft.threshold_percent,
            _("Motor threshold: type in what was measured"),
        ),
        MEASURED_ON: (draft.measured_s, _("Threshold measured on: type in the day")),
    }
    said = {each.field for each in faults}
    return tuple(
        Fault(field, sentence)
        for field, (value, sentence) in asked.items()
        if value is None and field not in said
    )


def too_young(entry: CatalogueEntry, age_years: int) -> tuple[Fault, ...]:
    """Return the fault of a patient below the protocol's age, which no band knows."""
    if age_years >= entry.age_min_years:
        return ()
    sentence = _("This protocol is for {years} years and older; the patient is {age}").format(
        years=entry.age_min_years, age=age_years
    )
    return (Fault("protocol_id", sentence),)
