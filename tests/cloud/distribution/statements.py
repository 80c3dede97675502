"""Whose rows a statement asks for: the distributed tables in it whose clinic is not bound.

A table is bound where its `clinic_id` equals a value that was given, or the `clinic_id` of a table
that is bound, by what must hold for every row: a conjunct of WHERE, or of a join's ON. That is how
Citus finds the one node on which a statement runs; row-level security does not tell it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp

from cloud.distribution.classes import KEY, Kind, kind_of

_GIVEN = (exp.Placeholder, exp.Parameter, exp.Literal)
_LEVELS = (exp.Select, exp.Update, exp.Delete)
_Side = tuple[int, str] | None
"""A source by the level that it stands at and its name there; None is a value that was given."""
ELSE = (0, "")
"""A side of a comparison that is neither a clinic's column nor a given value."""


@dataclass(frozen=True)
class Asked:
    """The tables that a statement touches, and what is wrong with how it asks for them."""

    tables: frozenset[str]
    wrong: tuple[str, ...]


@functools.lru_cache(maxsize=4096)
def asked(statement: str, dialect: str) -> Asked:
    """Judge one statement; ``dialect`` is SQLAlchemy's name of it."""
    tree = sqlglot.parse_one(statement, dialect="postgres" if dialect == "postgresql" else dialect)
    common = {each.alias for each in tree.find_all(exp.CTE)}
    tables = {each.name for each in tree.find_all(exp.Table)} - common
    wrong = [*_inserted(tree), *_moved(tree), *_Bindings(tree, common).unbound()]
    return Asked(frozenset(tables), tuple(dict.fromkeys(wrong)))


def _inserted(tree: exp.Expr) -> Iterator[str]:
    for insert in tree.find_all(exp.Insert):
        into = insert.this
        table = into.find(exp.Table)
        columns = [each.name for each in into.expressions] if isinstance(into, exp.Schema) else []
        if table is not None and _distributed(table.name) and KEY not in columns:
            yield f"inserts into {table.name} without {KEY}"


def _moved(tree: exp.Expr) -> Iterator[str]:
    for update in tree.find_all(exp.Update):
        if any(each.this.name == KEY for each in update.expressions):
            yield f"changes {KEY} of {update.this.name}"


@dataclass
class _Bindings:
    """Which `clinic_id` equals which, over all levels of one statement."""

    tree: exp.Expr
    common: set[str]
    _sources: dict[_Side, str] = field(default_factory=dict)
    _same: dict[_Side, _Side] = field(default_factory=dict)

    def __post_init__(self) -> None:
        levels = list(self.tree.find_all(*_LEVELS))
        for level in levels:
            for table in _tables_at(level):
                self._sources[(id(level), table.alias_or_name)] = table.name
        for level in levels:
            for condition in _conditions(level):
                self._note(level, condition)

    def unbound(self) -> Iterator[str]:
        given = self._root(None)
        for side, table in self._sources.items():
            if _distributed(table) and table not in self.common and self._root(side) != given:
                yield f"asks {table} without {KEY}"

    def _note(self, level: exp.Expr, condition: exp.Expr) -> None:
        if not isinstance(condition, exp.EQ):
            return
        sides = (self._side(level, condition.left), self._side(level, condition.right))
        if ELSE not in sides:
            one, other = (self._root(each) for each in sides)
            if one != other:
                self._same[one] = other

    def _side(self, level: exp.Expr, found: exp.Expr) -> _Side:
        """Return the source whose clinic this is, None for a given value, ELSE for what is none."""
        while isinstance(found, (exp.Cast, exp.Paren)):
            found = found.this
        if isinstance(found, _GIVEN):
            return None
        if not isinstance(found, exp.Column) or found.name != KEY:
            return ELSE
        at: exp.Expr | None = level
        while at is not None:
            if isinstance(at, _LEVELS):
                named = found.table or _only(at)
                if (id(at), named) in self._sources:
                    return (id(at), named)
            at = at.parent
        return ELSE

    def _root(self, side: _Side) -> _Side:
        while side in self._same:
            side = self._same[side]
        return side


def _tables_at(level: exp.Expr) -> Iterator[exp.Table]:
    """Yield the tables that one level names itself, not those of its subqueries."""
    if isinstance(level, (exp.Update, exp.Delete)):
        yield from level.this.find_all(exp.Table)
        for each in level.args.get("using") or ():
            yield from each.find_all(exp.Table)
    begun = level.args.get("from_")
    for place in (begun, *(level.args.get("joins") or ())):
        if place is not None and isinstance(place.this, exp.Table):
            yield place.this
            for join in place.this.args.get("joins") or ():
                if isinstance(join.this, exp.Table):
                    yield join.this


def _only(level: exp.Expr) -> str:
    """Return the name of a level's only table; empty where there are several or none."""
    names = [each.alias_or_name for each in _tables_at(level)]
    return names[0] if len(names) == 1 else ""


def _conditions(level: exp.Expr) -> Iterator[exp.Expr]:
    """Yield what must hold for each row of a level, one conjunct at a time."""
    where = level.args.get("where")
    if where is not None:
        yield from _conjuncts(where.this)
    for join in level.args.get("joins") or ():
        on = join.args.get("on")
        if on is not None:
            yield from _conjuncts(on)


def _conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    while isinstance(condition, exp.Paren):
        condition = condition.this
    if isinstance(condition, exp.And):
        yield from _conjuncts(condition.left)
        yield from _conjuncts(condition.right)
    else:
        yield condition


def _distributed(table: str) -> bool:
    return kind_of(table) is Kind.DISTRIBUTED
