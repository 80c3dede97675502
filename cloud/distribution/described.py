"""A schema as PostgreSQL's catalogue has it: keys, references, triggers, columns that count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from cloud.distribution.classes import KEY

_HERE = "c.relnamespace = current_schema()::regnamespace"
_TABLES = text(
    "SELECT c.relname, format_type(a.atttypid, a.atttypmod), coalesce(a.attnotnull, false)"
    f" FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = '{KEY}'"
    f" WHERE {_HERE} AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname"
)
_UNIQUE = text(
    "SELECT c.relname, i.relname, array_agg(a.attname::text ORDER BY k.place), x.indisprimary"
    " FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid"
    " CROSS JOIN unnest(x.indkey::int[]) WITH ORDINALITY k(number, place)"
    " LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number AND k.number > 0"
    f" WHERE {_HERE} AND NOT c.relispartition AND (x.indisunique OR x.indisexclusion)"
    " GROUP BY c.relname, i.relname, x.indisprimary ORDER BY c.relname, i.relname"
)
_REFERENCES = text(
    "SELECT c.relname, n.conname, p.relname, array_agg(a.attname::text ORDER BY k.place),"
    " array_agg(b.attname::text ORDER BY k.place), n.confdeltype::text, n.confupdtype::text"
    " FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid"
    " JOIN pg_class p ON p.oid = n.confrelid"
    " CROSS JOIN unnest(n.conkey, n.confkey) WITH ORDINALITY k(own, other, place)"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.own"
    " JOIN pg_attribute b ON b.attrelid = p.oid AND b.attnum = k.other"
    f" WHERE {_HERE} AND n.contype = 'f' AND n.conparentid = 0 AND NOT c.relispartition"
    " GROUP BY c.relname, n.conname, p.relname, n.confdeltype, n.confupdtype"
    " ORDER BY c.relname, n.conname"
)
_IDENTITIES = text(
    "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
    f" WHERE {_HERE} AND NOT c.relispartition AND a.attidentity <> '' ORDER BY 1, 2"
)
_TRIGGERS = text(
    "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    f" WHERE {_HERE} AND NOT c.relispartition AND NOT t.tgisinternal ORDER BY 1, 2"
)
_ACTS = {"a": "", "r": "", "c": "cascade", "n": "set null", "d": "set default"}


@dataclass(frozen=True)
class Unique:
    """A key that no two rows share: its name and columns; ``primary`` is the row's own."""

    name: str
    columns: tuple[str | None, ...]
    primary: bool


@dataclass(frozen=True)
class Reference:
    """A foreign key: columns of the table, and beside them those of its parent.

    ``deletes`` and ``updates`` say what becomes of a row when its parent goes or changes: nothing,
    ``cascade``, ``set null`` or ``set default``.
    """

    name: str
    parent: str
    columns: tuple[tuple[str, str], ...]
    deletes: str
    updates: str


@dataclass(frozen=True)
class Described:
    """One table; ``key_type`` is its clinic's column as PostgreSQL names the type, None without."""

    name: str
    key_type: str | None
    key_required: bool
    unique: tuple[Unique, ...]
    references: tuple[Reference, ...]
    identities: tuple[str, ...]
    triggers: tuple[str, ...]


def describe(connection: Connection) -> tuple[Described, ...]:
    """Return every table of the current schema, partitions left out, by name."""
    return tuple(_described(connection))


def _described(connection: Connection) -> Iterator[Described]:
    unique: dict[str, list[Unique]] = {}
    for table, name, columns, primary in connection.execute(_UNIQUE):
        unique.setdefault(table, []).append(Unique(name, tuple(columns), primary))
    references: dict[str, list[Reference]] = {}
    for table, name, parent, own, other, deletes, updates in connection.execute(_REFERENCES):
        pairs = tuple(zip(own, other, strict=True))
        found = Reference(name, parent, pairs, _ACTS[deletes], _ACTS[updates])
        references.setdefault(table, []).append(found)
    identities = [tuple(row) for row in connection.execute(_IDENTITIES)]
    triggers = [tuple(row) for row in connection.execute(_TRIGGERS)]
    for name, key_type, required in connection.execute(_TABLES):
        yield Described(
            name,
            key_type,
            required,
            tuple(unique.get(name, ())),
            tuple(references.get(name, ())),
            tuple(column for table, column in identities if table == name),
            tuple(trigger for table, trigger in triggers if table == name),
        )
