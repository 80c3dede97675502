"""Gives SPIN the firmware core's traces: each must be a run of its model, a corrupted one not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.model import spin
from tests.model.schedules import Days
from tests.model.traces import CORRUPTIONS, VIEWS, Trace, View, corrupted, header

SCHEDULES = 40
ACTIONS = 40
_DEPTH = 300_000
_DEAD_ENDS = "-E"
"""A step that the model has not got ends one way through it; others are still looked at."""
_VECTOR = "-DVECTORSZ=32768"


@dataclass(frozen=True)
class Replayed:
    """What SPIN made of one trace: a run of the model, or where it stopped."""

    model: str
    name: str
    expected: bool
    accepted: bool
    steps: int
    words: str

    @property
    def passed(self) -> bool:
        """True when a true trace was accepted, or a corrupted one was not."""
        return self.accepted is self.expected


def record(schedules: int = SCHEDULES, actions: int = ACTIONS) -> dict[str, list[Trace]]:
    """Return every model's traces of so many random days of the firmware core."""
    days = [Days(seed).live(actions) for seed in range(schedules)]
    return {view.model: [view.trace(events) for events in days] for view in VIEWS}


def replay(view: View, traces: Sequence[Trace], folder: Path) -> list[Replayed]:
    """Let SPIN look for each trace, and for each corrupted one, among the model's runs."""
    named = [(f"seed {seed}", True, trace) for seed, trace in enumerate(traces)]
    for corruption in CORRUPTIONS:
        if corruption.view is view:
            changed = corrupted(corruption, traces)
            named.append((corruption.name, False, changed or ()))
    program = _build(view, [trace for _, _, trace in named], folder)
    return [
        _judge(view, name, expected, trace, program, number)
        for number, (name, expected, trace) in enumerate(named)
    ]


def _build(view: View, traces: Sequence[Trace], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "trace.h").write_text(header(view, traces), "utf-8")
    figures = (f"{name}={figure}" for name, figure in view.figures.items())
    options = ("-include", "trace.h", _VECTOR)
    return spin.build(view.model, folder, "TRACE=1", *figures, options=options)


def _judge(
    view: View, name: str, expected: bool, trace: Trace, program: Path, number: int
) -> Replayed:
    if not trace:
        return Replayed(view.model, name, expected, not expected, 0, "NO TRACE TO CHANGE")
    found = spin.search(
        program, depth=_DEPTH, options=(_DEAD_ENDS,), variables={"TRACE": str(number)}
    )
    accepted = found.violated == "0"
    words = "to its end" if accepted else _where(found, trace)
    return Replayed(view.model, name, expected, accepted, len(trace), words)


def _where(found: spin.Search, trace: Trace) -> str:
    if found.violated:
        return f"breaks {found.violated}"
    taken = int(found.said or 0)
    step = trace[taken] if taken < len(trace) else ("END", 0)
    return f"stops at step {taken}: {step[0]} {step[1]}"
