"""Figures that were cited from memory: what a clinic has to close before use (R26).

Those of catalogue and limits are the list whose digest a clinic's root signs; instruments say it
of themselves, as a whole.
"""

import json
from collections import defaultdict
from pathlib import Path

from shared.stimulation.recalled import closed_digest, recalled_fields

INSTRUMENTS = "shared/instruments"


def recalled_figures(root: Path) -> list[tuple[str, str]]:
    """Return (where, what) for everything recalled."""
    named: dict[str, list[str]] = defaultdict(list)
    for name in recalled_fields():
        where, _, field = name.partition(".")
        named[where].append(field)
    figures = [(where, ", ".join(fields)) for where, fields in named.items()]
    return [*figures, *((where, "the whole file") for where in _instruments(root))]


def recalled_digest() -> str:
    """Return the digest of the list that a clinic's acceptance signs, in hex."""
    return closed_digest().hex()


def _instruments(root: Path) -> list[str]:
    files = {path: json.loads(path.read_bytes()) for path in (root / INSTRUMENTS).glob("*.json")}
    recalled = [path for path, value in files.items() if value.get("provenance") == "recalled"]
    return sorted(path.relative_to(root).as_posix() for path in recalled)
