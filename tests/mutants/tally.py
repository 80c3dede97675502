"""What came of the trials: counts, the share that was noticed, and how sure that share is."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.mutants.changes import Change
from tests.mutants.trial import Verdict

AREAS = ("shared/dose", "shared/trust", "firmware_bridge/emulator/firmware")
WANTED = 0.95
NOTICED = (Verdict.KILLED, Verdict.TIMED_OUT)
MISSED = (Verdict.SURVIVED, Verdict.UNTESTED)
Z_95 = 1.959964


@dataclass(frozen=True)
class Outcome:
    """What became of one change."""

    change: Change
    verdict: Verdict
    by: str
    before: str
    after: str


@dataclass(frozen=True)
class Figures:
    """The counts of an area."""

    possible: int
    tried: int
    killed: int
    timed_out: int
    survived: int
    equivalent: int

    @property
    def counted(self) -> int:
        """Those that a test could notice."""
        return self.killed + self.timed_out + self.survived

    @property
    def share(self) -> float:
        """The share of those that a test did notice."""
        return (self.killed + self.timed_out) / self.counted if self.counted else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of 95 % for that share."""
        return wilson(self.killed + self.timed_out, self.counted)


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """Return the interval in which a share lies, 95 times of 100, when ``tries`` were drawn."""
    if not tries:
        return 0.0, 1.0
    share, z2 = hits / tries, Z_95**2
    middle = (share + z2 / (2 * tries)) / (1 + z2 / tries)
    spread = share * (1 - share) / tries + z2 / (4 * tries**2)
    half = Z_95 / (1 + z2 / tries) * math.sqrt(spread)
    return middle - half, middle + half


@dataclass
class Tally:
    """Adds up the outcomes."""

    possible: Mapping[str, int]
    """How many changes each area has in all."""
    equivalents: Mapping[str, str]
    outcomes: list[Outcome] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Add one."""
        if outcome.verdict is not Verdict.NO_CODE:
            self.outcomes.append(outcome)

    def figures(self, area: str = "") -> Figures:
        """Return the figures of an area, or of all."""
        inside = [outcome for outcome in self.outcomes if outcome.change.path.startswith(area)]
        verdicts = [outcome.verdict for outcome in inside]
        equivalent = sum(self._is_equivalent(outcome) for outcome in inside)
        missed = sum(verdict in MISSED for verdict in verdicts)
        possible = sum(count for name, count in self.possible.items() if name.startswith(area))
        return Figures(
            possible=possible,
            tried=len(inside),
            killed=verdicts.count(Verdict.KILLED),
            timed_out=verdicts.count(Verdict.TIMED_OUT),
            survived=missed - equivalent,
            equivalent=equivalent,
        )

    def survivors(self) -> list[Outcome]:
        """Return what no test noticed, though one could."""
        missed = (found for found in self.outcomes if found.verdict in MISSED)
        return sorted(
            (found for found in missed if not self._is_equivalent(found)),
            key=lambda found: (found.change.path, found.change.line, found.change.name),
        )

    def slow(self) -> list[Outcome]:
        """Return what was noticed by its time alone."""
        return [found for found in self.outcomes if found.verdict is Verdict.TIMED_OUT]

    def wrongly_listed(self) -> list[str]:
        """Return what is listed as equivalent though a test noticed it."""
        noticed = {found.change.name for found in self.outcomes if found.verdict in NOTICED}
        return sorted(noticed & set(self.equivalents))

    def line(self) -> str:
        """Return one line about all."""
        all_of_it = self.figures()
        low, high = all_of_it.interval
        return (
            f"{all_of_it.tried} of {all_of_it.possible} tried: "
            f"{all_of_it.killed + all_of_it.timed_out} noticed, {all_of_it.survived} not, "
            f"{all_of_it.equivalent} equivalent: {all_of_it.share:.2%} ({low:.2%} to {high:.2%})"
        )

    def _is_equivalent(self, outcome: Outcome) -> bool:
        return outcome.verdict in MISSED and outcome.change.name in self.equivalents


def keep(path: Path, outcomes: Iterable[Outcome]) -> None:
    """Write every outcome down, a line each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lines:
        for outcome in outcomes:
            lines.write(json.dumps({**asdict(outcome), "name": outcome.change.name}) + "\n")


def missed_last_time(path: Path) -> set[str]:
    """Return the names of what survived the run before."""
    lines = path.read_text().splitlines() if path.exists() else []
    outcomes = (json.loads(line) for line in lines)
    return {found["name"] for found in outcomes if found["verdict"] in MISSED}


def read_equivalents(path: Path) -> dict[str, str]:
    """Return the reason of each change that changes nothing."""
    listed = tomllib.loads(path.read_text()).get("equivalent", [])
    reasons = {entry["name"]: entry["reason"] for entry in listed}
    if len(reasons) != len(listed) or not all(reasons.values()):
        raise ValueError(f"{path}: a name stands twice, or without a reason")
    return reasons
