"""The schema keeps the rules of Citus, on plain PostgreSQL; each rule notices what breaks it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine

from cloud.distribution.classes import DISTRIBUTED, LOCAL, REFERENCE
from cloud.distribution.described import describe
from cloud.distribution.rules import faults
from tests.cloud.cluster import Cluster


@pytest.fixture
def connection(cluster: Cluster) -> Iterator[Connection]:
    """The newest tables, as their owner; what a test changes is undone."""
    urls = cluster.migrated()
    engine = create_engine(urls.owner)
    with engine.connect() as made:
        yield made
    engine.dispose()
    cluster.drop(urls)


def broken(connection: Connection, *commands: str) -> list[str]:
    """What is wrong once these commands were given."""
    for command in commands:
        connection.exec_driver_sql(command)
    return [str(each) for each in faults(describe(connection))]


def test_every_table_keeps_the_rules(connection: Connection) -> None:
    tables = describe(connection)
    assert {each.name for each in tables} == DISTRIBUTED | REFERENCE | set(LOCAL)
    assert faults(tables) == ()


@pytest.mark.parametrize(
    ("commands", "wrong"),
    [
        (
            ["CREATE TABLE fresh (clinic_id varchar(32) PRIMARY KEY)"],
            "fresh: class: name it in cloud/distribution/classes.py",
        ),
        (
            ["ALTER TABLE scores DROP CONSTRAINT pk_scores, ADD PRIMARY KEY (item_id)"],
            "scores: scores_pkey: a unique key holds clinic_id",
        ),
        (
            ["ALTER TABLE scores DROP CONSTRAINT pk_scores"],
            "scores: primary key: a distributed table has one",
        ),
        (
            ["CREATE UNIQUE INDEX one_serial ON devices (serial)"],
            "devices: one_serial: a unique key holds clinic_id",
        ),
        (
            ["CREATE UNIQUE INDEX one_serial ON devices (lower(serial))"],
            "devices: one_serial: a unique key holds clinic_id",
        ),
        (
            [
                "ALTER TABLE sites ADD UNIQUE (clinic_id, name)",
                "ALTER TABLE teams ADD CONSTRAINT crossed FOREIGN KEY (name, clinic_id)"
                " REFERENCES sites (clinic_id, name)",
            ],
            "teams: crossed: a foreign key holds clinic_id on both sides",
        ),
        (
            ["ALTER TABLE holds ADD counted bigint GENERATED ALWAYS AS IDENTITY"],
            "holds: counted: a distributed table has no identity column",
        ),
        (
            [
                "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql"
                " AS 'BEGIN RETURN NEW; END'",
                "CREATE TRIGGER told AFTER INSERT ON alerts EXECUTE FUNCTION nothing()",
            ],
            "alerts: told: a distributed table has no trigger",
        ),
        (
            [
                "ALTER TABLE heartbeats ADD revision varchar(32)",
                "ALTER TABLE heartbeats ADD CONSTRAINT at_revision FOREIGN KEY (revision)"
                " REFERENCES alembic_version (version_num)",
            ],
            "heartbeats: at_revision: alembic_version is neither distributed nor a reference table",
        ),
        (
            [
                "ALTER TABLE alembic_version ADD clinic varchar(32)",
                "ALTER TABLE alembic_version ADD CONSTRAINT whose FOREIGN KEY (clinic)"
                " REFERENCES clinics (clinic_id)",
            ],
            "alembic_version: whose: a local table refers to local tables alone",
        ),
        (
            [
                "ALTER TABLE teams DROP CONSTRAINT fk_teams_sites, ADD CONSTRAINT lost"
                " FOREIGN KEY (clinic_id, site_id) REFERENCES sites ON DELETE SET NULL"
            ],
            "teams: lost: clinic_id can't be changed by what becomes of a parent",
        ),
        (
            [
                "ALTER TABLE work DROP CONSTRAINT fk_work_clinics",
                "DROP POLICY own_clinic ON work",
                "ALTER TABLE work ALTER clinic_id TYPE text",
            ],
            "*: clinic_id: colocated tables have one type, not character varying(32), text",
        ),
    ],
)
def test_what_citus_would_refuse_is_a_fault(
    connection: Connection, commands: list[str], wrong: str
) -> None:
    assert broken(connection, *commands) == [wrong]


def test_a_table_without_its_clinic_is_a_fault(connection: Connection) -> None:
    wrong = broken(connection, "ALTER TABLE try_counters DROP clinic_id CASCADE")
    assert "try_counters: clinic_id: a distributed table has it, and never null" in wrong
    assert "try_counters: primary key: a distributed table has one" in wrong
