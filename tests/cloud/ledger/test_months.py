"""PostgreSQL keeps records and logs by the month in which they came: nothing is refused, and
nothing comes in twice across a month's end."""

import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError
from starlette.testclient import TestClient

from cloud.ingest.app import create_app
from cloud.ingest.bodies import UpItem
from cloud.ledger.models import LedgerChain
from cloud.ledger.stretches import records
from cloud.migrations.run import migrate
from cloud.phones.models import Phone as StoredPhone
from cloud.worker.months import EVERY_MS, Months
from shared.trust.sealing import seal
from shared.wire.items import session_log_context
from tests.cloud.cluster import Cluster, Urls
from tests.cloud.phone import Phone
from tests.cloud.rows import row
from tests.cloud.test_migrations import clinic_in, insert_into_new_tables, rows
from tests.cloud.worlds import Band, HandClock, World, make_world

DAY_MS = 86_400_000
HAS_THE_CHAIN = 2
"""At which place an upload of some items may stand back for the second time."""
WAITING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
)
PARTED = {"ledger_stretches", "session_logs"}


@pytest.fixture
def urls(cluster: Cluster) -> Iterator[Urls]:
    made = cluster.migrated()
    yield made
    cluster.drop(made)


@pytest.fixture
def world(urls: Urls, tmp_path: Path) -> Iterator[World]:
    """A world at the database's own time, for which its months are made."""
    made = make_world(tmp_path, urls.app)
    made.clock.now_ms = int(asked(urls, "SELECT (1000 * extract(epoch FROM now()))::bigint"))
    yield made
    made.database.close()


def asked(urls: Urls, question: str) -> Any:
    """One answer, as who sees all rows."""
    engine = create_engine(urls.superuser)
    with engine.begin() as connection:
        found = connection.exec_driver_sql(question)
        answer = found.scalar() if found.returns_rows else None
    engine.dispose()
    return answer


def place_of_rows(urls: Urls, table: str) -> set[str]:
    """The partitions in which a table has rows."""
    named = f"SELECT array_agg(DISTINCT tableoid::regclass::text) FROM {table}"
    return set(asked(urls, named) or [])


def month_of(table: str, wall_ms: int) -> str:
    return f"circlet_months.{table}_{datetime.fromtimestamp(wall_ms / 1000, UTC):%Y_%m}"


def everything(world: World, phone: Phone) -> list[dict[str, Any]]:
    """A band's record with its head, and a log."""
    band = band_of(world, phone)
    band.session()
    return [*band.record_items(), band.head_item(), log_item(world, phone)]


def band_of(world: World, phone: Phone) -> Band:
    return Band(world.identity, phone.bytes_of("patient_id"), clock_ms=world.clock.now_ms)


def log_item(world: World, phone: Phone) -> dict[str, Any]:
    key = world.identity.keys["vault-00"].public_key
    log = seal(b"log", to=key, context=session_log_context(phone.bytes_of("patient_id")))
    return {"id": "log", "kind": "session_log", "body": log}


def kept(world: World) -> list[int]:
    """The numbers of all verified records, as often as they are there."""
    with world.database.read("demo") as session:
        chain = session.query(LedgerChain).one()
        return [each.number for each in records(session, chain)]


def test_what_comes_lies_in_its_month_and_without_one_in_the_rest(
    world: World, ingest: TestClient, phone: Phone, urls: Urls
) -> None:
    phone.items(everything(world, phone))
    for table in PARTED:
        assert place_of_rows(urls, table) == {month_of(table, world.clock.now_ms)}
    world.clock.now_ms += 400 * DAY_MS
    late = everything(world, phone)
    late[-1]["id"] = "log-2"
    assert {each["answer"] for each in phone.items(late)} == {"accepted"}
    for table in PARTED:
        assert f"circlet_months.{table}_rest" in place_of_rows(urls, table)


def test_what_is_sent_again_in_another_month_is_not_there_twice(
    world: World, ingest: TestClient, phone: Phone, urls: Urls
) -> None:
    sent = everything(world, phone)
    phone.items(sent)
    world.clock.now_ms += 32 * DAY_MS
    assert {each["answer"] for each in phone.items(sent)} == {"duplicate"}
    assert kept(world) == list(range(1, len(sent) - 1))
    assert asked(urls, "SELECT count(*) FROM session_logs") == 1


