"""The tables come and go, on SQLite and on PostgreSQL, and match the models."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, UniqueConstraint, inspect, select, update
from sqlalchemy.exc import IntegrityError

from cloud.db import SETTING, make_engine
from cloud.errors import SetupError
from cloud.migrations.run import config_for, migrate
from cloud.models import METADATA
from cloud.vault.key_files import FileKeys
from cloud.vault.vault import Vault
from tests.cloud.cluster import Cluster
from tests.cloud.conftest import DATABASES
from tests.cloud.past import PostgresqlPast, SqlitePast
from tests.cloud.rows import fill, row

CLINICS = ("one", "two")
OF_THE_MOMENT = {"enrolment_codes", "leases"}
"""Tables that a migration may empty: who does what now is worth nothing a minute later."""


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


At = Callable[[str], str]
"""Returns a new database without rows, as it was at a revision."""


@pytest.fixture(scope="module")
def sqlite_past(tmp_path_factory: pytest.TempPathFactory) -> SqlitePast:
    return SqlitePast(tmp_path_factory.mktemp("past"))


@pytest.fixture(scope="module")
def postgresql_past(cluster: Cluster) -> PostgresqlPast:
    return PostgresqlPast(cluster)


@pytest.fixture(params=DATABASES)
def at(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[At]:
    past: SqlitePast | PostgresqlPast = request.getfixturevalue(f"{request.param}_past")
    with ExitStack() as copies:
        yield lambda revision: copies.enter_context(past.at(revision, tmp_path))


def tables(url: str) -> set[str]:
    engine = make_engine(url)
    try:
        return set(inspect(engine).get_table_names()) - {"alembic_version"}
    finally:
        engine.dispose()


def revisions() -> list[str]:
    """All revisions, the oldest first."""
    scripts = ScriptDirectory.from_config(config_for()).walk_revisions()
    return [each.revision for each in scripts][::-1]


def before_of(revision: str) -> str:
    """The revision below another."""
    found = ScriptDirectory.from_config(config_for()).get_revision(revision).down_revision
    return str(found or "base")


@contextmanager
def clinic_in(
    url: str, clinic_id: str, known: list[Table] | None = None
) -> Iterator[tuple[Connection, list[Table]]]:
    """A clinic's transaction, and the tables as they are now; those that are known as they were."""
    engine = make_engine(url)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SET LOCAL {SETTING} = '{clinic_id}'")
        yield connection, known or described(connection)
    engine.dispose()


def described(connection: Connection) -> list[Table]:
    """The tables as they are now, those first to which others refer."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def insert_into_new_tables(url: str) -> None:
    """Give both clinics a row in each table that has none."""
    known: list[Table] | None = None
    for clinic_id in CLINICS:
        with clinic_in(url, clinic_id, known) as (connection, known):
            empty = [table for table in known if not of_clinic(connection, table, clinic_id)]
            fill(connection, empty, clinic_id)


def rows(url: str) -> dict[str, list[str]]:
    """Everything that both clinics have, table by table."""
    found: dict[str, list[str]] = {}
    known: list[Table] | None = None
    for clinic_id in CLINICS:
        with clinic_in(url, clinic_id, known) as (connection, known):
            for table in known:
                found.setdefault(table.name, []).extend(of_clinic(connection, table, clinic_id))
    return found


def of_clinic(connection: Connection, table: Table, clinic_id: str) -> list[str]:
    """A clinic's rows of a table, in words, but for what is sealed: that is never twice the same,
    and shown to have stayed by what is opened again on the way down."""
    plain = [column for column in table.columns if not column.name.startswith("sealed_")]
    own = connection.execute(select(*plain).where(table.c.clinic_id == clinic_id))
    return sorted(str(sorted(row._asdict().items())) for row in own)


def lost_references(url: str) -> list[object]:
    """What refers to a row that is not there; PostgreSQL has no such thing."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                return []
            return [*connection.exec_driver_sql("PRAGMA foreign_key_check")]
    finally:
        engine.dispose()


def test_from_empty_to_head_and_back_by_any_revision(url: str) -> None:
    assert tables(url) == set()
    migrate(url)
    assert tables(url) == set(METADATA.tables)
    engine = make_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()
    migrate(url, "0001")
    assert "care_items" not in tables(url)
    migrate(url, "0002")
    assert "care_items" in tables(url)
    with pytest.raises(SetupError, match="no-such"):
        migrate(url, "no-such")
    migrate(url, "base")
    assert tables(url) == set()


