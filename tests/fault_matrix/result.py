"""A cell's outcome as it is kept and shown: plain values, one line of JSON each."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from tests.fault_matrix.cell import Seen
from tests.fault_matrix.cells import Cell
from tests.fault_matrix.evidence import UpdateSeen
from tests.fault_matrix.judging import judge


class Verdict(StrEnum):
    """What became of a cell."""

    HOLDS = "holds"
    FAILS = "fails"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True)
class Result:
    """One cell under one profile."""

    profile: str
    phase: str
    ill: str
    verdict: Verdict
    why: tuple[str, ...] = ()
    """What doesn't hold, or why it is impossible."""
    app: str = ""
    device: str = ""
    end: str = ""
    recovered_ms: int | None = None
    told: tuple[str, ...] = ()
    fired: int = 0
    charged: int = 0
    update: str = ""
    """How a firmware update ended, where there was one."""

    @property
    def key(self) -> tuple[str, str, str]:
        """Which cell it is."""
        return (self.profile, self.phase, self.ill)


def judged(cell: Cell, profile: str, seen: Seen) -> Result:
    """The result of a cell that was lived through."""
    evidence = seen.evidence
    why = judge(cell.ill, evidence)
    return Result(
        profile,
        cell.phase.name,
        cell.ill.name,
        Verdict.FAILS if why else Verdict.HOLDS,
        why,
        seen.app,
        seen.device,
        evidence.end,
        evidence.recovered_ms,
        tuple(said.text for said in evidence.told if not said.in_a_row)
        or tuple(said.text for said in evidence.told),
        evidence.looks[-1].fired,
        evidence.looks[-1].charged,
        _update(evidence.update),
    )


def _update(seen: UpdateSeen | None) -> str:
    if seen is None:
        return ""
    kept = "kept" if seen.confirmed else "on trial"
    tries = "try" if len(seen.outcomes) == 1 else "tries"
    return f"runs the {seen.runs} image, {kept}, after {len(seen.outcomes)} {tries}"


def failed(cell: Cell, profile: str, why: str) -> Result:
    """The result of a cell that could not be lived through."""
    return Result(profile, cell.phase.name, cell.ill.name, Verdict.FAILS, (why,))


def impossible(cell: Cell, profile: str, why: str) -> Result:
    """The result of a cell that can't be."""
    return Result(profile, cell.phase.name, cell.ill.name, Verdict.IMPOSSIBLE, (why,))


def keep(result: Result, file: Path) -> None:
    """Add a result to those that are kept."""
    with file.open("a") as kept:
        kept.write(json.dumps(asdict(result)) + "\n")


def read_kept(file: Path) -> dict[tuple[str, str, str], Result]:
    """Every result that was kept, by its cell; the last one counts."""
    if not file.exists():
        return {}
    results = (_read(line) for line in file.read_text().splitlines())
    return {result.key: result for result in results}


def _read(line: str) -> Result:
    plain = json.loads(line)
    plain["verdict"] = Verdict(plain["verdict"])
    return Result(**{**plain, "why": tuple(plain["why"]), "told": tuple(plain["told"])})
