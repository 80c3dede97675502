"""What is left to do until a database lies on many nodes, in the order that Citus takes.

The order is what a cluster enforced: foreign keys go first, since a table that refers to one which
isn't placed yet becomes a local table of its metadata, and then refuses to be colocated; reference
tables come before distributed ones, and `clinics` before what lies beside it; the foreign keys of
the models come back when all tables are placed. Each step is left out where it is done already, so
that a plan for a database in which some were taken is the rest of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ForeignKeyConstraint, MetaData
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.schema import AddConstraint

from cloud.distribution.classes import DISTRIBUTED, KEY, REFERENCE, ROOT
from cloud.distribution.standing import PROPAGATED, Node, Standing

DIALECT = PGDialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Step:
    """One command, taken in a transaction of its own.

    ``rows_of`` names the table whose rows are counted before and after it.
    """

    command: str
    rows_of: str | None = None


def steps(
    now: Standing, metadata: MetaData, coordinator: Node | None, workers: Sequence[Node]
) -> tuple[Step, ...]:
    """Return what is left, in order; empty where all is done."""
    placing = tuple(_placing(now))
    return (
        *_cluster(now, coordinator, workers),
        *_freed(now),
        *placing,
        *_bound(now, metadata),
        *_emptied(now),
    )


def _cluster(now: Standing, coordinator: Node | None, workers: Sequence[Node]) -> Iterator[Step]:
    if not now.extended:
        yield Step("CREATE EXTENSION citus")
    if coordinator is not None and now.coordinator != coordinator:
        yield Step(f"SELECT citus_set_coordinator_host('{coordinator.host}', {coordinator.port})")
    for node in workers:
        if node not in now.workers:
            yield Step(f"SELECT citus_add_node('{node.host}', {node.port})")
    if not now.propagates:
        yield Step(f"ALTER DATABASE \"{now.database}\" SET {PROPAGATED} TO 'local'")


def _freed(now: Standing) -> Iterator[Step]:
    for table in now.tables:
        for reference in table.references:
            if not {table.name, reference.parent} <= set(now.placed):
                yield Step(f'ALTER TABLE "{table.name}" DROP CONSTRAINT "{reference.name}"')


def _placing(now: Standing) -> Iterator[Step]:
    for name in sorted(REFERENCE - set(now.placed)):
        yield Step(f"SELECT create_reference_table('{name}')", rows_of=name)
    if ROOT not in now.placed:
        yield Step(f"SELECT create_distributed_table('{ROOT}', '{KEY}')", rows_of=ROOT)
    for name in sorted(DISTRIBUTED - {ROOT} - set(now.placed)):
        beside = f"colocate_with => '{ROOT}'"
        yield Step(f"SELECT create_distributed_table('{name}', '{KEY}', {beside})", rows_of=name)


def _bound(now: Standing, metadata: MetaData) -> Iterator[Step]:
    """Yield the foreign keys of the models that are not there, or will have been dropped."""
    kept = {
        (table.name, reference.name)
        for table in now.tables
        for reference in table.references
        if {table.name, reference.parent} <= set(now.placed)
    }
    for constraint in _references(metadata):
        if (constraint.table.name, str(constraint.name)) not in kept:
            command = str(AddConstraint(constraint).compile(dialect=DIALECT))
            yield Step(" ".join(command.split()))


def _references(metadata: MetaData) -> Iterator[ForeignKeyConstraint]:
    for table in metadata.sorted_tables:
        yield from sorted(table.foreign_key_constraints, key=lambda each: str(each.name))


def _emptied(now: Standing) -> Iterator[Step]:
    """Yield what removes the rows that a distributed table leaves on the coordinator."""
    for name in sorted(set(now.left) & (DISTRIBUTED | REFERENCE)):
        yield Step(f"SELECT truncate_local_data_after_distributing_table('{name}')")
