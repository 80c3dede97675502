"""Whether a file stands at the newest step already, found out without loading Alembic.

Alembic takes a tenth of a second to load; a cold start has no use for it on almost every day.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect

NEWEST = "0002"
_VERSION_TABLE = "alembic_version"


def bring_up_to_date(connection: Connection) -> None:
    """Run what the file lacks, in the caller's transaction; raise StoreTooNew for a newer app's."""
    if _revision(connection) == NEWEST:
        return
    from mobile.store.migrations.run import migrate

    migrate(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION_TABLE):
        return None
    found = connection.exec_driver_sql(f"SELECT version_num FROM {_VERSION_TABLE}").scalar()
    return None if found is None else str(found)
