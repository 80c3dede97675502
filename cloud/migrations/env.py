"""Alembic's entry: runs the migrations on the connection that cloud.migrations.run opened."""

from collections.abc import Collection, Mapping
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo

from cloud.errors import SetupError
from cloud.models import METADATA

connection = context.config.attributes["connection"]


def refuse_lost_references(
    ctx: MigrationContext,
    step: MigrationInfo,
    heads: Collection[Any],
    run_args: Mapping[str, Any],
) -> None:
    """Undo a migration after which a row of SQLite refers to none."""
    if connection.dialect.name != "sqlite":
        return
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if lost:
        table, _row, parent, _key = lost[0]
        said = f"{table} refers to a row of {parent} that is not there ({len(lost)} in all)"
        raise SetupError(f"migration {step.up_revision_id} was undone: {said}")


context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=True,
    transactional_ddl=True,
    on_version_apply=refuse_lost_references,
)
with context.begin_transaction():
    context.run_migrations()
