"""How far a database is distributed: read from it each time, so that no step is kept in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from cloud.distribution.classes import KEY, ROOT, Kind, kind_of
from cloud.distribution.described import Described, describe
from cloud.distribution.errors import LiesOtherwise

PROPAGATED = "citus.propagate_set_commands"
_THERE = text("SELECT to_regproc('create_distributed_table') IS NOT NULL")
_AVAILABLE = text("SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'citus')")
_NODES = text("SELECT nodename, nodeport, groupid = 0 FROM pg_dist_node ORDER BY nodeid")
_PLACED = text(
    "SELECT table_name::text, citus_table_type, distribution_column, colocation_id"
    " FROM citus_tables"
)
_LEFT = text(
    "SELECT relname, CASE relkind WHEN 'r' THEN pg_relation_size(oid) ELSE"
    " (SELECT sum(pg_relation_size(relid))::bigint FROM pg_partition_tree(oid)) END"
    " FROM pg_class WHERE relkind IN ('r', 'p')"
    " AND relnamespace = current_schema()::regnamespace AND NOT relispartition"
)
_SETTINGS = text(
    "SELECT setting FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) AS setting"
    " WHERE s.setrole = 0"
    " AND s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@dataclass(frozen=True)
class Node:
    """A server of the cluster, as the others reach it."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Standing:
    """What is done: ``placed`` says of each table that Citus knows what it made of it.

    ``available`` says that the server has the extension's files, ``extended`` that the database has
    the extension; ``left`` are the bytes of each table that lie in no shard: all of one that isn't
    placed, and what one that is has left behind on the coordinator.
    """

    database: str
    available: bool
    extended: bool
    coordinator: Node | None
    workers: tuple[Node, ...]
    placed: Mapping[str, Kind]
    left: Mapping[str, int]
    propagates: bool
    tables: tuple[Described, ...]


def standing(connection: Connection) -> Standing:
    """Return how far the database is; raise LiesOtherwise where a table is not as it should be."""
    extended = bool(connection.scalar(_THERE))
    nodes = connection.execute(_NODES).all() if extended else []
    placed = _placed(connection) if extended else {}
    return Standing(
        database=str(connection.scalar(text("SELECT current_database()"))),
        available=bool(connection.scalar(_AVAILABLE)),
        extended=extended,
        coordinator=next((Node(host, port) for host, port, leads in nodes if leads), None),
        workers=tuple(Node(host, port) for host, port, leads in nodes if not leads),
        placed=placed,
        left={name: size for name, size in connection.execute(_LEFT) if size},
        propagates=f"{PROPAGATED}=local" in connection.scalars(_SETTINGS).all(),
        tables=describe(connection),
    )


def _placed(connection: Connection) -> dict[str, Kind]:
    found = {row[0]: row[1:] for row in connection.execute(_PLACED)}
    group = found[ROOT][2] if ROOT in found else None
    placed = {}
    for table, (kind, column, colocation) in found.items():
        wanted = kind_of(table)
        if wanted is None or kind not in (Kind.DISTRIBUTED, Kind.REFERENCE):
            continue
        if kind != wanted:
            raise LiesOtherwise(f"{table} is a {kind} table, and should be {wanted}")
        if wanted is Kind.DISTRIBUTED and column != KEY:
            raise LiesOtherwise(f"{table} is distributed by {column}, and should be by {KEY}")
        if wanted is Kind.DISTRIBUTED and colocation != group:
            raise LiesOtherwise(f"{table} doesn't lie beside {ROOT}: undistribute_table it first")
        placed[table] = wanted
    return placed
