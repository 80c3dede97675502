"""What the last runs gave: each test's results from JUnit XML, the model's guards from its report.

Read only; whether a run is recent enough is for whoever started it. The time of each report is
printed beside the verdict.
"""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from scripts.trace.toml_rows import CaseError, Finding

REPORTS = "build/junit"
GUARDS_FILE = "tests/model/guards.toml"
MODEL_REPORTS = "build/model"
NO_REPORT = f"there is no report of a test run under {REPORTS}: run `make test` first"


@dataclass(frozen=True)
class TestRun:
    """All results of the last run, by the name that pytest reports."""

    __test__ = False

    results: dict[tuple[str, str], list[str]]
    reports: tuple[str, ...]

    def problem_of(self, test: str) -> str | None:
        """Return why a test can't stand as evidence, or None where it passed."""
        found = self.results.get(_reported(test), [])
        if not found:
            return f"{test} isn't in the last run: run `make test`"
        if "failed" in found:
            return f"{test} failed in the last run"
        if "passed" not in found:
            return f"{test} was skipped in the last run"
        return None


def _reported(test: str) -> tuple[str, str]:
    """`tests/a/test_b.py::TestC.test_d` as pytest's class name and name."""
    path, _, name = test.partition("::")
    classes, _, function = name.rpartition(".")
    module = path.removesuffix(".py").replace("/", ".")
    return (f"{module}.{classes}" if classes else module), function


def read_tests(root: Path) -> TestRun:
    """Return the results of every report; with none, a run without reports."""
    results: dict[tuple[str, str], list[str]] = {}
    reports = []
    for path in sorted((root / REPORTS).glob("*.xml")):
        tree = _parsed(path)
        suite = next(tree.iter("testsuite"), None)
        reports.append(f"{path.name} {suite.get('timestamp', '') if suite is not None else ''}")
        for case in tree.iter("testcase"):
            name = case.get("name", "").partition("[")[0]
            results.setdefault((case.get("classname", ""), name), []).append(_result(case))
    return TestRun(results, tuple(reports))


def _parsed(path: Path) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(path.read_bytes())
    except ElementTree.ParseError as error:
        words = f"is no whole JUnit report, run `make test` again: {error}"
        raise CaseError([Finding(f"{REPORTS}/{path.name}", "report", words)]) from error


def _result(case: ElementTree.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


@dataclass(frozen=True)
class Model:
    """The guards of the model with their rules, and those whose counterexample its last run found.

    ``rules`` is None until the model has a list of guards: a name can't be wrong before.
    ``shown`` is None where the model hasn't run here.
    """

    rules: dict[str, frozenset[int]] | None
    shown: frozenset[str] | None

    def problem_of(self, guard: str, rules: tuple[int, ...]) -> str | None:
        """Return why a guard can't stand as evidence for these rules, or None where it does."""
        if self.rules is None:
            return None
        if guard not in self.rules:
            return f"{GUARDS_FILE} has no guard {guard}"
        if not self.rules[guard] & set(rules):
            return f"{guard} is a guard of other rules: {sorted(self.rules[guard])}"
        if self.shown is not None and guard not in self.shown:
            return f"the last `make model` shows no counterexample without {guard}"
        return None


def read_model(root: Path) -> Model:
    """Return what the model's list and its last reports say."""
    path = root / GUARDS_FILE
    rules = _guards(tomllib.loads(path.read_text("utf-8"))) if path.is_file() else None
    reports = sorted((root / MODEL_REPORTS).glob("*.json"))
    shown = {name for report in reports for name in _counterexamples(report)} if reports else None
    return Model(rules, None if shown is None else frozenset(shown))


def _guards(file: dict[str, Any]) -> dict[str, frozenset[int]]:
    return {
        name: frozenset(int(rule.removeprefix("R")) for rule in guard["rules"])
        for name, guard in file.items()
    }


def _counterexamples(report: Path) -> set[str]:
    rows = json.loads(report.read_text("utf-8")).get("guards", [])
    return {str(row["guard"]) for row in rows if row["counterexample"]}
