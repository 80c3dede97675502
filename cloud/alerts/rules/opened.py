"""All rules over what a phone told, for whoever opened it."""

from __future__ import annotations

from cloud.alerts.facts import Answered, Told
from cloud.alerts.findings import Finding
from cloud.alerts.rules.red_flag import red_flags
from cloud.alerts.rules.self_harm import self_harm, self_harm_today
from cloud.alerts.rules.told import told
from cloud.alerts.rules.worse import worse

OF_TOLD = (red_flags, self_harm_today, told)
OF_ANSWERED = (self_harm, worse)


def of_told(fact: Told) -> tuple[Finding, ...]:
    """Return what an item of care asks for."""
    return tuple(finding for rule in OF_TOLD for finding in rule(fact))


def of_answered(fact: Answered) -> tuple[Finding, ...]:
    """Return what a check-in asks for."""
    return tuple(finding for rule in OF_ANSWERED for finding in rule(fact))