@pytest.mark.long
@pytest.mark.timeout(600)
def test_each_migration_keeps_what_was_there(url: str, tmp_path: Path) -> None:
    """Up, down and up again with two clinics' rows in every table that was there before."""
    vault = Vault(FileKeys(tmp_path / "vault"))
    for revision in revisions():
        insert_into_new_tables(url)
        before = rows(url)
        migrate(url, revision, vault)
        up = rows(url)
        migrate(url, before_of(revision), vault)
        back = rows(url)
        for name in OF_THE_MOMENT & before.keys():
            assert back.pop(name, []) in (before.pop(name), [])
        assert back == before, f"{revision} and back"
        migrate(url, revision, vault)
        assert rows(url) == up, f"{revision} and back and again"
        assert not lost_references(url), revision
    insert_into_new_tables(url)
    for _ in range(2):
        with pytest.raises(SetupError, match="no way down"):
            migrate(url, "base", vault)
        assert tables(url) >= {"audit_heads", "audited_patients"}


@pytest.mark.parametrize("table", ["audit_heads", "audited_patients", "audit_events"])
def test_nothing_that_an_audit_lines_hash_covers_is_taken_on_the_way_down(
    at: At, table: str
) -> None:
    """The hash stays where route and patients go: the log would be broken for good."""
    url = at("0060")
    with clinic_in(url, "one") as (connection, known):
        parents = {"clinics", "audit_events"} if table == "audited_patients" else {"clinics"}
        fill(connection, [each for each in known if each.name in parents | {table}], "one")
    before = rows(url)
    with pytest.raises(SetupError, match="no way down"):
        migrate(url, "0020")
    assert rows(url) == before


def test_certificate_that_was_renewed_is_not_lost_on_the_way_down(at: At) -> None:
    url = at("0061")
    insert_into_new_tables(url)
    before = rows(url)
    with pytest.raises(SetupError, match="further_certificates"):
        migrate(url, "0060")
    assert rows(url) == before


def test_what_is_known_of_patients_is_not_sealed_without_their_keys(at: At) -> None:
    url = at("0071")
    insert_into_new_tables(url)
    before = rows(url)
    with pytest.raises(SetupError, match="CIRCLET_CLOUD_VAULT"):
        migrate(url, "0040")
    assert rows(url) == before


def test_who_asked_drafted_and_was_treated_is_of_the_clinic(at: At) -> None:
    url = at("0072")
    insert_into_new_tables(url)
    before = rows(url)
    migrate(url)
    for name, column in (
        ("holds", "asked_by"),
        ("prescriptions", "drafted_by"),
        ("delivered_sessions", "patient_id"),
    ):
        with clinic_in(url, "one") as (connection, known):
            (table,) = (each for each in known if each.name == name)
            of_another = update(table).values({column: row(table, "two")[column]})
            with pytest.raises(IntegrityError, match=r"(?i)foreign key"), connection.begin_nested():
                connection.execute(of_another.where(table.c.clinic_id == "one"))
    migrate(url, "0072")
    assert rows(url) == before


def test_a_migration_that_loses_a_reference_is_undone(tmp_path: Path) -> None:
    url = f"sqlite+pysqlite:///{tmp_path / 'torn.sqlite'}"
    migrate(url, "0002")
    insert_into_new_tables(url)
    engine = make_engine(url)
    with engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("DELETE FROM patients WHERE clinic_id = 'one'")
        connection.commit()
    with pytest.raises(SetupError, match="refers to a row of patients that is not there"):
        migrate(url, "0003")
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == "0002"
    engine.dispose()


def test_clinic_leads_every_primary_key() -> None:
    for table in METADATA.tables.values():
        assert next(iter(table.primary_key.columns)).name == "clinic_id", table.name


def test_clinic_leads_every_foreign_key_and_is_the_same_there() -> None:
    for table in METADATA.tables.values():
        for constraint in table.foreign_key_constraints:
            first = constraint.elements[0]
            led = (first.parent.name, first.column.name)
            assert led == ("clinic_id", "clinic_id"), (table.name, constraint.name)


