"""`make model`: the models whole, every mutant without one guard, every good end, every trace.

Fails when a model breaks an invariant or was not searched to its end, when a mutant survives, when
a good end can't be reached, when a trace of the firmware core is no run of its model, or a
corrupted one is. `--write` puts the figures into docs/safety/model.md.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial

from tests.model import document
from tests.model.findings import (
    Finding,
    Kind,
    check_good_ends,
    check_model,
    check_mutant,
    check_traces,
)
from tests.model.guards import guards, models

PROCESSES = 2


def steps(chosen: Sequence[str]) -> list[Callable[[], list[Finding]]]:
    """Return what is to be done, the longest first; traces only when every model is chosen."""
    names = [model for model in models() if model in chosen]
    return [
        *([check_traces] if names == models() else []),
        *(partial(check_model, model) for model in names),
        *(partial(check_mutant, guard) for guard in guards() if guard.model in names),
        *(partial(check_good_ends, model) for model in names),
    ]


def run(chosen: Sequence[str]) -> list[Finding]:
    """Do all of it, two at a time, and say each as it is done."""
    findings: list[Finding] = []
    with ThreadPoolExecutor(PROCESSES) as pool:
        for future in as_completed([pool.submit(step) for step in steps(chosen)]):
            for finding in future.result():
                findings.append(finding)
                say(finding)
    return findings


def say(finding: Finding) -> None:
    """Print one line."""
    mark = "ok  " if finding.passed else "FAIL"
    figures = f"{finding.states or '':>9} {finding.depth:>6}"
    name = f"{finding.kind.value:9} {finding.model:9} {finding.name:32} {finding.rules:8}"
    print(f"{mark} {name} {figures}  {finding.words}", flush=True)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Checks the models, their mutants and traces.")
    parser.add_argument("models", nargs="*", choices=[[], *models()], help="only these")
    parser.add_argument("--write", action="store_true", help="put the figures into the document")
    asked = parser.parse_args()
    began = time.monotonic()
    findings = run(asked.models or models())
    print()
    document.show(findings)
    failed = [finding for finding in findings if not finding.passed]
    for finding in failed:
        say(finding)
    print(f"model: {len(findings) - len(failed)} passed, {len(failed)} failed", end="")
    print(f" in {time.monotonic() - began:.0f} s")
    if asked.write and not failed and not asked.models:
        document.write(findings)
    return 1 if failed or not any(f.kind is Kind.MODEL for f in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
