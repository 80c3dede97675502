"""Reads a scenario: TOML with a title, a seed and one table `[[fault]]` for each placement.

The same file with the same seed strikes alike. Not for placing: `place_in` hands it on.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from firmware_bridge.emulator.faults.errors import FaultRefused
from firmware_bridge.emulator.faults.placements import MOST_PLACED, Placements
from firmware_bridge.emulator.faults.placing import read_placement
from firmware_bridge.emulator.scenario.errors import ScenarioBroken

LARGEST_SEED = 2**31 - 1
LONGEST_TITLE = 200
LARGEST_FILE_BYTES = 256 * 1024
FIELDS = ("title", "seed", "fault")
HEADER = re.compile(r"\s*\[\[\s*fault\s*\]\]")
TOML_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
SUFFIX = ".toml"


@dataclass(frozen=True)
class Scenario:
    """What is to go wrong with a band."""

    title: str
    seed: int
    faults: tuple[Mapping[str, Any], ...]
    """Placements, each with a seed of its own where it goes by chance."""

    def place_in(self, placements: Placements) -> None:
        """Place every fault; those without an instant or event strike at once."""
        for asked in self.faults:
            placements.place(asked)


def load_scenario(named: str) -> Scenario:
    """Read a file, or a shipped scenario by its name; ScenarioBroken says what is wrong."""
    path = Path(named)
    if named in shipped() and not path.exists():
        return read_scenario(_shipped_folder().joinpath(named + SUFFIX).read_text("utf-8"), named)
    if path.stat().st_size > LARGEST_FILE_BYTES:
        raise ScenarioBroken(named, None, "file", f"at most {LARGEST_FILE_BYTES} bytes are wanted")
    try:
        return read_scenario(path.read_text("utf-8"), named)
    except UnicodeDecodeError as problem:
        raise ScenarioBroken(named, None, "file", "UTF-8 is wanted") from problem


def shipped() -> tuple[str, ...]:
    """Names of the scenarios that come with the emulator."""
    names = (entry.name for entry in _shipped_folder().iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)))


def read_scenario(text: str, file: str) -> Scenario:
    """Return the scenario of a text; ScenarioBroken names line and field."""
    content = _toml(text, file)
    for field in content:
        if field not in FIELDS:
            wanted = "one of " + ", ".join(FIELDS) + " is wanted"
            raise ScenarioBroken(file, _line_of(text, None, field), field, wanted)
    title, seed = _title(content, text, file), _seed(content, text, file)
    tables = content.get("fault")
    if not isinstance(tables, list) or not 1 <= len(tables) <= MOST_PLACED:
        problem = f"1 to {MOST_PLACED} tables [[fault]] are wanted"
        raise ScenarioBroken(file, _line_of(text, None, "fault"), "fault", problem)
    faults = [_fault(table, number, seed, text, file) for number, table in enumerate(tables)]
    return Scenario(title, seed, tuple(faults))


def _toml(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        said = TOML_LINE.search(str(problem))
        words = TOML_LINE.sub("", str(problem))
        line = int(said.group(1)) if said else None
        raise ScenarioBroken(file, line, "TOML", words) from problem


def _title(content: dict[str, Any], text: str, file: str) -> str:
    title = content.get("title")
    if not isinstance(title, str) or not 0 < len(title) <= LONGEST_TITLE:
        problem = f"a text of 1 to {LONGEST_TITLE} characters is wanted"
        raise ScenarioBroken(file, _line_of(text, None, "title"), "title", problem)
    return title


def _seed(content: dict[str, Any], text: str, file: str) -> int:
    seed = content.get("seed")
    if type(seed) is not int or not 0 <= seed <= LARGEST_SEED:
        problem = f"an integer from 0 to {LARGEST_SEED} is wanted"
        raise ScenarioBroken(file, _line_of(text, None, "seed"), "seed", problem)
    return seed


def _fault(table: Any, number: int, seed: int, text: str, file: str) -> Mapping[str, Any]:
    if not isinstance(table, dict):
        problem = "a table [[fault]] is wanted"
        raise ScenarioBroken(file, _line_of(text, None, "fault"), "fault", problem)
    asked = dict(table)
    if "probability" in asked:
        asked.setdefault("seed", seed * MOST_PLACED + number)
    try:
        read_placement(asked, 0)
    except FaultRefused as refused:
        field = refused.field if refused.field in table else "value"
        line = _line_of(text, number, field) or _line_of(text, number, "fault")
        wanted = str(refused).removeprefix(f"{refused.field}: ")
        raise ScenarioBroken(file, line, f"fault {number + 1}, {refused.field}", wanted) from None
    return asked


def _line_of(text: str, number: int | None, field: str) -> int | None:
    """The line on which a field is set: before all tables, or in the table of that number."""
    key = re.compile(rf"\s*[\"']?{re.escape(field)}[\"']?\s*=")
    table = -1
    for line_number, line in enumerate(text.splitlines(), start=1):
        if HEADER.match(line):
            table += 1
        if table == (-1 if number is None else number) and key.match(line):
            return line_number
    return None


def _shipped_folder() -> Any:
    return resources.files("firmware_bridge.emulator.scenario").joinpath("shipped")
