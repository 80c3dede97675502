"""Figures of the project's clinical data that were cited from memory: a clinic closes them (R26).

Read from the data files that the product itself uses, so that a figure looked up disappears here.
"""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

CATALOGUE = "shared/stimulation/catalogue.json"
LIMITS = "shared/stimulation/limits.json"
INSTRUMENTS = "shared/instruments"


def recalled_figures(root: Path) -> list[tuple[str, str, str]]:
    """Return (file, what, source) for everything recalled."""
    return [*_entries(root), *_limits(root), *_instruments(root)]


def _read(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return value


def _entries(root: Path) -> list[tuple[str, str, str]]:
    """One line for each set of fields, with the protocols that recall exactly these."""
    protocols: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for entry in _read(root / CATALOGUE)["entries"]:
        fields = tuple(name for name, word in entry["provenance"].items() if word == "recalled")
        if fields:
            protocols[fields].append(entry["id"])
    return [
        (CATALOGUE, f"{', '.join(names)}: {', '.join(fields)}", "each entry's own")
        for fields, names in protocols.items()
    ]


def _limits(root: Path) -> list[tuple[str, str, str]]:
    return [
        (LIMITS, name.replace("_", " "), str(value.get("source", "")))
        for name, value in _read(root / LIMITS).items()
        if isinstance(value, dict) and value.get("provenance") == "recalled"
    ]


def _instruments(root: Path) -> list[tuple[str, str, str]]:
    files = {path: _read(path) for path in sorted((root / INSTRUMENTS).glob("*.json"))}
    return [
        (path.relative_to(root).as_posix(), "the whole file", str(value.get("source", "")))
        for path, value in files.items()
        if value.get("provenance") == "recalled"
    ]
