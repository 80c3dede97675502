"""Runs SPIN: a model to C, C to a search, the search's last words to figures."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.model.guards import FOLDER

DEPTH = 2_000_000
_STATES = re.compile(r"^\s*(\d+) states, stored", re.MULTILINE)
_REACHED = re.compile(r"depth reached (\d+), errors: (\d+)")
_VIOLATED = re.compile(r"^pan:1: assertion violated +(.*) \(at depth (\d+)\)", re.MULTILINE)
_NOT_WHOLE = (
    "Search not completed",
    "max search depth too small",
    "Bit statespace",
    "Hash-Compact",
)


@dataclass(frozen=True)
class Search:
    """What one search found. ``whole`` says that it looked at every state there is."""

    states: int
    depth: int
    errors: int
    whole: bool
    violated: str | None
    said: str


class SpinError(RuntimeError):
    """A tool that did not do its part; the message is what it said."""


def build(model: str, folder: Path, *defines: str, options: tuple[str, ...] = ()) -> Path:
    """Return the search program of a model with ``defines``, made in ``folder``.

    Always a full search: no hash compaction, no bit state, partial order reduction on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("guards.h", f"{model}.pml"):
        shutil.copy(FOLDER / name, folder)
    _run(folder, ["spin", *(f"-D{define}" for define in defines), "-a", f"{model}.pml"])
    _run(folder, ["gcc", "-O1", "-w", "-DSAFETY", "-DCOLLAPSE", *options, "-o", "pan", "pan.c"])
    return folder / "pan"


def search(
    program: Path,
    *,
    depth: int = DEPTH,
    options: tuple[str, ...] = (),
    variables: Mapping[str, str] | None = None,
) -> Search:
    """Search until the first error, or to the end."""
    ran = subprocess.run(
        [program.resolve(), f"-m{depth}", *options],
        cwd=program.parent,
        env=dict(variables or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    return read(ran.stdout, ran.stderr, ran.returncode)


def read(out: str, error: str = "", code: int = 0) -> Search:
    """Return what a search program's last words mean."""
    states, reached, violated = _STATES.search(out), _REACHED.search(out), _VIOLATED.search(out)
    if states is None or reached is None:
        raise SpinError(f"a search that came to no end (status {code}): {out[-500:]}{error[-500:]}")
    errors = int(reached[2])
    depth = int(violated[2]) if violated else int(reached[1])
    whole = errors == 0 and code == 0 and not any(words in out for words in _NOT_WHOLE)
    return Search(int(states[1]), depth, errors, whole, violated[1] if violated else None, error)


def _run(folder: Path, command: list[str]) -> None:
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if ran.returncode or "rror:" in ran.stdout:
        raise SpinError(f"{' '.join(command)}: {ran.stdout[-800:]}{ran.stderr[-800:]}")
