"""A motor threshold that grows old: said from one signed date on, before the band locks from a
second (R14)."""

from __future__ import annotations

from mobile.language import _
from mobile.presenters.views import Row
from mobile.presenters.words import Now, day
from shared.dose.prescription import Prescription, PrescriptionKind, ThresholdKind


def threshold_row(now: Now, plan: Prescription | None) -> Row | None:
    """Return the line of the day's screen; None where no threshold is due."""
    if plan is None or plan.kind is PrescriptionKind.END:
        return None
    both = (plan.threshold, plan.second_threshold)
    dated = [each for each in both if each is not None and each.kind is not ThresholdKind.NONE]
    now_s = now.wall_ms // 1000
    if any(now_s >= each.lock_s for each in dated):
        return Row(_("Your threshold"), _("Your clinic measures it before the next session"))
    if any(now_s >= each.warn_s for each in dated):
        until = day(now, min(each.lock_s for each in dated) * 1000)
        return Row(
            _("Your threshold"), _("To be measured at your clinic by {day}").format(day=until)
        )
    return None
