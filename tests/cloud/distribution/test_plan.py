"""`circlet-cloud distribute` on plain PostgreSQL, and on one that pretends to be Citus.

The stand-in (`pretended.sql`) refuses what a real cluster was seen to refuse. A real one is used by
the cloud's tests where CIRCLET_CITUS_URL names it: docs/scale.md.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from cloud.cli import main
from cloud.distribution.applying import apply, plan
from cloud.distribution.classes import DISTRIBUTED
from cloud.distribution.described import describe
from cloud.distribution.errors import (
    LiesOtherwise,
    NoCitus,
    NotNewest,
    NotPostgresql,
    RowsLost,
    StepRefused,
    Unfit,
)
from cloud.distribution.plan import Step
from cloud.distribution.standing import Node
from cloud.migrations.run import migrate
from cloud.models import METADATA
from tests.cloud.cluster import Cluster, Urls
from tests.cloud.rows import fill

PRETENDED = Path(__file__).with_name("pretended.sql")
HERE, THERE = Node("one.example", 5432), Node("two.example", 5433)


class Killed(Exception):
    """The command ended in the middle."""


@pytest.fixture
def urls(cluster: Cluster) -> Iterator[Urls]:
    made = cluster.migrated()
    yield made
    cluster.drop(made)


@pytest.fixture
def plain(urls: Urls) -> Iterator[Engine]:
    """The newest tables on PostgreSQL, as a superuser comes to them."""
    made = create_engine(urls.superuser)
    yield made
    made.dispose()


@pytest.fixture
def pretended(plain: Engine) -> Engine:
    """The same with the stand-in."""
    with plain.begin() as connection:
        connection.exec_driver_sql(PRETENDED.read_text())
    plain.dispose()
    return plain


def references(engine: Engine) -> set[tuple[str, str]]:
    with engine.connect() as connection:
        return {
            (table.name, reference.name)
            for table in describe(connection)
            for reference in table.references
        }


def place_of(left: tuple[Step, ...], words: str) -> list[int]:
    return [place for place, step in enumerate(left) if words in step.command]


def test_a_plan_for_plain_postgresql_has_every_step_in_order(plain: Engine) -> None:
    left = plan(plain, HERE, [THERE])
    assert [step.command for step in left[:3]] == [
        "CREATE EXTENSION citus",
        "SELECT citus_set_coordinator_host('one.example', 5432)",
        "SELECT citus_add_node('two.example', 5433)",
    ]
    assert left[3].command.endswith("SET citus.propagate_set_commands TO 'local'")
    dropped, added = place_of(left, "DROP CONSTRAINT"), place_of(left, "ADD CONSTRAINT")
    placed = place_of(left, "create_distributed_table")
    assert len(dropped) == len(added) == len(references(plain))
    assert {left[place].rows_of for place in placed} == DISTRIBUTED
    assert "'clinics', 'clinic_id')" in left[placed[0]].command
    assert all("colocate_with => 'clinics'" in left[place].command for place in placed[1:])
    assert max(dropped) < min(placed) < max(placed) < min(added)


def test_a_plan_changes_nothing(plain: Engine) -> None:
    before = references(plain)
    assert plan(plain, None, []) == plan(plain, None, [])
    assert references(plain) == before


def test_all_steps_leave_the_models_foreign_keys_and_nothing_to_do(pretended: Engine) -> None:
    before, taken = references(pretended), list[Step]()
    left = plan(pretended, HERE, [THERE])
    apply(pretended, left, taken.append)
    assert tuple(taken) == left
    assert references(pretended) == before
    assert plan(pretended, HERE, [THERE]) == ()


@pytest.mark.parametrize("after", [90, 150, 200])
def test_a_command_that_ended_in_the_middle_goes_on(pretended: Engine, after: int) -> None:
    before, taken = references(pretended), list[Step]()

    def die(step: Step) -> None:
        taken.append(step)
        if len(taken) == after:
            raise Killed

    left = plan(pretended, None, [])
    assert len(left) > after
    with pytest.raises(Killed):
        apply(pretended, left, die)
    rest = plan(pretended, None, [])
    assert rest == left[after:]
    apply(pretended, rest, taken.append)
    assert references(pretended) == before
    assert plan(pretended, None, []) == ()


def test_what_a_table_left_on_the_coordinator_is_removed(pretended: Engine) -> None:
    with pretended.begin() as connection:
        fill(connection, METADATA.sorted_tables, "demo")
    left = {step.command for step in plan(pretended, None, [])}
    for name in ("clinics", "ledger_stretches", "session_logs"):
        assert f"SELECT truncate_local_data_after_distributing_table('{name}')" in left


def test_a_step_that_loses_a_row_is_undone(pretended: Engine) -> None:
    with pretended.begin() as connection:
        fill(connection, [METADATA.tables["clinics"]], "demo")
        connection.exec_driver_sql("ALTER FUNCTION create_distributed_table RENAME TO honest")
        connection.exec_driver_sql(
            "CREATE FUNCTION pretended.create_distributed_table(a text, b text, colocate_with text"
            " DEFAULT 'default') RETURNS void LANGUAGE sql AS"
            " $$ SELECT honest(a, b, colocate_with); DELETE FROM clinics $$"
        )
    with pytest.raises(RowsLost, match="clinics had 1 rows, and 0"):
        apply(pretended, plan(pretended, None, []), lambda _step: None)
    with pretended.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM clinics").scalar() == 1
        assert connection.exec_driver_sql("SELECT count(*) FROM citus_tables").scalar() == 0


def test_a_step_that_the_server_refuses_is_named_and_the_wall_stands(pretended: Engine) -> None:
    with pretended.begin() as connection:
        connection.exec_driver_sql("DROP FUNCTION create_distributed_table")
        connection.exec_driver_sql(
            "CREATE FUNCTION pretended.create_distributed_table(a text, b text, colocate_with text"
            " DEFAULT 'default') RETURNS void LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no node has room'; END $$"
        )
    with pytest.raises(StepRefused, match=r"'clinics', 'clinic_id'\).*no node has room"):
        apply(pretended, plan(pretended, None, []), lambda _step: None)
    forced = "SELECT count(*) FROM pg_class WHERE relforcerowsecurity AND NOT relispartition"
    with pretended.connect() as connection:
        assert connection.exec_driver_sql(forced).scalar() == len(METADATA.tables)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("('clinics', 'distributed', 'name', 1)", "distributed by name"),
        ("('clinics', 'reference', NULL, 1)", "should be distributed"),
        ("('alerts', 'distributed', 'clinic_id', 7)", "beside clinics"),
    ],
)
def test_a_table_that_lies_otherwise_is_not_touched(
    pretended: Engine, row: str, words: str
) -> None:
    with pretended.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO citus_tables VALUES {row}")
    with pytest.raises(LiesOtherwise, match=words):
        plan(pretended, None, [])


def test_without_the_extension_on_the_server_nothing_begins(plain: Engine) -> None:
    before = references(plain)
    with pytest.raises(NoCitus, match="install it on every node"):
        apply(plain, plan(plain, None, []), lambda _step: None)
    assert references(plain) == before


def test_a_schema_that_would_be_refused_is_not_begun(plain: Engine) -> None:
    with plain.begin() as connection:
        connection.exec_driver_sql("CREATE UNIQUE INDEX one_serial ON devices (serial)")
    with pytest.raises(Unfit, match="devices: one_serial") as refused:
        plan(plain, None, [])
    assert [each.table for each in refused.value.faults] == ["devices"]


def test_tables_of_another_revision_are_not_begun(cluster: Cluster) -> None:
    urls = cluster.empty()
    migrate(urls.owner, "0004")
    engine = create_engine(urls.owner)
    with pytest.raises(NotNewest, match="0004"):
        plan(engine, None, [])
    engine.dispose()
    cluster.drop(urls)


def test_sqlite_is_not_begun(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite+pysqlite:///{tmp_path / 'one.sqlite'}")
    with pytest.raises(NotPostgresql):
        plan(engine, None, [])


def test_the_command_prints_its_steps_and_takes_none(
    urls: Urls, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--data", str(tmp_path), "--database-url", urls.owner, "--worker", "two.example:5433"]
    main(["distribute", *given])
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == ["CREATE EXTENSION citus;", "SELECT citus_add_node('two.example', 5433);"]
    assert said[-1] == f"-- {len(said) - 1} steps left"
    with pytest.raises(SystemExit, match="no extension citus"):
        main(["distribute", *given, "--apply"])


def test_a_node_without_a_port_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["distribute", "--data", str(tmp_path), "--worker", "two.example'); DROP"])
