"""The threat model names tests that exist, and every boundary has all six kinds of threat."""

import re
from pathlib import Path

import pytest

from scripts.trace.places import Places

TREE = Path(__file__).resolve().parents[2]
DOCUMENT = (TREE / "docs/security.md").read_text("utf-8")
ROW = re.compile(r"^\| ([STRIDE]) \| ([^|]+) \| ([^|]+) \| `(tests/[^`]+)` \|$", re.MULTILINE)
ANY_ROW = re.compile(r"^\| [A-Z] \|.*$", re.MULTILINE)
BOUNDARIES = (
    "Phone and band",
    "Phone and ingest",
    "Browser and dashboard",
    "Signing desk",
    "Worker and the world outside",
    "Database",
    "Operator",
)


def of(boundary: str) -> str:
    return DOCUMENT.partition(f"## {boundary}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_a_boundary_has_every_kind_of_threat(boundary: str) -> None:
    assert {row[0] for row in ROW.findall(of(boundary))} == set("STRIDE")


def test_every_row_names_a_test_that_exists() -> None:
    rows = ROW.findall(DOCUMENT)
    assert len(rows) == len(ANY_ROW.findall(DOCUMENT)) > 40
    places = Places(TREE)
    problems = [places.problem_of(place) for _, _, _, place in rows]
    assert [each for each in problems if each] == []
