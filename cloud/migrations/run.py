"""Brings a database to a revision, from the program itself: no ini file, no working folder."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from cloud.db import make_engine


def migrate(url: str, revision: str = "head") -> None:
    """Upgrade or downgrade the database at ``url`` to ``revision`` ("base" empties it)."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            config = config_for()
            config.attributes["connection"] = connection
            if revision == "base":
                command.downgrade(config, revision)
            else:
                command.upgrade(config, revision)
            connection.commit()
    finally:
        engine.dispose()


def config_for() -> Config:
    """Return Alembic's configuration for this package's migrations."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
