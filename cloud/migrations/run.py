"""Brings a database to a revision, from the program itself: no ini file, no working folder."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from cloud.db import make_engine
from cloud.errors import SetupError
from cloud.migrations.row_security import lift, put_up
from cloud.migrations.sealing import VAULT
from cloud.vault.vault import Vault


def migrate(url: str, revision: str = "head", vault: Vault | None = None) -> None:
    """Bring the database at ``url`` up or down to ``revision`` ("base" empties it).

    Raises SetupError for a revision that there isn't, and where patients are there and no ``vault``
    for a migration that seals what is known of them.
    """
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            connection.info[VAULT] = vault
            _migrate(connection, revision)
    except CommandError as problem:
        raise SetupError(str(problem)) from problem
    finally:
        engine.dispose()


def _migrate(connection: Connection, revision: str) -> None:
    config = config_for()
    guarded = connection.dialect.name == "postgresql"
    if guarded:
        lift(connection)
    here = MigrationContext.configure(connection).get_current_revision()
    connection.commit()
    _let_tables_be_rebuilt(connection)
    config.attributes["connection"] = connection
    try:
        if revision in ("base", *_before(config, here)):
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)
    except BaseException:
        connection.rollback()
        raise
    finally:
        if guarded:
            put_up(connection)
        connection.commit()


def _before(config: Config, here: str | None) -> list[str]:
    """Return the revisions that came before the one that a database has."""
    if here is None:
        return []
    scripts = ScriptDirectory.from_config(config).iterate_revisions(here, "base")
    return [each.revision for each in scripts if each.revision != here]


def _let_tables_be_rebuilt(connection: Connection) -> None:
    # SQLite changes a table by making it anew and dropping the old one, which its children forbid.
    # The setting holds for this connection and cannot change within a transaction; env.py checks
    # every reference at the end of each migration.
    if connection.dialect.name == "sqlite":
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.close()


def config_for() -> Config:
    """Return Alembic's configuration for this package's migrations."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