def test_what_comes_twice_at_once_at_a_months_end_is_there_once(
    world: World, ingest: TestClient, phone: Phone, urls: Urls
) -> None:
    band = band_of(world, phone)
    phone.items([*band.record_items(), band.head_item()])
    band.session()
    lines: list[dict[str, Any]] = [*band.record_items(2), band.head_item()]
    sent = [UpItem(**each) for each in lines]
    with world.database.read("demo") as session:
        stored = session.query(StoredPhone).one()
    next_month = HandClock(world.clock.now_ms + 32 * DAY_MS)
    heard: dict[str, Counter[str]] = {}

    def send(when: str, clock: HandClock, stand_back: Callable[[], None]) -> None:
        taking = create_app(world.settings, clock).state.ingest
        answers = taking.take_items(stored, sent, {}, stand_back)["answers"]
        heard[when] = Counter(each["answer"] for each in answers)

    second = threading.Thread(target=send, args=("later", next_month, lambda: None))
    places = itertools.count(1)

    def meanwhile() -> None:
        """The second comes once the first has the chain, and has to wait for it."""
        if next(places) != HAS_THE_CHAIN:
            return
        second.start()
        while second.is_alive() and not asked(urls, WAITING):
            second.join(0.05)

    send("sooner", world.clock, meanwhile)
    second.join(60)
    assert heard == {"sooner": {"accepted": len(sent)}, "later": {"duplicate": len(sent)}}
    assert kept(world) == list(range(1, len(band.data) + 1))


def test_nobody_comes_to_a_month_but_by_its_table(
    world: World, ingest: TestClient, phone: Phone, urls: Urls
) -> None:
    phone.items(everything(world, phone))
    (month,) = place_of_rows(urls, "ledger_stretches")
    assert asked(urls, f"SELECT count(*) FROM {month}") == 1
    own = "SET LOCAL circlet.clinic_id = 'demo'"
    engine = create_engine(urls.owner)
    with engine.begin() as connection:
        connection.exec_driver_sql(own)
        assert connection.exec_driver_sql(f"SELECT count(*) FROM {month}").scalar() == 0
    engine.dispose()
    for command in (f"SELECT count(*) FROM {month}", "CREATE TABLE circlet_months.own (n int)"):
        with (
            pytest.raises(ProgrammingError, match="permission denied for schema"),
            world.database.engine.begin() as connection,
        ):
            connection.exec_driver_sql(f"{own}; {command}")
    everyone = (
        "SELECT bool_and(relrowsecurity AND relforcerowsecurity) FROM pg_class"
        " WHERE relispartition AND relkind = 'r'"
    )
    assert asked(urls, everyone)


def test_the_worker_has_months_made_ahead_once_an_hour(world: World, urls: Urls) -> None:
    months, now_ms = Months(world.database.engine), world.clock.now_ms
    assert months.look(now_ms) == 0
    asked(urls, f"DROP TABLE {month_of('session_logs', now_ms)}")
    assert months.look(now_ms + EVERY_MS - 1) == 0
    assert months.look(now_ms + EVERY_MS) == 1
    assert asked(urls, f"SELECT to_regclass('{month_of('session_logs', now_ms)}')") is not None


def test_a_month_of_which_rows_lie_in_the_rest_stays_there(
    world: World, ingest: TestClient, phone: Phone, urls: Urls
) -> None:
    for table in PARTED:
        asked(urls, f"DROP TABLE {month_of(table, world.clock.now_ms)}")
    sent = everything(world, phone)
    phone.items(sent)
    assert Months(world.database.engine).look(world.clock.now_ms) == 0
    assert place_of_rows(urls, "ledger_stretches") == {"circlet_months.ledger_stretches_rest"}
    assert kept(world) == list(range(1, len(sent) - 1))


def test_a_worker_on_sqlite_asks_for_no_months(tmp_path: Path) -> None:
    made = make_world(tmp_path)
    assert Months(made.database.engine).look(made.clock.now_ms) == 0
    made.database.close()


def test_rows_of_before_come_into_their_months_and_out_again(cluster: Cluster) -> None:
    urls = cluster.empty()
    migrate(urls.owner, "0098")
    insert_into_new_tables(urls.owner)
    newer_ms = 1_772_442_000_000
    with clinic_in(urls.owner, "one") as (connection, known):
        for table in (each for each in known if each.name in PARTED):
            like = row(table, "one") | {"number": 7, "item_id": "7", "received_ms": newer_ms}
            own = {name: value for name, value in like.items() if name in table.columns}
            connection.execute(table.insert(), own)
    before = rows(urls.owner)
    migrate(urls.owner, "0099")
    assert rows(urls.owner) == before
    for name in PARTED:
        both = {month_of(name, 0), month_of(name, newer_ms)}
        assert place_of_rows(urls, name) == both
    migrate(urls.owner, "0098")
    assert rows(urls.owner) == before
    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        schemas = text("SELECT count(*) FROM pg_namespace WHERE nspname = 'circlet_months'")
        assert connection.scalar(schemas) == 0
    engine.dispose()
    cluster.drop(urls)
