"""Takes the steps of a plan, one transaction each, behind a wall that is put up again at the end.

Who runs it owns the tables; for the extension and the nodes a superuser. While rows move their
owner sees those of all clinics, as in a migration (`cloud.migrations.row_security`): behind the
wall Citus would copy none of them. The processes' role sees its one clinic all the while.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, column, func, select, table
from sqlalchemy.exc import DBAPIError

from cloud.distribution.errors import (
    NoCitus,
    NotNewest,
    NotPostgresql,
    RowsLost,
    StepRefused,
    Unfit,
)
from cloud.distribution.plan import Step, steps
from cloud.distribution.rules import faults
from cloud.distribution.standing import Node, standing
from cloud.migrations.row_security import lift, put_up
from cloud.migrations.run import config_for
from cloud.models import METADATA


def plan(engine: Engine, coordinator: Node | None, workers: Sequence[Node]) -> tuple[Step, ...]:
    """Return what is left to do with a database.

    Raises a DistributionError where it isn't PostgreSQL, of another revision, or of a schema that
    would be refused.
    """
    if engine.dialect.name != "postgresql":
        raise NotPostgresql("SQLite is one file on one machine: see docs/scale.md")
    with engine.connect() as connection:
        _refuse_other_revision(connection)
        now = standing(connection)
    found = faults(now.tables)
    if found:
        raise Unfit(found)
    return steps(now, METADATA, coordinator, workers)


def apply(engine: Engine, left: Sequence[Step], told: Callable[[Step], None]) -> None:
    """Take the steps in order, each told of once it is done.

    Raises NoCitus, StepRefused or RowsLost; what was done until then stays, and a new plan is the
    rest.
    """
    _refuse_without_citus(engine, left)
    with engine.begin() as connection:
        lift(connection)
    try:
        for step in left:
            _take(engine, step)
            told(step)
    finally:
        with engine.begin() as connection:
            put_up(connection)


def _take(engine: Engine, step: Step) -> None:
    try:
        with engine.begin() as connection:
            before = _rows(connection, step)
            connection.exec_driver_sql(step.command)
            after = _rows(connection, step)
            if before != after:
                raise RowsLost(f"{step.rows_of} had {before} rows, and {after} once distributed")
    except DBAPIError as problem:
        said = str(problem.orig).strip()
        raise StepRefused(f"{step.command}: {said}") from problem


def _rows(connection: Connection, step: Step) -> int:
    if step.rows_of is None:
        return 0
    counted = select(func.count()).select_from(table(step.rows_of, column("clinic_id")))
    return int(connection.scalar(counted) or 0)


def _refuse_without_citus(engine: Engine, left: Sequence[Step]) -> None:
    if not any(step.command == "CREATE EXTENSION citus" for step in left):
        return
    with engine.connect() as connection:
        if not standing(connection).available:
            raise NoCitus("this server has no extension citus: install it on every node first")


def _refuse_other_revision(connection: Connection) -> None:
    here = MigrationContext.configure(connection).get_current_revision()
    newest = ScriptDirectory.from_config(config_for()).get_current_head()
    if here != newest:
        raise NotNewest(f"the tables are of revision {here}, not {newest}: run migrate first")
