"""Inputs that once broke a check, one a file: `<parser>-<name>.hex`, lines with # are its story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Kept:
    """One input, its parser's name, and its file's name."""

    name: str
    parser: str
    data: bytes


def kept(folder: Path = FOLDER) -> Iterator[Kept]:
    """Yield what the folder holds, in order of names."""
    for path in sorted(folder.glob("*.hex")):
        lines = path.read_text(encoding="utf-8").splitlines()
        digits = "".join(line for line in lines if not line.startswith("#"))
        yield Kept(path.stem, path.stem.rpartition("-")[0], bytes.fromhex(digits))
