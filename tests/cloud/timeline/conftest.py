"""One life for all tests of the timeline: they only look at it."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from cloud.ingest.app import create_app
from tests.cloud.phone import Phone
from tests.cloud.timeline.worlds import Lived, lived
from tests.cloud.worlds import make_world


@pytest.fixture(scope="session")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    world = make_world(tmp_path_factory.mktemp("lived"))
    with TestClient(create_app(world.settings, world.clock)) as client:
        phone = Phone(world, client)
        assert phone.enrol(world.enrol()[1]).status_code == 200
        yield lived(world, phone)
    world.database.close()
