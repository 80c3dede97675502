"""The fields of a dataclass on the wire, in the document's words: markdown of one kind each.

Not for which dataclasses the document shows, nor where.
"""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from collections.abc import Iterable
from typing import Any

from shared.wire import operations
from shared.wire.fields import Limits


def table(heads: list[str], rows: Iterable[list[str]]) -> str:
    """Return a markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def kind_words(hint: Any) -> str:
    """Return a field's kind in the document's words."""
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return kind_words(next(h for h in typing.get_args(hint) if h is not type(None)))
    if typing.get_origin(hint) is tuple:
        return f"list of {kind_words(typing.get_args(hint)[0])}"
    if hint in (int, str, bytes, bool):
        return {int: "uint", str: "text", bytes: "bytes", bool: "bool"}[hint]
    return f"`{hint.__name__}`"


def is_optional(hint: Any) -> bool:
    return type(None) in typing.get_args(hint)


def limit_words(hint: Any, limits: Limits) -> str:
    """Return a field's limits: of an integer its value, of all else its length."""
    unit = "" if kind_words(hint) == "uint" else " long"
    if limits.length is not None:
        return f"{limits.length} long"
    if limits.maximum is not None and (limits.minimum or not unit):
        return f"{limits.minimum:,} to {limits.maximum:,}{unit}"
    if limits.maximum is not None:
        return f"at most {limits.maximum:,} long"
    return f"at least {limits.minimum:,}{unit}" if limits.minimum else ""


def wire_fields(kind: type[Any]) -> list[tuple[str, Limits, Any]]:
    hints = typing.get_type_hints(kind)
    declared = [field for field in dataclasses.fields(kind) if "wire" in field.metadata]
    return [(field.name, field.metadata["wire"], hints[field.name]) for field in declared]


def field_table(kind: type[Any]) -> str:
    rows = [
        [
            str(limits.number),
            f"`{name}`",
            kind_words(hint) + (", optional" if is_optional(hint) else ""),
            limit_words(hint, limits),
        ]
        for name, limits, hint in wire_fields(kind)
    ]
    return table(["key", "name", "kind", "limits"], rows)


def field_tables(*kinds: type[Any]) -> str:
    return "\n".join(f"`{kind.__name__}`:\n\n{field_table(kind)}" for kind in kinds)


def enum_line(kind: type[enum.Enum]) -> str:
    members = ", ".join(f"{member.value} {member.name}" for member in kind)
    return f"- `{kind.__name__}`: {members}\n"


def enum_lines(*kinds: type[enum.Enum]) -> str:
    return "".join(map(enum_line, kinds))


def inline_fields(kind: type[Any]) -> str:
    """Return a small map's fields in one line."""
    if kind is operations.Nothing:
        return "-"
    parts = []
    for name, limits, hint in wire_fields(kind):
        words = ", ".join(filter(None, [kind_words(hint), limit_words(hint, limits)]))
        parts.append(f"{limits.number} `{name}` ({words}{', optional' * is_optional(hint)})")
    return "; ".join(parts)
