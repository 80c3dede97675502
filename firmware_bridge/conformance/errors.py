"""What keeps the suite from running at all; what a check finds is a result, not an error."""

from __future__ import annotations


class SuiteError(Exception):
    """Root of the suite's errors."""

    code = "conformance"


class UnknownSection(SuiteError):
    """No check belongs to a section of this name."""

    code = "conformance.section"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"No check belongs to the section {name!r}: {', '.join(known)}.")
