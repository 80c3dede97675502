"""One life and one browser for all tests of the timeline: they only look at it."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser
from starlette.testclient import TestClient

from cloud.ingest.app import create_app
from tests.chromium import chromium
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


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as made:
        yield made
