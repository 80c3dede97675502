"""Worlds on a real SQLite file; on a private PostgreSQL cluster too where a module asks for it.

Where CIRCLET_CITUS_URL names a real Citus, every world is on that one instead (docs/scale.md).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from cloud import db
from cloud.dashboard.app import create_app as create_dashboard
from cloud.ingest.app import create_app
from cloud.phones import codes
from cloud.phones.codes import SCRYPT_N
from shared.care import caregiver
from tests.cloud import warm_engines
from tests.cloud.authority.people import Town, make_town
from tests.cloud.citus import Citus, citus_url
from tests.cloud.cluster import Cluster
from tests.cloud.distribution.listening import Heard, listening
from tests.cloud.phone import Phone
from tests.cloud.worlds import World, make_world

DATABASES = ("sqlite", "postgresql")
CAREGIVER_COST = caregiver._COST


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of a module that is marked ``both_databases`` on both."""
    marked = metafunc.definition.get_closest_marker("both_databases")
    if "world" in metafunc.fixturenames and marked and citus_url() is None:
        metafunc.parametrize("world", DATABASES, indirect=True)


@pytest.fixture(autouse=True)
def offending() -> Iterator[dict[str, None]]:
    """Fail a test in which the cloud asked for rows without saying whose: docs/scale.md."""
    offending: dict[str, None] = {}

    def judge(heard: Heard) -> None:
        if heard.offends:
            offending[str(heard)] = None

    with listening(judge):
        yield offending
    assert not offending, "\n".join(offending)


@pytest.fixture(scope="package", autouse=True)
def compiled_once() -> Iterator[None]:
    """A statement is compiled once for the databases of all worlds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "create_engine", warm_engines.create_engine)
        yield


@pytest.fixture(scope="package", autouse=True)
def quick_codes() -> Iterator[None]:
    """One-time codes cost next to nothing in here; ``dear_codes`` has them as they are served."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(codes, "SCRYPT_N", 2)
        patch.setattr(caregiver, "_COST", 2)
        yield


@pytest.fixture
def dear_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """One-time codes cost what they cost where they are served: other processes read them too."""
    monkeypatch.setattr(codes, "SCRYPT_N", SCRYPT_N)
    monkeypatch.setattr(caregiver, "_COST", CAREGIVER_COST)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL cluster for all tests that want one."""
    made = Cluster()
    yield made
    made.remove()


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> Iterator[Cluster | Citus]:
    """Where worlds on PostgreSQL are: the private cluster, or the Citus that is named."""
    url = citus_url()
    if url is None:
        yield request.getfixturevalue("cluster")
        return
    made = Citus(url)
    yield made
    made.remove()


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    if citus_url() is None and getattr(request, "param", DATABASES[0]) == DATABASES[0]:
        made = make_world(tmp_path)
        yield made
        made.database.close()
    else:
        yield from _on_postgresql(request.getfixturevalue("servers"), tmp_path)


@pytest.fixture
def postgresql_world(servers: Cluster | Citus, tmp_path: Path) -> Iterator[World]:
    """A world whose processes come to PostgreSQL as the role without rights over the tables."""
    yield from _on_postgresql(servers, tmp_path)


def _on_postgresql(servers: Cluster | Citus, folder: Path) -> Iterator[World]:
    urls = servers.migrated()
    made = make_world(folder, urls.app)
    yield made
    made.database.close()
    servers.drop(urls)


@pytest.fixture
def ingest(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock)) as client:
        yield client


@pytest.fixture
def phone(world: World, ingest: TestClient) -> Phone:
    """An enrolled phone."""
    made = Phone(world, ingest)
    assert made.enrol(world.enrol()[1]).status_code == 200
    return made


@pytest.fixture
def app(world: World) -> FastAPI:
    """The dashboard."""
    return create_dashboard(world.settings, world.clock)


@pytest.fixture
def pages(app: FastAPI) -> Iterator[TestClient]:
    """A browser of the dashboard that doesn't follow by itself; nobody is signed in."""
    with TestClient(app, follow_redirects=False) as client:
        yield client


@pytest.fixture
def town(world: World, tmp_path: Path) -> Town:
    """Somebody of each role in two clinics."""
    return make_town(world, tmp_path)
