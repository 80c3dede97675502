"""One browser and one desk for all tests of the desk; a fresh tab where a passkey is made."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.chromium import chromium
from tests.cloud.desk.browsing import Tab, tab
from tests.cloud.desk.worlds import running_desk


@pytest.fixture(scope="package")
def desk() -> Iterator[str]:
    """The origin of a running desk."""
    with running_desk() as origin:
        yield origin


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as made:
        yield made


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def reading_tab(browser: Browser) -> AsyncIterator[Tab]:
    async with tab(browser) as made:
        yield made


@pytest.fixture
def reader(reading_tab: Tab) -> Tab:
    """A tab shared by the tests that make no passkey; its complaints begin anew."""
    reading_tab.complaints.clear()
    return reading_tab


@pytest_asyncio.fixture(loop_scope="package")
async def clinician(browser: Browser) -> AsyncIterator[Tab]:
    """A tab with a profile and an authenticator of its own."""
    async with tab(browser) as made:
        yield made
