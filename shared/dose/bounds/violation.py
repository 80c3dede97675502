"""A broken limit, with the field, the value, the limit and its source."""

from __future__ import annotations

from dataclasses import dataclass

OWN = "this product's own cap (R31)"
CATALOGUE = "the catalogue's entry"
DAY_S = 86_400


@dataclass(frozen=True)
class Violation:
    """One limit that is broken: ``field`` by its dotted path, value and limit in words."""

    field: str
    value: str
    limit: str
    source: str


def above(field: str, value: object, limit: object, source: str) -> Violation:
    """Return that a value is more than its limit."""
    return Violation(field, str(value), f"at most {limit}", source)


def below(field: str, value: object, limit: object, source: str) -> Violation:
    """Return that a value is less than its limit."""
    return Violation(field, str(value), f"at least {limit}", source)
