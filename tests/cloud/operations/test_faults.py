"""What fails is said, leaves nothing half done, and goes on by itself when the fault is over."""

import resource
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import event, text
from starlette.testclient import TestClient

from cloud.db import Database
from cloud.ingest.app import create_app
from cloud.ingest.limits import BODY_BYTES_MAX
from cloud.operations import readiness
from shared.trust.sealing import seal
from shared.wire.items import session_log_context
from tests.cloud.cluster import Cluster
from tests.cloud.oncall.fleet import set_clock
from tests.cloud.operations.processes import Process, most_resident_kib
from tests.cloud.phone import Phone
from tests.cloud.worlds import Band, World, make_world

MIB = 1024 * 1024


@contextmanager
def enrolled(world: World) -> Iterator[tuple[Phone, Database]]:
    app = create_app(world.settings, world.clock)
    with TestClient(app, raise_server_exceptions=False) as client:
        phone = Phone(world, client)
        assert phone.enrol(world.enrol()[1]).status_code == 200
        yield phone, app.state.database


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """A cluster that a test may stop."""
    made = Cluster()
    yield made
    made.remove()


def test_database_that_stops_is_told_and_comes_back(
    own_cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "TOLD_AGAIN_S", 0.0)
    world = make_world(tmp_path, own_cluster.migrated().app)
    with enrolled(world) as (phone, _):
        assert phone.get("/v1/sync").status_code == 200
        own_cluster.stop()
        answer = phone.get("/v1/sync")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert phone.client.get("/ready").json()["database"] == "does not answer"
        own_cluster.start()
        assert phone.get("/v1/sync").status_code == 200
        assert phone.client.get("/ready").status_code == 200
    world.database.close()


@pytest.mark.long
def test_pool_that_is_spent_is_told_within_seconds(postgresql_world: World) -> None:
    with enrolled(postgresql_world) as (phone, database), ExitStack() as held:
        for _ in range(15):
            held.enter_context(database.engine.connect())
        began = time.monotonic()
        answer = phone.get("/v1/sync")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert time.monotonic() - began < 10
        held.close()
        assert phone.get("/v1/sync").status_code == 200


def test_full_disk_takes_nothing_half_in_and_goes_on_when_there_is_room(world: World) -> None:
    """SQLite's own bound on pages answers as a full disk does: SQLITE_FULL."""
    with enrolled(world) as (phone, database):
        band = Band(world.identity, phone.bytes_of("patient_id"))
        band.session()
        pages_max = 0

        def bound(connection: object, _record: object, _proxy: object) -> None:
            connection.execute(f"PRAGMA max_page_count={pages_max or 4_000_000}")  # type: ignore[attr-defined]

        with database.read("demo") as session:
            pages_max = session.scalar(text("PRAGMA page_count")) or 0
        event.listen(database.engine, "checkout", bound)
        items = [*band.record_items(), band.head_item()]
        log = seal(
            secrets.token_bytes(300_000),
            to=world.identity.keys["vault-00"].public_key,
            context=session_log_context(phone.bytes_of("patient_id")),
        )
        big: dict[str, object] = {
            "id": "session-log/" + "0" * 32,
            "kind": "session_log",
            "body": log,
        }
        sent = [{**each, "body": _text(each["body"])} for each in [*items, big]]
        answer = phone.post("/v1/items", {"items": sent})
        assert answer.status_code == 503, answer.text
        with world.database.read("demo") as session:
            for table in ("ledger_records", "ledger_stretches", "ledger_heads"):
                assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0
        pages_max = 0
        assert {each["answer"] for each in phone.items(items)} == {"accepted"}


def _text(body: object) -> str:
    from cloud.ingest.bodies import encode_bytes

    assert isinstance(body, bytes)
    return encode_bytes(body)


@pytest.fixture
def ingest_process(world: World) -> Iterator[Process]:
    set_clock(world)
    made = Process(world, "ingest")
    yield made
    made.end()


def test_body_of_100_mib_is_refused_and_not_held(ingest_process: Process) -> None:
    before = most_resident_kib(ingest_process.pid)
    with socket.create_connection(("127.0.0.1", ingest_process.port)) as sending:
        sending.settimeout(20)
        head = (
            "POST /v1/enrolments HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            f"Content-Length: {100 * MIB}\r\n\r\n"
        )
        sending.sendall(head.encode())
        sent = 0
        try:
            while sent < 100 * MIB:
                sending.sendall(bytes(MIB))
                sent += MIB
        except (BrokenPipeError, ConnectionResetError):
            pass
        try:
            answer = sending.recv(64)
        except ConnectionResetError:
            answer = b""
    assert answer[:12] in (b"HTTP/1.1 413", b"")
    grown_mib = (most_resident_kib(ingest_process.pid) - before) / 1024
    print(f"\n100 MiB to ingest: {sent // MIB} MiB left, {grown_mib:.0f} MiB more held")
    assert grown_mib < 4 * BODY_BYTES_MAX / MIB
    assert httpx2.get(f"{ingest_process.url}/ready").status_code == 200


CONNECTIONS, OTHERS = 10_000, 100


@pytest.fixture
def room_for_connections() -> None:
    """Let this process, and those that it starts, have as many files open as the test needs."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < CONNECTIONS + OTHERS:
        pytest.skip(f"this machine lets a process have {most} files open")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@pytest.mark.long
@pytest.mark.alone
@pytest.mark.usefixtures("room_for_connections")
def test_ten_thousand_slow_clients_hold_nobody_up(world: World) -> None:
    """Half a request each, and then silence; nobody else's request takes as long as ten seconds."""
    set_clock(world)
    ingest = Process(world, "ingest")
    with ExitStack() as held:
        held.callback(ingest.end)
        for _ in range(CONNECTIONS):
            each = socket.create_connection(("127.0.0.1", ingest.port), timeout=10)
            held.enter_context(each)
            each.sendall(b"GET /health HTTP/1.1\r\n")
        took_s = sorted(_asked_s(f"{ingest.url}/ready") for _ in range(20))
        open_files = len(list(Path(f"/proc/{ingest.pid}/fd").iterdir()))
        print(f"\n{CONNECTIONS} slow clients: others wait {took_s[10] * 1000:.0f} ms, ", end="")
        print(f"the slowest {took_s[-1] * 1000:.0f} ms; {open_files} files are open there")
    assert open_files > CONNECTIONS
    assert took_s[10] < 2


def _asked_s(url: str) -> float:
    began = time.monotonic()
    assert httpx2.get(url, timeout=10).status_code == 200
    return time.monotonic() - began
