"""PostgreSQL's second wall: the processes' role reads and writes one clinic's rows alone."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, Table, create_engine, delete, func, select, text, update
from sqlalchemy.exc import ProgrammingError

from cloud.db import Database
from cloud.errors import SetupError
from cloud.migrations.row_security import KEPT, UNCHANGED, lift
from cloud.migrations.run import migrate
from cloud.models import METADATA
from tests.cloud.cluster import Cluster, Urls
from tests.cloud.rows import fill, row

OWN, OTHER = "own", "other"
TABLES = METADATA.sorted_tables


@pytest.fixture(scope="module")
def urls(cluster: Cluster) -> Iterator[Urls]:
    """A database in which two clinics have a row in every table."""
    made = cluster.migrated()
    database = Database(made.app)
    for clinic_id in (OWN, OTHER):
        with database.write(clinic_id) as session:
            fill(session.connection(), TABLES, clinic_id)
    database.close()
    yield made
    cluster.drop(made)


@pytest.fixture(scope="module")
def database(urls: Urls) -> Iterator[Database]:
    made = Database(urls.app)
    yield made
    made.close()


@pytest.fixture(scope="module", params=["app", "owner"])
def engine(request: pytest.FixtureRequest, urls: Urls) -> Iterator[Engine]:
    """Connections that set nothing."""
    made = create_engine(getattr(urls, request.param))
    yield made
    made.dispose()


def test_every_table_of_the_models_is_behind_the_wall(engine: Engine) -> None:
    guarded = text(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        " AND oid IN (SELECT polrelid FROM pg_policy WHERE polname = 'own_clinic')"
    )
    with engine.connect() as connection:
        assert set(connection.scalars(guarded)) == set(METADATA.tables)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_without_any_condition_only_the_own_clinic_is_there(
    database: Database, table: Table
) -> None:
    with database.read(OWN) as session:
        assert session.scalars(select(table.c.clinic_id)).all() == [OWN]
    with database.read("nobodys") as session:
        assert session.scalar(select(func.count()).select_from(table)) == 0


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_nothing_is_written_for_another_clinic(database: Database, table: Table) -> None:
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        database.write(OWN) as session,
    ):
        session.execute(table.insert(), row(table, OTHER, "new"))
    with database.write(OWN) as session:
        of_other = table.c.clinic_id == OTHER
        unchanged = {table.columns.values()[-1].name: table.columns.values()[-1]}
        connection = session.connection()
        if table.name not in UNCHANGED:
            assert connection.execute(update(table).where(of_other).values(unchanged)).rowcount == 0
        if table.name not in KEPT:
            assert connection.execute(delete(table).where(of_other)).rowcount == 0
    with database.read(OTHER) as session:
        assert session.scalar(select(func.count()).select_from(table)) == 1


@pytest.mark.parametrize("name", sorted(KEPT))
def test_no_row_is_deleted_of_what_is_kept(database: Database, name: str) -> None:
    with pytest.raises(ProgrammingError, match="permission"), database.write(OWN) as session:
        session.execute(delete(METADATA.tables[name]))


def test_no_row_moves_to_another_clinic(database: Database) -> None:
    beats = METADATA.tables["heartbeats"]
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        database.write(OWN) as session,
    ):
        session.execute(update(beats).values(clinic_id=OTHER, worker="moved"))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_unset_means_nothing(engine: Engine, table: Table) -> None:
    with engine.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(table)) == 0


def test_what_was_set_ends_with_its_transaction(urls: Urls) -> None:
    database = Database(urls.app)
    patients = text("SELECT count(*) FROM patients")
    for open_one in (database.read, database.write):
        with open_one(OWN) as session:
            assert session.scalar(patients) == 1
        with database.engine.begin() as connection:
            assert connection.scalar(patients) == 0
    database.all_clinics()
    with database.engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM clinics")) == 0
    database.close()


def test_who_looks_after_all_sees_which_there_are_and_nothing_in_them(
    database: Database, urls: Urls
) -> None:
    assert database.all_clinics() == (OTHER, OWN)
    engine = create_engine(urls.app)
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL circlet.clinic_id = '*'")
        for table in TABLES:
            expected = 2 if table.name == "clinics" else 0
            assert connection.scalar(select(func.count()).select_from(table)) == expected
        assert connection.execute(text("UPDATE clinics SET name = 'mine'")).rowcount == 0
    engine.dispose()


def test_processes_refuse_a_role_that_passes_the_wall_by(urls: Urls) -> None:
    database = Database(urls.superuser)
    with pytest.raises(SetupError, match="circlet_app"):
        database.all_clinics()
    database.close()


@pytest.mark.parametrize(
    "command",
    [
        "ALTER TABLE patients DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE patients NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY own_clinic ON patients",
        "CREATE POLICY all_of_it ON patients USING (true)",
        "DROP TABLE heartbeats",
        "UPDATE alembic_version SET version_num = '0001'",
        "SET ROLE circlet_owner",
    ],
)
def test_the_processes_role_cannot_take_the_wall_down(urls: Urls, command: str) -> None:
    engine = create_engine(urls.app)
    with pytest.raises(ProgrammingError), engine.begin() as connection:
        connection.exec_driver_sql(command)
    engine.dispose()


def test_a_migration_puts_up_again_what_it_finds_lifted(cluster: Cluster) -> None:
    urls = cluster.migrated()
    engine = create_engine(urls.owner)
    forced = text("SELECT count(*) FROM pg_class WHERE relforcerowsecurity AND NOT relispartition")
    with engine.begin() as connection:
        lift(connection)
        assert connection.scalar(forced) == 0
    migrate(urls.owner)
    with engine.begin() as connection:
        assert connection.scalar(forced) == len(TABLES)
    engine.dispose()
    cluster.drop(urls)


def test_the_wall_stands_again_where_a_migration_fails(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("half-way")

    made = cluster.migrated()
    monkeypatch.setattr("cloud.migrations.run.command.upgrade", fail)
    with pytest.raises(RuntimeError, match="half-way"):
        migrate(made.owner)
    engine = create_engine(made.owner)
    with engine.connect() as connection:
        forced = text("SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE relrowsecurity")
        assert connection.scalar(forced)
    engine.dispose()
    cluster.drop(made)
