"""The generator's figures, each with where it is from: cohort.json beside this file."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Span:
    """From the lowest to the highest."""

    lowest: int
    highest: int


@dataclass(frozen=True)
class Symptoms:
    """How PHQ-9 begins and moves; shares are of all patients, times in completed sessions."""

    baseline: Span
    baseline_mean: float
    baseline_sd: float
    half_time_sessions: Span
    responder_share: float
    remitter_share: float
    week_noise_sd: float
    item_missing: float
    self_harm_share: float


@dataclass(frozen=True)
class Attendance:
    """How sessions are kept; effects multiply the chance of missing one."""

    missed_mean: float
    weekend_effect: float
    cluster_effect: float
    dropout_by_week: float
    partial_share: float
    weekly_after_course_share: float
    weekly_weeks: Span


@dataclass(frozen=True)
class Noticed:
    """Side effects: shares of sessions in the first week, and how they decline."""

    headache_first_week: float
    scalp_first_week: float
    decline_per_week: float
    moderate_share: float
    severe_share: float


@dataclass(frozen=True)
class Cohort:
    """All of it."""

    symptoms: Symptoms
    attendance: Attendance
    noticed: Noticed


@functools.cache
def cohort() -> Cohort:
    """Return the figures that ship with this version."""
    text = resources.files(__package__).joinpath("cohort.json").read_text("utf-8")
    value = json.loads(text)
    return Cohort(
        _symptoms(value["symptoms"]),
        _attendance(value["attendance"]),
        Noticed(**_without_provenance(value["side_effects"])),
    )


def _symptoms(value: dict[str, Any]) -> Symptoms:
    plain = _without_provenance(value)
    baseline = plain.pop("baseline")
    return Symptoms(
        baseline=Span(baseline["lowest"], baseline["highest"]),
        baseline_mean=baseline["mean"],
        baseline_sd=baseline["sd"],
        half_time_sessions=Span(**plain.pop("half_time_sessions")),
        **plain,
    )


def _attendance(value: dict[str, Any]) -> Attendance:
    plain = _without_provenance(value)
    return Attendance(weekly_weeks=Span(**plain.pop("weekly_weeks")), **plain)


def _without_provenance(value: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in value.items() if name != "provenance"}
