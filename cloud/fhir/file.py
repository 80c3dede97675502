"""A clinic as a file: one line of JSON a patient, each a Bundle; written anew, and read back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from cloud.errors import CloudError
from cloud.fhir.bundle import bundle_of, chart_of
from cloud.fhir.chart import Chart
from cloud.fhir.errors import FhirProblem, NotValid

LINE_BYTES_MAX = 64 * 1024 * 1024
"""Of one patient's bundle (own choice)."""


def line_of(chart: Chart, *, now_ms: int) -> bytes:
    """Return a chart as a line of the file."""
    text = json.dumps(bundle_of(chart, now_ms=now_ms), ensure_ascii=False, separators=(",", ":"))
    return text.encode() + b"\n"


def charts_of(path: Path) -> Iterator[Chart]:
    """Yield the charts of a file; raise CloudError that names the line, the field and the limit."""
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(LINE_BYTES_MAX + 1):
                number += 1
                yield _chart(line, f"{path}, line {number}")
    except OSError as problem:
        raise CloudError(f"{path}: {problem.strerror}") from problem


def _chart(line: bytes, where: str) -> Chart:
    try:
        if len(line) > LINE_BYTES_MAX:
            raise NotValid("Bundle", f"is longer than {LINE_BYTES_MAX} bytes")
        return chart_of(json.loads(line))
    except FhirProblem as problem:
        raise CloudError(f"{where}: {problem}") from problem
    except ValueError as problem:
        raise CloudError(f"{where}: is no JSON") from problem
