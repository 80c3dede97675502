"""The tables come and go, on SQLite and on PostgreSQL, and match the models."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from cloud.db import make_engine
from cloud.errors import SetupError
from cloud.migrations.run import migrate
from cloud.models import METADATA
from tests.cloud.cluster import Cluster
from tests.cloud.conftest import DATABASES


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, as the one who owns its tables comes to it."""
    if request.param == "sqlite":
        yield f"sqlite+pysqlite:///{tmp_path / 'empty.sqlite'}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    urls = cluster.empty()
    yield urls.owner
    cluster.drop(urls)


def tables(url: str) -> set[str]:
    engine = make_engine(url)
    try:
        return set(inspect(engine).get_table_names()) - {"alembic_version"}
    finally:
        engine.dispose()


def test_from_empty_to_head_and_back(url: str) -> None:
    assert tables(url) == set()
    migrate(url)
    assert tables(url) == set(METADATA.tables)
    engine = make_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()
    migrate(url, "base")
    assert tables(url) == set()


def test_a_database_goes_down_to_any_revision_and_up_again(url: str) -> None:
    migrate(url)
    migrate(url, "0001")
    assert "care_items" not in tables(url)
    migrate(url, "0002")
    assert "care_items" in tables(url)
    with pytest.raises(SetupError, match="no-such"):
        migrate(url, "no-such")
    migrate(url, "base")
    assert tables(url) == set()


def test_clinic_leads_every_primary_key() -> None:
    for table in METADATA.tables.values():
        assert next(iter(table.primary_key.columns)).name == "clinic_id", table.name


def test_unique_and_foreign_keys_hold_the_clinic() -> None:
    for table in METADATA.tables.values():
        for constraint in table.foreign_key_constraints:
            assert "clinic_id" in constraint.column_keys, table.name
        for index in table.indexes:
            assert index.columns[0].name == "clinic_id", table.name
