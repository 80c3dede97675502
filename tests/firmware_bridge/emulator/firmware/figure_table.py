"""The figures that the firmware core goes by, and the names of its pages, for people to compare.

``python -m tests.firmware_bridge.emulator.firmware.figure_table`` writes `figure_table.txt` anew,
when a figure is meant to change: each is a limit, a time or a name that somebody relies on.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any

from firmware_bridge.emulator.firmware import (
    apps,
    armed,
    blobs,
    checkpoints,
    clinic_word,
    commands,
    core,
    course_of_pulses,
    deadlines,
    firing,
    holds,
    installing,
    journal,
    kept,
    ledger_room,
    modes,
    nonces,
    outside,
    overwritten,
    owners,
    ownership,
    ports,
    presence,
    receipts,
    replacing,
    requests_taken,
    rooms,
    roots,
    session_commands,
    showing,
    states,
    supervision,
    surroundings,
    tenure,
    time_word,
    timekeeping,
    titration,
    treatment,
    trial,
)

TABLE = Path(__file__).with_suffix(".txt")
MODULES = (
    apps,
    armed,
    blobs,
    checkpoints,
    clinic_word,
    commands,
    core,
    course_of_pulses,
    deadlines,
    firing,
    holds,
    installing,
    journal,
    kept,
    ledger_room,
    modes,
    nonces,
    outside,
    overwritten,
    owners,
    ownership,
    ports,
    presence,
    receipts,
    replacing,
    requests_taken,
    rooms,
    roots,
    session_commands,
    showing,
    states,
    supervision,
    surroundings,
    tenure,
    time_word,
    timekeeping,
    titration,
    treatment,
    trial,
)


def lines() -> Iterator[str]:
    """Yield the constants of every module, and what its dataclasses begin with."""
    for module in MODULES:
        stem = module.__name__.rpartition(".")[2]
        for name in _constants(module):
            yield from _constant(f"{stem}.{name}", getattr(module, name))
        for kind in vars(module).values():
            if isinstance(kind, type) and kind.__module__ == module.__name__:
                yield from _defaults(f"{stem}.{kind.__name__}", kind)


def _constants(module: ModuleType) -> Iterator[str]:
    for statement in ast.parse(Path(module.__file__ or "").read_text()).body:
        targets = statement.targets if isinstance(statement, ast.Assign) else ()
        for node in (node for target in targets for node in ast.walk(target)):
            if isinstance(node, ast.Name) and node.id.isupper() and len(node.id) > 1:
                yield node.id


def _constant(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (f"{name} {_spelt(key)}: {_spelt(each)}" for key, each in value.items())
    elif "\n" not in str(value):
        yield f"{name}: {_spelt(value)}"


def _defaults(name: str, kind: type) -> Iterator[str]:
    if dataclasses.is_dataclass(kind):
        for each in dataclasses.fields(kind):
            if each.default is not dataclasses.MISSING and "wire" not in each.metadata:
                yield f"{name}.{each.name} begins with {_spelt(each.default)}"


def _spelt(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_spelt, value))
    return value.name if isinstance(value, Enum) else repr(value)


if __name__ == "__main__":
    TABLE.write_text("".join(f"{line}\n" for line in lines()))
