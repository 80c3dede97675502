"""The models' guards and good ends, as guards.toml and the models themselves name them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
GUARDS = FOLDER / "guards.toml"
_GUARD = re.compile(r"\b(?:GUARD|KEEPS)\((\w+)")
_WITNESS = re.compile(r"\bWITNESS\((\w+)\)")


@dataclass(frozen=True)
class Guard:
    """One thing that a model does not do without, and the rules that ask for it."""

    name: str
    model: str
    rules: tuple[str, ...]
    says: str


def guards() -> list[Guard]:
    """Return every guard of guards.toml, in its order."""
    read = tomllib.loads(GUARDS.read_text("utf-8"))
    return [
        Guard(name, row["model"], tuple(row["rules"]), row["says"]) for name, row in read.items()
    ]


def models() -> list[str]:
    """Return the models' names, in the order in which guards.toml comes to them."""
    return list(dict.fromkeys(guard.model for guard in guards()))


def source(model: str) -> str:
    """Return a model's text."""
    return (FOLDER / f"{model}.pml").read_text("utf-8")


def guards_in(model: str) -> set[str]:
    """Return the names of the guards that a model uses."""
    return set(_GUARD.findall(source(model)))


def witnesses_in(model: str) -> list[str]:
    """Return the names of a model's good ends."""
    return list(dict.fromkeys(_WITNESS.findall(source(model))))
