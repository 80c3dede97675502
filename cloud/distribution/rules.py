"""What Citus would refuse of a schema, judged on any PostgreSQL before there is a cluster.

The rules are those that a cluster enforced (Citus 12.1 on PostgreSQL 15; docs/scale.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cloud.distribution.classes import KEY, Kind, kind_of
from cloud.distribution.described import Described, Reference


@dataclass(frozen=True)
class Fault:
    """One thing that Citus would refuse: in which table, what it is, and why it can't be."""

    table: str
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.table}: {self.what}: {self.why}"


def faults(tables: Sequence[Described]) -> tuple[Fault, ...]:
    """Return everything that would be refused; empty where all can be distributed."""
    types = {each.key_type for each in tables if kind_of(each.name) is Kind.DISTRIBUTED}
    found = [fault for each in tables for fault in _of(each)]
    if len(types) > 1:
        named = ", ".join(sorted(str(each) for each in types))
        found.append(Fault("*", KEY, f"colocated tables have one type, not {named}"))
    return tuple(found)


def _of(table: Described) -> Iterator[Fault]:
    kind = kind_of(table.name)
    if kind is None:
        yield Fault(table.name, "class", "name it in cloud/distribution/classes.py")
    elif kind is Kind.DISTRIBUTED:
        yield from _of_distributed(table)
    else:
        yield from _of_undistributed(table, kind)


def _of_distributed(table: Described) -> Iterator[Fault]:
    if not table.key_required:
        yield Fault(table.name, KEY, "a distributed table has it, and never null")
    if not any(each.primary for each in table.unique):
        yield Fault(table.name, "primary key", "a distributed table has one")
    for key in table.unique:
        if KEY not in key.columns:
            yield Fault(table.name, key.name, f"a unique key holds {KEY}")
    for column in table.identities:
        yield Fault(table.name, column, "a distributed table has no identity column")
    for trigger in table.triggers:
        yield Fault(table.name, trigger, "a distributed table has no trigger")
    for reference in table.references:
        yield from _of_reference(table, reference)


def _of_reference(table: Described, reference: Reference) -> Iterator[Fault]:
    parent = kind_of(reference.parent)
    if parent is Kind.DISTRIBUTED and (KEY, KEY) not in reference.columns:
        yield Fault(table.name, reference.name, f"a foreign key holds {KEY} on both sides")
    if parent not in (Kind.DISTRIBUTED, Kind.REFERENCE):
        why = f"{reference.parent} is neither distributed nor a reference table"
        yield Fault(table.name, reference.name, why)
    if reference.deletes.startswith("set") or reference.updates:
        why = f"{KEY} can't be changed by what becomes of a parent"
        yield Fault(table.name, reference.name, why)


def _of_undistributed(table: Described, kind: Kind) -> Iterator[Fault]:
    for reference in table.references:
        if kind_of(reference.parent) is not kind:
            why = f"a {kind} table refers to {kind} tables alone"
            yield Fault(table.name, reference.name, why)
