"""A motor threshold that was measured: its value, how it was measured, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cloud.errors import Refused
from cloud.language import mark
from shared.dose.prescription import Prescription
from shared.stimulation.limits import absolute_limits

METHODS = {
    "twitch": mark("visible twitch"),
    "emg": mark("electromyography"),
    "other": mark("another method"),
}
BY_LETTERS_MAX = 64


@dataclass(frozen=True)
class Measurement:
    """Percent of maximum output, a key of METHODS, and who measured."""

    percent: int
    method: str
    by: str
    meant: int | None

    def step_meant(self, before: Prescription) -> bool:
        """Whether the step is larger than R14's and was said to be meant, for this very value."""
        most = absolute_limits().caps["threshold_step_percent_mso_without_flag"]
        step = abs(self.percent - before.threshold.percent_mso)
        return step > most and self.meant == self.percent


def read_measurement(form: Mapping[str, str]) -> Measurement:
    """Return what the form says; raise Refused for what is none."""
    text = form.get("percent", "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= 100):
        raise Refused("Motor threshold: a whole number from 1 to 100.", code="percent")
    if form.get("method") not in METHODS:
        raise Refused("Say how the threshold was measured.", code="method")
    by = " ".join(form.get("by", "").split())
    if not 1 <= len(by) <= BY_LETTERS_MAX:
        raise Refused("Say who measured the threshold, in at most 64 letters.", code="by")
    meant = form.get("step_meant", "")
    return Measurement(
        int(text), form["method"], by, int(meant) if meant.isascii() and meant.isdigit() else None
    )
