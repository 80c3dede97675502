"""Everything with numbers of its own in signed bytes, a line each, for people to compare.

``python -m tests.shared.trust.wire_table`` writes `wire_table.txt` anew, when the wire is meant to
change.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator, Sequence
from enum import Enum, IntEnum
from pathlib import Path
from types import ModuleType
from typing import Any

from shared.dose import prescription, reasons
from shared.trust import audit_chain, challenge, passkey, sealing, staff_words, statements

TABLE = Path(__file__).with_suffix(".txt")
MODULES: tuple[ModuleType, ...] = (
    statements,
    staff_words,
    passkey,
    sealing,
    prescription,
    reasons,
    audit_chain,
)


def lines() -> Iterator[str]:
    """Yield what is signed, and the limit of a list of it."""
    yield f"most statements in a list: {challenge.MAXIMUM_STATEMENTS}"
    yield from lines_of(MODULES)


def lines_of(modules: Sequence[ModuleType]) -> Iterator[str]:
    """Yield the numbers of every enum and the fields of every dataclass on the wire."""
    for module in modules:
        own = [kind for kind in vars(module).values() if _is_own(kind, module)]
        for kind in own:
            yield from _enum(kind) if issubclass(kind, Enum) else _fields(kind)


def _is_own(kind: Any, module: ModuleType) -> bool:
    signed = isinstance(kind, type) and (issubclass(kind, IntEnum) or _has_wire(kind))
    return signed and kind.__module__ == module.__name__


def _has_wire(kind: type) -> bool:
    return dataclasses.is_dataclass(kind) and any(
        "wire" in each.metadata for each in dataclasses.fields(kind)
    )


def _enum(kind: type[Enum]) -> Iterator[str]:
    for name, member in kind.__members__.items():
        yield f"{kind.__name__} {member.value} {name}"


def _fields(kind: Any) -> Iterator[str]:
    if hasattr(kind, "TYPE"):
        scope = f", scope {kind.SCOPE.name}" if hasattr(kind, "SCOPE") else ""
        yield f"{kind.__name__} is {kind.TYPE}{scope}"
    hints = typing.get_type_hints(kind)
    for each in dataclasses.fields(kind):
        limits = each.metadata["wire"]
        words = [f"{kind.__name__} {limits.number} {each.name}: {_type(hints[each.name])}"]
        if limits.length is not None:
            words.append(f"length {limits.length}")
        if limits.minimum:
            words.append(f"from {limits.minimum}")
        if limits.maximum is not None:
            words.append(f"to {limits.maximum}")
        if each.default is not dataclasses.MISSING:
            words.append(f"else {each.default}")
        yield ", ".join(words)


def _type(hint: Any) -> str:
    plain = isinstance(hint, type) and not typing.get_args(hint)
    return str(hint.__name__ if plain else hint)


if __name__ == "__main__":
    TABLE.write_text("".join(f"{line}\n" for line in lines()))
