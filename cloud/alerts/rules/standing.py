"""All rules over how things stand with a patient, for whoever looks now and then."""

from __future__ import annotations

from cloud.alerts.facts import Standing
from cloud.alerts.findings import Finding
from cloud.alerts.rules.clearance import clearance
from cloud.alerts.rules.course import course
from cloud.alerts.rules.hold import hold
from cloud.alerts.rules.missed import missed
from cloud.alerts.rules.silent import silent
from cloud.alerts.rules.threshold import threshold
from cloud.alerts.rules.unanswered import unanswered
from cloud.alerts.thresholds import Thresholds

RULES = (hold, silent, clearance, missed, unanswered, threshold, course)
FAMILIES = frozenset(
    {
        "hold-waits",
        "silent",
        "clearance",
        "missed",
        "unanswered",
        "threshold",
        "course",
        "prescription",
        "certificate",
    }
)
"""Causes that end by themselves once no rule finds them any more."""


def of_standing(standing: Standing, thresholds: Thresholds) -> tuple[Finding, ...]:
    """Return everything that these rules find."""
    return tuple(finding for rule in RULES for finding in rule(standing, thresholds))


def ends_by_itself(key: str) -> bool:
    """Return whether a cause is of these families."""
    return key.partition("/")[0] in FAMILIES
