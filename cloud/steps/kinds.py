"""What a step makes of the treatment, and the plain word for what undoes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from cloud.errors import NotFound, Refused
from cloud.language import mark
from cloud.prescriptions import drafts
from cloud.prescriptions.drafts import DAY_S, HOUR_S, INSTALL_WITHIN_DAYS, Recipient
from cloud.steps.threshold import read_measurement
from shared.dose import changes
from shared.dose.changes import Issue
from shared.dose.prescription import Prescription, PrescriptionKind
from shared.stimulation.limits import absolute_limits

TITRATION_DAYS = 1
"""A permission to measure lasts a day (own choice)."""
Make = Callable[[Recipient, Prescription, Mapping[str, str], int], Prescription]


@dataclass(frozen=True)
class Step:
    """``says`` is what happens once the band has it, ``undo`` what takes it back."""

    name: str
    title: str
    says: str
    undo: str
    make: Make
    grave: bool = False


def before_of(recipient: Recipient) -> Prescription:
    """Return the treatment that a step changes; raise Refused where there is none, or it ended."""
    before = recipient.before
    if before is None or before.kind is PrescriptionKind.END:
        raise Refused("There is no treatment that this could change. Prescribe one first.")
    return before


def step_of(name: str) -> Step:
    """Return a step by its name in the address."""
    found = next((each for each in STEPS if each.name == name), None)
    if found is None:
        raise NotFound("There is no such page.")
    return found


def make_up_hours() -> range:
    """Return the hours within which a broken session may be made up, at most R31's."""
    return range(1, absolute_limits().caps["make_up_within_h"] + 1)


def _issue(recipient: Recipient, now_s: int) -> Issue:
    return Issue(recipient.serial, now_s, now_s + INSTALL_WITHIN_DAYS * DAY_S)


def _end(
    recipient: Recipient, before: Prescription, _form: Mapping[str, str], now_s: int
) -> Prescription:
    return changes.end(before, _issue(recipient, now_s))


def _titration(
    recipient: Recipient, before: Prescription, _form: Mapping[str, str], now_s: int
) -> Prescription:
    until_s = now_s + TITRATION_DAYS * DAY_S
    issue = Issue(recipient.serial, now_s, until_s)
    return changes.titration(before, issue, not_before_s=now_s, not_after_s=until_s)


def _make_up(
    recipient: Recipient, before: Prescription, form: Mapping[str, str], now_s: int
) -> Prescription:
    chosen = form.get("hours", "")
    allowed = {"none": None} | {str(hours): hours * HOUR_S for hours in make_up_hours()}
    if chosen not in allowed:
        raise Refused("Choose one of the lengths.", code="hours")
    issue = _issue(recipient, now_s)
    return changes.amend(before, issue, make_up_within_s=allowed[chosen])


def _threshold(
    recipient: Recipient, before: Prescription, form: Mapping[str, str], now_s: int
) -> Prescription:
    measured = read_measurement(form)
    draft = replace(
        drafts.from_prescription(before),
        threshold_percent=measured.percent,
        measured_s=now_s,
        threshold_step_signed=measured.step_meant(before),
        known_how=True,
    )
    return drafts.build(draft, recipient, now_s=now_s)


STEPS = (
    Step(
        "threshold",
        mark("Take a measured threshold"),
        mark("Intensities go by the new threshold from the next session on."),
        mark("To take it back, sign the old value again."),
        _threshold,
    ),
    Step(
        "titration",
        mark("Measure the threshold"),
        mark(
            "Allows single pulses in the clinic for one day, under trained staff's own signature."
        ),
        mark("There's no undo; it lapses by itself after a day. The treatment stays as it is."),
        _titration,
    ),
    Step(
        "make-up",
        mark("Allow a make-up"),
        mark(
            "A broken session may be made up once within this time, as its remaining trains only."
        ),
        mark("To take it back, choose “none” and sign again."),
        _make_up,
    ),
    Step(
        "end",
        mark("End the treatment"),
        mark("No further session opens once the band has it, whatever was left of the course."),
        mark("There's no undo: treatment goes on only by a new prescription."),
        _end,
        grave=True,
    ),
)
