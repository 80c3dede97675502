"""Trouble that is planted: one patient each, and what the clinic's pages should show of it."""

from __future__ import annotations

from enum import StrEnum


class Case(StrEnum):
    """What goes wrong with one patient, as their made-up name says it."""

    RED_FLAG = "red flag after session"
    SELF_HARM = "thoughts of self-harm"
    GAP = "gap in record"
    FORK = "record forks"
    FOREIGN_DEVICE = "foreign band"
    COUNTER = "counter behind"
    CLOCK = "clock out of line"
    OVER_DOSE = "more pulses than prescribed"
    MISSED = "sessions missed"
    SILENT = "phone silent"
    CLEARANCE = "clearance runs out"
    WORSE = "score worse"
    THRESHOLD = "threshold ages"
    COURSE_ENDS = "course ends"
    HOLD_WAITS = "hold not in force"
    PRESCRIBER_LEFT = "prescriber left"
    CONSENT_BACK = "consent taken back"
    ERASED = "erased"

    @property
    def name_of_patient(self) -> str:
        """The made-up patient's name."""
        return f"Case: {self.value}"


CAUSES: dict[Case, str] = {
    Case.RED_FLAG: "red-flag",
    Case.SELF_HARM: "self-harm",
    Case.GAP: "gap",
    Case.FORK: "fork",
    Case.FOREIGN_DEVICE: "foreign_device",
    Case.COUNTER: "counter",
    Case.CLOCK: "clock",
    Case.OVER_DOSE: "beyond_session",
    Case.MISSED: "missed",
    Case.SILENT: "silent",
    Case.CLEARANCE: "clearance",
    Case.WORSE: "worse",
    Case.THRESHOLD: "threshold",
    Case.COURSE_ENDS: "course",
    Case.HOLD_WAITS: "hold-waits",
    Case.CONSENT_BACK: "consent",
}
"""The family of the alert that each case raises; a prescriber who left and who was erased raise
none."""
