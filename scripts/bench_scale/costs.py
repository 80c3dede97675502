"""What one of each thing costs, as measured: bytes, and milliseconds that a processor computed."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.cloud.cluster import Cluster

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


class Costs:
    """Figures by name, for `scripts.bench_scale.capacity`."""

    def __init__(self) -> None:
        self.figures: dict[str, float] = {}

    def note(self, name: str, figure: float) -> None:
        """Keep a figure, to three digits that count."""
        self.figures[name] = float(f"{figure:.3g}")

    def write(self, path: Path) -> None:
        """Write them as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.figures, indent=2, sort_keys=True) + "\n")


def computed_s(of: Cluster | int) -> float:
    """Seconds that a process has computed so far, or all of a PostgreSQL's that live or lived."""
    if isinstance(of, int):
        return _own_s(of, ended=False)
    first = int((of.folder / "cluster" / "postmaster.pid").read_text().split()[0])
    return _own_s(first, ended=True) + sum(_own_s(pid, ended=False) for pid in _children(first))


def _children(parent: int) -> list[int]:
    return [
        int(each)
        for line in Path(f"/proc/{parent}/task").glob("*/children")
        for each in line.read_text().split()
    ]


def _own_s(pid: int, *, ended: bool) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return 0.0
    places = (11, 12, 13, 14) if ended else (11, 12)
    return sum(int(fields[place]) for place in places) * _TICK_S
