"""Row-level security on PostgreSQL, the second wall between clinics: rows of the one that is set.

It is put up after every migration around whatever tables there are, so that none is forgotten. The
owner of the tables stands before the same wall (FORCE); it is lifted for them while they migrate.
The partitions of a table lie in a schema of their own, behind a wall without a door: their rows are
seen by the table alone, past its own (ADR 43).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from cloud.db import EVERY_CLINIC, SETTING
from cloud.errors import SetupError

APP_ROLE = "circlet_app"
"""The role as which the processes come, or of which their roles are members."""
CLINICS = "clinics"
UNCHANGED = frozenset({"audit_events", "audit_heads", "audited_patients"})
"""Tables in which the processes' role changes no row: it adds to them, and reads."""
KEPT = frozenset({"flaws"}) | UNCHANGED
"""Tables of which the processes' role deletes no row."""
_CURRENT = f"current_setting('{SETTING}', true)"
_OWN = f"clinic_id = nullif({_CURRENT}, '')"
_TENANTS = text(
    "SELECT table_name FROM information_schema.columns"
    " WHERE table_schema = current_schema() AND column_name = 'clinic_id' ORDER BY table_name"
)
_MAKES_MONTHS = text("SELECT to_regprocedure('circlet_make_months()') IS NOT NULL")
_ROLE = text("SELECT 1 FROM pg_roles WHERE rolname = :role")


def lift(connection: Connection) -> None:
    """Let the tables' owner see all rows until the wall is put up again; nobody else."""
    for name in tenant_tables(connection):
        connection.exec_driver_sql(f'ALTER TABLE "{name}" NO FORCE ROW LEVEL SECURITY')


def put_up(connection: Connection) -> None:
    """Guard every table that has a clinic's id, and let the processes' role work in them.

    Raises SetupError where there is no such role.
    """
    if connection.scalar(_ROLE, {"role": APP_ROLE}) is None:
        raise SetupError(f"PostgreSQL has no role {APP_ROLE}: see docs/operations.md")
    for name in tenant_tables(connection):
        for command in _wall(name):
            connection.exec_driver_sql(command)
    connection.exec_driver_sql(f"GRANT SELECT ON alembic_version TO {APP_ROLE}")
    if connection.scalar(_MAKES_MONTHS):
        connection.exec_driver_sql(f"GRANT EXECUTE ON FUNCTION circlet_make_months() TO {APP_ROLE}")


def tenant_tables(connection: Connection) -> Sequence[str]:
    """Return the names of all tables with a clinic's id."""
    return connection.scalars(_TENANTS).all()


def _right(act: str, table: str, *, withheld: bool) -> str:
    if withheld:
        return f'REVOKE {act} ON "{table}" FROM {APP_ROLE}'
    return f'GRANT {act} ON "{table}" TO {APP_ROLE}'


def _wall(table: str) -> list[str]:
    wall = [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'DROP POLICY IF EXISTS own_clinic ON "{table}"',
        f'CREATE POLICY own_clinic ON "{table}" USING ({_OWN}) WITH CHECK ({_OWN})',
        f'GRANT SELECT, INSERT ON "{table}" TO {APP_ROLE}',
        _right("UPDATE", table, withheld=table in UNCHANGED),
        _right("DELETE", table, withheld=table in KEPT),
    ]
    if table == CLINICS:
        wall += [
            f'DROP POLICY IF EXISTS every_clinic ON "{table}"',
            f'CREATE POLICY every_clinic ON "{table}" FOR SELECT'
            f" USING ({_CURRENT} = '{EVERY_CLINIC}')",
        ]
    return wall
