"""What came of a run: by section of the specification, and the one exit status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from firmware_bridge.conformance.runner import Result, Verdict
from firmware_bridge.conformance.sections import Section


class Outcome(IntEnum):
    """Exit statuses of a run, fixed; 2 is a mistake in the arguments, 3 no device."""

    ALL_PASSED = 0
    SOME_FAILED = 1
    NOT_ALL_RUN = 4


@dataclass(frozen=True)
class SectionReport:
    """The checks of one section."""

    section: Section
    results: tuple[Result, ...]

    def count(self, verdict: Verdict) -> int:
        """How many ended so."""
        return sum(result.verdict is verdict for result in self.results)


def by_section(results: Sequence[Result]) -> list[SectionReport]:
    """The sections that have checks, in the specification's order."""
    reports = [
        SectionReport(section, tuple(r for r in results if r.check.section is section))
        for section in Section
    ]
    return [report for report in reports if report.results]


def outcome_of(results: Sequence[Result]) -> Outcome:
    """A failure outweighs a check that couldn't be run."""
    verdicts = {result.verdict for result in results}
    if Verdict.FAILED in verdicts:
        return Outcome.SOME_FAILED
    return Outcome.NOT_ALL_RUN if Verdict.SKIPPED in verdicts else Outcome.ALL_PASSED


def as_document(results: Sequence[Result]) -> dict[str, object]:
    """The report as JSON has it."""
    return {
        "outcome": outcome_of(results).name.lower(),
        "sections": [
            {
                "section": str(report.section),
                **{verdict.value: report.count(verdict) for verdict in Verdict},
                "checks": [_line(result) for result in report.results],
            }
            for report in by_section(results)
        ],
    }


def _line(result: Result) -> dict[str, object]:
    return {
        "name": result.check.name,
        "title": result.check.title,
        "verdict": result.verdict.value,
        "words": result.words,
        "took_s": round(result.took_s, 3),
    }
