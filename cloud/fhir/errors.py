"""What FHIR's callers are told: errors that name field and limit, as an OperationOutcome."""

from __future__ import annotations

from typing import Any

from cloud.errors import CloudError


class FhirProblem(CloudError):
    """Something asked for or sent that isn't taken.

    ``field`` is the FHIRPath of the element or the name of the parameter at fault, ``issue`` the
    code of FHIR's value set issue-type.
    """

    code = "fhir"
    issue = "processing"

    def __init__(self, field: str, problem: str) -> None:
        # The text may hold braces of who sent it: nothing is filled in.
        super().__init__(f"{field} {problem}")
        self.field = field


class NotValid(FhirProblem):
    """A resource that isn't FHIR R4, or not of the form that this mapping reads."""

    issue = "invalid"
    status = 422


class BadParameter(FhirProblem):
    """A parameter of a search, an operation or an export that is unknown or past its limit."""

    issue = "value"
    status = 400


class TooLarge(FhirProblem):
    """More than a limit of ours allows."""

    issue = "too-costly"
    status = 413


def outcome(issue: str, sentence: str, field: str = "") -> dict[str, Any]:
    """Return an OperationOutcome with one issue."""
    found: dict[str, Any] = {"severity": "error", "code": issue, "diagnostics": sentence}
    if field:
        found["expression"] = [field]
    return {"resourceType": "OperationOutcome", "issue": [found]}
