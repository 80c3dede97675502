"""One clinic, one server and one browser for all tests of every page."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.chromium import chromium
from tests.cloud.browser import dashboard_of
from tests.cloud.every_page.clinic import PageClinic, page_clinic


@pytest.fixture(scope="package")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageClinic]:
    """A clinic that tests read; who changes it makes a clinic of their own."""
    with page_clinic(tmp_path_factory.mktemp("every-page")) as made:
        yield made


@pytest.fixture(scope="package")
def origin(clinic: PageClinic) -> Iterator[str]:
    with dashboard_of(clinic) as served:
        yield served


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as made:
        yield made
