"""How the FHIR server answers: FHIR's JSON, errors as OperationOutcome."""

from __future__ import annotations

from fastapi.responses import JSONResponse

from cloud.fhir.errors import FhirProblem, outcome

PREFIX = "/fhir"
_ISSUES = {
    400: "value",
    401: "login",
    403: "forbidden",
    404: "not-found",
    409: "conflict",
    410: "deleted",
    413: "too-costly",
    422: "invalid",
    429: "throttled",
    500: "exception",
    503: "transient",
}


class FhirJson(JSONResponse):
    """A resource as JSON."""

    media_type = "application/fhir+json"


def is_of_fhir(path: str) -> bool:
    """Return whether an address is the FHIR server's."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def refusal(status: int, words: str, problem: Exception | None) -> FhirJson:
    """Return why not: the field at fault stands in it where the problem names one."""
    if isinstance(problem, FhirProblem):
        found = outcome(problem.issue, words, problem.field)
    else:
        found = outcome(_ISSUES.get(status, "processing"), words)
    return FhirJson(found, status_code=status)
