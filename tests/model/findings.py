"""What one check came to, as a line of the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tests.model import replay, spin
from tests.model.guards import Guard, witnesses_in
from tests.model.spin import Search, SpinError
from tests.model.traces import VIEWS

BUILD = Path(__file__).resolve().parents[2] / "build/model"


class Kind(Enum):
    """What was asked of SPIN."""

    MODEL = "model"
    MUTANT = "mutant"
    GOOD_END = "good end"
    TRACE = "trace"
    CORRUPTED = "corrupted"


@dataclass(frozen=True)
class Finding:
    """One line: what was checked, how far SPIN had to look, and what it said."""

    kind: Kind
    name: str
    model: str
    passed: bool
    words: str
    rules: str = ""
    states: int = 0
    depth: int = 0


Judge = Callable[[Search], tuple[bool, str]]


def check_model(model: str) -> list[Finding]:
    """Search a model to its end."""
    return [_search(Kind.MODEL, model, model, (), judge_model)]


def check_mutant(guard: Guard) -> list[Finding]:
    """Leave a guard out: SPIN must find the harm."""
    left_out = (f"NO_{guard.name}=1",)
    rules = ", ".join(guard.rules)
    return [_search(Kind.MUTANT, guard.name, guard.model, left_out, judge_mutant, rules)]


def check_good_ends(model: str) -> list[Finding]:
    """Ask for each good end of a model: SPIN must find a way to it."""
    return [
        _search(Kind.GOOD_END, name, model, (f"WITNESS_{name}=1",), judge_good_end)
        for name in witnesses_in(model)
    ]


def check_traces() -> list[Finding]:
    """Record days of the firmware core; each model must have them, and none of the corrupted."""
    recorded = replay.record()
    return [
        Finding(
            Kind.TRACE if done.expected else Kind.CORRUPTED,
            done.name,
            done.model,
            done.passed,
            done.words,
            depth=done.steps,
        )
        for view in VIEWS
        for done in replay.replay(view, recorded[view.model], BUILD / f"{view.model}-traces")
    ]


def _search(
    kind: Kind, name: str, model: str, defines: tuple[str, ...], judge: Judge, rules: str = ""
) -> Finding:
    try:
        found = spin.search(spin.build(model, BUILD / f"{model}-{name.lower()}", *defines))
    except SpinError as problem:
        return Finding(kind, name, model, False, f"ERROR: {problem}", rules)
    passed, words = judge(found)
    return Finding(kind, name, model, passed, words, rules, found.states, found.depth)


def judge_model(found: Search) -> tuple[bool, str]:
    if found.errors:
        return False, f"BROKEN: {found.violated or 'no next step'}"
    return found.whole, "holds" if found.whole else "NOT SEARCHED WHOLE"


def judge_mutant(found: Search) -> tuple[bool, str]:
    return (True, "found") if found.violated else (False, "SURVIVES")


def judge_good_end(found: Search) -> tuple[bool, str]:
    return (True, "reached") if found.violated == "!(1)" else (False, "NOT REACHED")