def test_clinic_leads_every_index_and_unique_constraint() -> None:
    for table in METADATA.tables.values():
        unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
        for columns in [each.columns for each in unique] + [each.columns for each in table.indexes]:
            assert next(iter(columns)).name == "clinic_id", (table.name, list(columns))


def test_every_row_belongs_to_a_clinic_that_is_there() -> None:
    for table in METADATA.tables.values():
        parents = {each.referred_table.name for each in table.foreign_key_constraints}
        assert parents or table.name == "clinics", table.name


TOLD = {
    "self-harm": ("Thoughts of self-harm, item 9 = 2", 2),
    "missed": ("3 sessions missed", 1),
}


@pytest.mark.long
def test_alerts_of_what_was_told_are_sealed_with_their_cause_and_come_back(
    at: At, tmp_path: Path
) -> None:
    vault = Vault(FileKeys(tmp_path / "vault"))
    url = at("0071")
    insert_into_new_tables(url)
    with clinic_in(url, "one") as (connection, known):
        alerts = next(table for table in known if table.name == "alerts")
        own = select(alerts).where(alerts.c.clinic_id == "one")
        (like,) = connection.execute(own).mappings().all()
        patient = like["patient_id"].hex()
        for cause, (title, value) in TOLD.items():
            named = f"one/{patient}/{cause}/1".encode()
            about = {"alert_id": sha256(named).digest()[:16], "cause": cause, "number": 1}
            words = {"title": title, "value": value, "detail": "Call them."}
            connection.execute(alerts.insert(), {**like, **about, **words})
    before = rows(url)
    migrate(url, "0040", vault)
    with clinic_in(url, "one") as (connection, known):
        alerts = next(table for table in known if table.name == "alerts")
        own = select(alerts).where(alerts.c.clinic_id == "one")
        found = connection.execute(own).mappings().all()
        said = str([dict(each) for each in found])
        assert "self-harm" not in said
        assert "item 9" not in said
        assert "3 sessions missed" in said
        assert len([each for each in found if each["cause"].startswith("told/")]) == 1
        assert all(each["stands"] for each in found if each["cause"] == "missed")
    migrate(url, "0071", vault)
    after = rows(url)
    for name in OF_THE_MOMENT & before.keys():
        before.pop(name)
        after.pop(name)
    assert after == before


@pytest.mark.long
def test_a_patient_who_was_erased_goes_down_and_up_with_what_they_told(
    at: At, tmp_path: Path
) -> None:
    vault = Vault(FileKeys(tmp_path / "vault"))
    url = at("0071")
    insert_into_new_tables(url)
    with clinic_in(url, "one") as (connection, known):
        alerts = next(table for table in known if table.name == "alerts")
        own = alerts.c.clinic_id == "one"
        (like,) = connection.execute(select(alerts).where(own)).mappings().all()
        words = {"title": "Thoughts of self-harm", "detail": "Call them.", "value": 2}
        connection.execute(alerts.update().where(own).values(cause="self-harm", **words))
    migrate(url, "0040", vault)
    # Told, then erased, then down; and a backup of before, whose keys were destroyed since, up.
    vault.erase("one", like["patient_id"])
    migrate(url, "0071", vault)
    assert told(url) == (True, "Erased")
    with clinic_in(url, "one") as (connection, known):
        alerts = next(table for table in known if table.name == "alerts")
        own = alerts.c.clinic_id == "one"
        connection.execute(alerts.update().where(own).values(cause="self-harm", **words))
    migrate(url, "0040", vault)
    with clinic_in(url, "one") as (connection, known):
        alerts = next(table for table in known if table.name == "alerts")
        own = alerts.c.clinic_id == "one"
        (found,) = connection.execute(select(alerts).where(own)).mappings().all()
    assert found["cause"].startswith("told/")
    assert (found["sealed_title"], found["sealed_told"]) == (b"", None)
    migrate(url, "0071", vault)
    assert told(url) == (True, "Erased")


def told(url: str) -> tuple[bool, str]:
    """Whether the one alert's cause has no words, and its title."""
    with clinic_in(url, "one") as (connection, known):
        alerts = next(table for table in known if table.name == "alerts")
        own = select(alerts).where(alerts.c.clinic_id == "one")
        (found,) = connection.execute(own).mappings().all()
    return found["cause"].startswith("told/"), found["title"]
