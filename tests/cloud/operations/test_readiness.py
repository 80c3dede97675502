"""`/ready` says in words what is missing, and no secret; `/metrics` counts and names nobody."""

from collections.abc import Iterator

import pytest
from prometheus_client import generate_latest
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app as dashboard_app
from cloud.keys import KeyRing
from cloud.migrations.run import migrate
from cloud.operations.metrics import REGISTRY, serve_metrics
from cloud.operations.readiness import (
    BACK_MS_MAX,
    BEHIND_S,
    OK,
    TOLD_AGAIN_S,
    Behind,
    Lookout,
    Readiness,
    look,
)
from shared.trust.keys import SoftwareKey
from tests.cloud.audit.test_verifier import act
from tests.cloud.phone import Phone
from tests.cloud.worlds import VALID_S, World


@pytest.fixture
def keys(world: World) -> KeyRing:
    return KeyRing({name: world.identity.keys[name] for name in ("clearance", "time")})


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(dashboard_app(world.settings, world.clock)) as client:
        yield client


def test_both_servers_are_ready_without_a_worker(
    world: World, ingest: TestClient, pages: TestClient
) -> None:
    for client in (ingest, pages):
        answer = client.get("/ready")
        assert answer.status_code == 200
        assert set(answer.json().values()) == {"ok"}
        assert client.get("/health").status_code == 503


def test_tables_of_another_revision_are_named(world: World, keys: KeyRing) -> None:
    migrate(world.settings.url, "0051")
    found = look(world.database, world.clock, keys)
    assert found.tables.startswith("are at 0051, this program works with ")
    assert not found.is_ready


def test_key_that_no_clinic_certified_is_named(world: World) -> None:
    found = look(world.database, world.clock, KeyRing({"hold": SoftwareKey.generate()}))
    assert found.keys == "no clinic here has certified this hold key"


def test_key_whose_certificate_ended_is_named(world: World, keys: KeyRing) -> None:
    world.clock.now_ms += VALID_S * 1000 + 2_000
    assert look(world.database, world.clock, keys).keys == (
        "the certificate of the clearance key has ended"
    )


def test_clock_that_was_set_back_is_told(world: World, keys: KeyRing) -> None:
    act(world)
    world.clock.now_ms -= BACK_MS_MAX
    assert look(world.database, world.clock, keys).is_ready
    world.clock.now_ms -= 1000
    assert (
        look(world.database, world.clock, keys).clock == "is 301 s behind what was written before"
    )
    world.clock.now_ms = 0
    assert look(world.database, world.clock, keys).clock == "was never set"


def test_clock_that_was_once_ahead_is_forgotten(world: World, keys: KeyRing) -> None:
    world.clock.now_ms += 90 * 86_400_000
    act(world)
    world.clock.now_ms -= 90 * 86_400_000
    assert not look(world.database, world.clock, keys).is_ready
    act(world)
    assert look(world.database, world.clock, keys).is_ready


def test_clock_that_stays_behind_is_taken_for_right(world: World, keys: KeyRing) -> None:
    world.clock.now_ms += 90 * 86_400_000
    act(world)
    world.clock.now_ms -= 90 * 86_400_000
    times = iter((0.0, 0.0, BEHIND_S - 1, BEHIND_S, BEHIND_S + 1, BEHIND_S + 1))
    behind = Behind(lambda: next(times))
    found = [look(world.database, world.clock, keys, behind).is_ready for _ in range(3)]
    assert found == [False, False, True]
    act(world)
    assert look(world.database, world.clock, keys, behind).is_ready
    world.clock.now_ms -= 86_400_000
    assert not look(world.database, world.clock, keys, behind).is_ready


def test_many_who_ask_have_it_looked_at_once() -> None:
    looked, now_s = [], 0.0

    def look_once() -> Readiness:
        looked.append(now_s)
        return Readiness(clock="was never set" if now_s else OK)

    lookout = Lookout(look_once, lambda: now_s)
    assert [lookout.found().is_ready for _ in range(50)] == [True] * 50
    now_s = TOLD_AGAIN_S - 0.1
    assert lookout.found().is_ready
    now_s = TOLD_AGAIN_S
    assert not lookout.found().is_ready
    assert looked == [0.0, TOLD_AGAIN_S]


@pytest.mark.parametrize(("clock", "told_s"), [(OK, 70.0), ("was never set", TOLD_AGAIN_S)])
def test_only_what_holds_is_told_for_ten_times_as_long_as_looking_took(
    clock: str, told_s: float
) -> None:
    now_s, looked = 0.0, 0

    def look_long() -> Readiness:
        nonlocal now_s, looked
        looked, now_s = looked + 1, now_s + 7.0
        return Readiness(clock=clock)

    lookout = Lookout(look_long, lambda: now_s)
    lookout.found()
    now_s = 7.0 + told_s - 0.1
    lookout.found()
    assert looked == 1
    now_s = 7.0 + told_s
    lookout.found()
    assert looked == 2


def test_database_that_does_not_answer_is_told(world: World, ingest: TestClient) -> None:
    world.settings.data.joinpath("cloud.sqlite").unlink()
    world.settings.data.joinpath("cloud.sqlite").mkdir()
    ingest.app.state.database.engine.dispose()  # type: ignore[attr-defined]
    answer = ingest.get("/ready")
    assert (answer.status_code, answer.json()["database"]) == (503, "does not answer")
    assert str(world.settings.data) not in answer.text


def test_figures_count_by_route_and_name_nobody(
    world: World, ingest: TestClient, phone: Phone, pages: TestClient
) -> None:
    phone.get("/v1/sync")
    pages.get("/patients/0123456789abcdef0123456789abcdef")
    pages.get("/no/such/page")
    said = generate_latest(REGISTRY).decode()
    assert 'circlet_requests_total{method="GET",route="/v1/sync",status="200"}' in said
    assert 'route="/patients/{patient}"' in said
    assert 'route="none",status="404"' in said
    assert "0123456789abcdef" not in said
    assert phone.given["phone_id"] not in said
    assert "/no/such" not in said
    labels = {
        name for metric in REGISTRY.collect() for each in metric.samples for name in each.labels
    }
    assert labels <= {"method", "route", "status", "le", "task", "outcome", "channel"}


def test_without_a_port_nothing_is_served() -> None:
    serve_metrics(None)
