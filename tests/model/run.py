"""`make model`: the models whole, every mutant without one guard, every good end, every trace.

Fails when a model breaks an invariant or was not searched to its end, when a mutant survives, when
a good end can't be reached, or when a trace of the firmware core is no run of the model.
`--write` puts the figures into docs/safety/model.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.model import document, spin
from tests.model.guards import Guard, guards, models, witnesses_in
from tests.model.spin import Search, SpinError

TREE = Path(__file__).resolve().parents[2]
BUILD = TREE / "build/model"
PROCESSES = 2


@dataclass(frozen=True)
class Finding:
    """One line of the table."""

    kind: str
    name: str
    model: str
    rules: str
    search: Search | None
    passed: bool
    words: str
    seconds: float

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as columns: name, rules, model, states, depth, words."""
        found = self.search
        figures = ("", "") if found is None else (f"{found.states:,}", f"{found.depth:,}")
        return (self.name, self.rules, self.model, *figures, self.words)


def check_whole(model: str) -> Finding:
    """Search a model to its end."""
    return _timed("model", model, model, "", (), _judge_whole)


def check_mutant(guard: Guard) -> Finding:
    """Leave a guard out: SPIN must find the harm."""
    rules = " ".join(guard.rules)
    return _timed("mutant", guard.name, guard.model, rules, (f"NO_{guard.name}=1",), _judge_mutant)


def check_witness(model: str, name: str) -> Finding:
    """Ask for a good end: SPIN must find a way to it."""
    return _timed("good end", name, model, "", (f"WITNESS_{name}=1",), _judge_witness)


def _judge_whole(found: Search) -> tuple[bool, str]:
    if found.errors:
        return False, f"BROKEN: {found.violated or 'invalid end state'}"
    return found.whole, "holds, searched whole" if found.whole else "NOT SEARCHED WHOLE"


def _judge_mutant(found: Search) -> tuple[bool, str]:
    return (True, "found") if found.violated else (False, "SURVIVES")


def _judge_witness(found: Search) -> tuple[bool, str]:
    return (True, "reached") if found.violated == "!(1)" else (False, "NOT REACHED")


def _timed(
    kind: str,
    name: str,
    model: str,
    rules: str,
    defines: tuple[str, ...],
    judge: Callable[[Search], tuple[bool, str]],
) -> Finding:
    began = time.monotonic()
    folder = BUILD / f"{model}-{name.lower()}"
    try:
        found = spin.search(spin.build(model, folder, *defines))
    except SpinError as problem:
        return Finding(kind, name, model, rules, None, False, f"ERROR: {problem}", 0.0)
    passed, words = judge(found)
    return Finding(kind, name, model, rules, found, passed, words, time.monotonic() - began)


def work(chosen: Iterable[str]) -> list[Callable[[], Finding]]:
    """Return what is to be done for the chosen models, the longest first."""
    names = [model for model in models() if model in set(chosen)]
    whole = [lambda m=m: check_whole(m) for m in names]
    mutants = [lambda g=g: check_mutant(g) for g in guards() if g.model in names]
    ends = [lambda m=m, w=w: check_witness(m, w) for m in names for w in witnesses_in(m)]
    return [*whole, *mutants, *ends]


def run(chosen: Iterable[str]) -> list[Finding]:
    """Do all of it, two at a time, and say each as it is done."""
    with ThreadPoolExecutor(PROCESSES) as pool:
        futures: list[Future[Finding]] = [pool.submit(step) for step in work(chosen)]
        return [_said(future.result()) for future in futures]


def _said(finding: Finding) -> Finding:
    name, rules, model, states, depth, words = finding.cells
    mark = "ok  " if finding.passed else "FAIL"
    line = f"{mark} {finding.kind:8} {model:10} {name:32} {rules:8} {states:>12} {depth:>9}"
    print(f"{line}  {words}  ({finding.seconds:.1f} s)", flush=True)
    return finding


def keep(findings: list[Finding]) -> None:
    """Leave for each model which guards had their counterexample: `make trace` reads it."""
    BUILD.mkdir(parents=True, exist_ok=True)
    for model in {finding.model for finding in findings}:
        mutants = [each for each in findings if (each.kind, each.model) == ("mutant", model)]
        rows = [{"guard": each.name, "counterexample": each.passed} for each in mutants]
        (BUILD / f"{model}.json").write_text(json.dumps({"guards": rows}, indent=1) + "\n", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks the models, their mutants and traces.")
    parser.add_argument("models", nargs="*", default=models(), help="these models only")
    parser.add_argument("--write", action="store_true", help="put the figures into the document")
    asked = parser.parse_args()
    began = time.monotonic()
    findings = run(asked.models)
    keep(findings)
    failed = [finding for finding in findings if not finding.passed]
    print(f"\nmodel: {len(findings) - len(failed)} passed, {len(failed)} failed", end="")
    print(f" in {time.monotonic() - began:.0f} s")
    if asked.write and not failed:
        document.write(findings)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
